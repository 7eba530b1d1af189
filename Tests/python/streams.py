"""Streams that go well."""

import openai
from seen import HELLO, drain, tell, text

client = openai.OpenAI(max_retries=0)


def shape(chunks):
    """What tells whether usage was there: each chunk's number of choices, and each usage."""
    return {
        "choices": [len(chunk.choices) for chunk in chunks],
        "usages": [chunk.usage.total_tokens for chunk in chunks if chunk.usage],
    }


def finishes(chunks):
    return [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]


chunks, end = drain(client.chat.completions.create(model="gpt-hello", messages=HELLO, stream=True))
tell("chat", text=text(chunks), pieces=len(chunks), finishes=finishes(chunks), **shape(chunks), **end)

chunks, end = drain(
    client.chat.completions.create(
        model="gpt-hello", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
)
tell("usage", text=text(chunks), finishes=finishes(chunks), **shape(chunks), **end)

chunks, end = drain(
    client.chat.completions.create(
        model="gpt-hello", messages=HELLO, stream=True, stream_options={"include_usage": False}
    )
)
tell("noUsage", text=text(chunks), **shape(chunks), **end)

chunks, end = drain(client.completions.create(model="text-hello", prompt="Say hello", stream=True))
said = "".join(choice.text for chunk in chunks for choice in chunk.choices)
tell("completion", text=said, finishes=finishes(chunks), **shape(chunks), **end)

raw = client.chat.completions.with_raw_response.create(model="gpt-hello", messages=HELLO, stream=True)
chunks, end = drain(raw.parse())
tell(
    "raw",
    status=raw.status_code,
    contentType=raw.headers.get("content-type"),
    job=raw.headers.get("x-sluice-job"),
    text=text(chunks),
    **end,
)

# A caller that has enough: what it does next must work.
stream = client.chat.completions.create(model="gpt-hello", messages=HELLO, stream=True)
first = next(iter(stream))
stream.close()
after = client.chat.completions.create(model="gpt-hello", messages=HELLO)
tell("leftEarly", first=len(first.choices), after=after.choices[0].message.content)
