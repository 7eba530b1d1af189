"""Streams that break: what the SDK raises, and what came before."""

import openai
from seen import HELLO, drain, tell, text

client = openai.OpenAI(max_retries=0, timeout=10)

for model in ["gpt-cut", "gpt-reset", "gpt-unfinished", "gpt-error-event", "gpt-stalls"]:
    chunks, end = drain(client.chat.completions.create(model=model, messages=HELLO, stream=True))
    tell(model, text=text(chunks), **end)
