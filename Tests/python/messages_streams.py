"""Anthropic's Messages as streams that go well: the SDK's plain iteration, and its helper that puts messages together."""

import asyncio

import anthropic
from seen import HELLO, drain, tell

client = anthropic.Anthropic(max_retries=0)


def ask(model, **more):
    return {"model": model, "max_tokens": 64, "messages": HELLO, **more}


def text(events):
    deltas = [event.delta for event in events if event.type == "content_block_delta"]
    return "".join(delta.text for delta in deltas if delta.type == "text_delta")


events, end = drain(client.messages.create(**ask("claude-hello"), stream=True))
tell("plain", text=text(events), names=[event.type for event in events], **end)

events, end = drain(client.beta.messages.create(**ask("claude-hello"), stream=True, betas=["nobody-knows-1"]))
tell("beta", text=text(events), names=[event.type for event in events], **end)

for model in ["claude-hello", "claude-tools"]:
    with client.messages.stream(**ask(model)) as stream:
        events, end = drain(stream)
        tell(
            f"helper-{model}",
            names=[event.type for event in events],
            message=stream.get_final_message().to_dict(mode="json"),
            requestID=stream.request_id,
            **end,
        )

with client.messages.stream(**ask("claude-hello")) as stream:
    tell("texts", pieces=list(stream.text_stream))

raw = client.messages.with_raw_response.create(**ask("claude-hello"), stream=True)
events, end = drain(raw.parse())
tell(
    "raw",
    status=raw.status_code,
    contentType=raw.headers.get("content-type"),
    job=raw.headers.get("x-sluice-job"),
    text=text(events),
    **end,
)

# A caller that has enough: what it does next must work.
stream = client.messages.create(**ask("claude-hello"), stream=True)
first = next(iter(stream))
stream.close()
after = client.messages.create(**ask("claude-hello"))
tell("leftEarly", first=first.type, after=after.content[0].text)


async def streamed(client, text):
    messages = [{"role": "user", "content": text}]
    async with client.messages.stream(model="claude-echo", max_tokens=64, messages=messages) as stream:
        return await stream.get_final_text()


async def together():
    async with anthropic.AsyncAnthropic(max_retries=0) as client:
        asked = [f"question {number} of many" for number in range(16)]
        tell("together", asked=asked, answered=await asyncio.gather(*(streamed(client, text) for text in asked)))


asyncio.run(together())
