"""Whole answers: chats, completions, and what nobody has invented yet."""

import openai
from seen import HELLO, tell

client = openai.OpenAI(max_retries=0)

chat = client.chat.completions.create(model="gpt-hello", messages=HELLO, temperature=0.7)
tell(
    "chat",
    text=chat.choices[0].message.content,
    finish=chat.choices[0].finish_reason,
    total=chat.usage.total_tokens,
    model=chat.model,
)

# Fields, types and an order that no gateway knows; the SDK writes them into the body as they are.
raw = client.chat.completions.with_raw_response.create(
    model="gpt-odd",
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this? \u00fc \U0001f600"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}},
            ],
        }
    ],
    n=2,
    logprobs=True,
    top_logprobs=2,
    reasoning_effort="low",
    response_format={"type": "json_object"},
    seed=9007199254740993,
    extra_body={"nobody_has_invented_this": {"deep": [1, 2.5, None, {"x": "\u2028"}]}},
)
tell(
    "raw",
    status=raw.status_code,
    sent=raw.http_request.content.decode(),
    body=raw.content.decode(),
    contentType=raw.headers.get("content-type"),
    job=raw.headers.get("x-sluice-job"),
    texts=[choice.message.content for choice in raw.parse().choices],
    unknown=raw.parse().model_extra.get("nobody_has_invented_this"),
)

called = client.chat.completions.create(
    model="gpt-tools",
    messages=HELLO,
    tools=[{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}],
)
call = called.choices[0].message.tool_calls[0]
tell("tools", name=call.function.name, arguments=call.function.arguments, finish=called.choices[0].finish_reason)

completion = client.completions.create(model="text-hello", prompt="Say hello", max_tokens=5)
tell(
    "completion",
    text=completion.choices[0].text,
    finish=completion.choices[0].finish_reason,
    total=completion.usage.total_tokens,
)

with client.chat.completions.with_streaming_response.create(model="gpt-hello", messages=HELLO) as response:
    tell("streamingResponse", status=response.status_code, body=response.read().decode())
