"""Anthropic's Messages: whole answers, counts, models, and what nobody has invented yet."""

import anthropic
from seen import HELLO, attempt, tell

client = anthropic.Anthropic(max_retries=0)
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def ask(model, client=client, **more):
    return client.messages.create(**{"model": model, "max_tokens": 64, "messages": HELLO, **more})


message = ask("claude-hello")
tell(
    "message",
    text=message.content[0].text,
    finish=message.stop_reason,
    input=message.usage.input_tokens,
    output=message.usage.output_tokens,
    model=message.model,
    requestID=message._request_id,
)

# Fields, types and an order that no gateway knows, below the SDK's own; header fields of Anthropic's that it doesn't know either.
raw = client.messages.with_raw_response.create(
    model="claude-odd",
    max_tokens=64,
    system=[{"type": "text", "text": "Be odd. \u00fc \U0001f600", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Hm.", "signature": "c2lnbmF0dXJl+/=="},
                {"type": "redacted_thinking", "data": "b3BhcXVl"},
                {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"x": 1.50, "s": "\u2028"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "is_error": True, "content": "Too dark."},
            ],
        },
    ],
    tools=[{"name": "look", "description": "Looks.", "input_schema": {"type": "object"}, "strict": True}],
    tool_choice={"type": "auto", "disable_parallel_tool_use": True},
    thinking={"type": "enabled", "budget_tokens": 1024},
    metadata={"user_id": "somebody"},
    extra_headers={"anthropic-version": "2099-01-01", "anthropic-beta": "one-1,two-2", "anthropic-nobody-knows": "this"},
    extra_body={"nobody_has_invented_this": {"deep": [1, 2.5, None, {"x": "\u2028"}]}},
)
tell(
    "raw",
    status=raw.status_code,
    sent=raw.http_request.content.decode(),
    body=raw.text(),
    contentType=raw.headers.get("content-type"),
    job=raw.headers.get("x-sluice-job"),
    headers={name: value for name, value in raw.headers.items() if name.startswith("anthropic-")},
    requestID=raw.headers.get("request-id"),
    unknown=raw.parse().model_extra.get("nobody_has_invented_this"),
)

called = ask("claude-tools", tools=[{"name": "weather", "input_schema": {"type": "object"}}])
tell(
    "tools",
    types=[block.type for block in called.content],
    signature=called.content[0].signature,
    name=called.content[2].name,
    input=called.content[2].input,
    finish=called.stop_reason,
)

beta = client.beta.messages.create(
    model="claude-hello", max_tokens=64, messages=HELLO, betas=["context-management-2025-06-27", "nobody-knows-1"]
)
tell("beta", text=beta.content[0].text)

# The other place for a token.
bearer = anthropic.Anthropic(api_key=None, auth_token=client.api_key, max_retries=0)
attempt("bearer", lambda: {"text": ask("claude-hello", bearer).content[0].text})

attempt("count", lambda: {"tokens": client.messages.count_tokens(model="claude-hello", messages=HELLO).input_tokens})
attempt("countUnknown", lambda: {"tokens": client.messages.count_tokens(model="nobody-has-this", messages=HELLO)})

page = client.models.list(limit=2)
tell("models", ids=[model.id for model in page.data], more=page.has_more, first=page.first_id, last=page.last_id)
tell("allModels", ids=[model.id for model in client.models.list(limit=1)])
tell("model", id=client.models.retrieve("claude-hello").id, type=client.models.retrieve("claude-hello").type)
attempt("noModel", lambda: {"id": client.models.retrieve("nobody-has-this").id})
