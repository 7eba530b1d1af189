"""Streams of Messages that break: what the SDK raises, and what came before."""

import sys

import anthropic
from seen import HELLO, drain, tell

client = anthropic.Anthropic(max_retries=0, timeout=10)

for model in sys.argv[1].split(","):
    events, end = drain(client.messages.create(model=model, max_tokens=64, messages=HELLO, stream=True))
    deltas = [event.delta for event in events if event.type == "content_block_delta"]
    tell(model, text="".join(delta.text for delta in deltas), names=[event.type for event in events], **end)
