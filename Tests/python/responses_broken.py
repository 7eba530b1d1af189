"""Streams of Responses that break: what the SDK raises, and what came before."""

import sys

import openai
from seen import drain, tell

client = openai.OpenAI(max_retries=0, timeout=10)

for model in sys.argv[1].split(","):
    events, end = drain(client.responses.create(model=model, input="Hello", stream=True))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    last = getattr(events[-1], "response", None) if events else None
    tell(
        model,
        text=text,
        names=[event.type for event in events],
        numbers=[event.sequence_number for event in events],
        lastCode=last.error.code if last and last.error else None,
        lastMessage=last.error.message if last and last.error else None,
        **end,
    )
