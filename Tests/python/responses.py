"""OpenAI's Responses: whole answers, and what becomes of one that is asked for again."""

import openai
import pydantic
from seen import attempt, tell

client = openai.OpenAI(max_retries=0)


class Answer(pydantic.BaseModel):
    answer: int


def listed(id):
    items = client.responses.input_items.list(id, order="asc").data
    return [[part.text for part in item.content] for item in items]


response = client.responses.create(model="gpt-hello", input="Hello", instructions="Be short.", metadata={"a": "b"})
tell(
    "response",
    id=response.id,
    text=response.output_text,
    status=response.status,
    total=response.usage.total_tokens,
    model=response.model,
    again=client.responses.retrieve(response.id).to_dict(mode="json"),
    whole=response.to_dict(mode="json"),
    items=listed(response.id),
)
attempt("cancelled", lambda: {"status": client.responses.cancel(response.id).status})
attempt("deleted", lambda: {"answer": client.responses.delete(response.id)})
attempt("afterwards", lambda: {"id": client.responses.retrieve(response.id).id})
attempt("nobodys", lambda: {"id": client.responses.retrieve("resp_nobody_has_this").id})

# Fields, types and an order that no gateway knows; the SDK writes them into the body as they are.
raw = client.responses.with_raw_response.create(
    model="gpt-odd",
    store=False,
    include=["reasoning.encrypted_content"],
    input=[
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What is this? \u00fc \U0001f600"},
                {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"},
            ],
        },
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "b3BhcXVl+/=="},
        {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": '{"x": 1.50}'},
        {"type": "function_call_output", "call_id": "call_1", "output": "Too dark.\u2028"},
    ],
    tools=[
        {"type": "function", "name": "look", "parameters": {"type": "object"}, "strict": True},
        {"type": "custom", "name": "write", "format": {"type": "grammar", "syntax": "lark", "definition": "start: /x/"}},
        {"type": "web_search"},
    ],
    reasoning={"effort": "low", "summary": "auto"},
    extra_headers={"x-codex-nobody-knows": "this"},
    extra_body={"nobody_has_invented_this": {"deep": [1, 2.5, None, {"x": "\u2028"}]}},
)
tell(
    "raw",
    status=raw.status_code,
    sent=raw.http_request.content.decode(),
    body=raw.content.decode(),
    job=raw.headers.get("x-sluice-job"),
    headers={name: value for name, value in raw.headers.items() if name.startswith(("openai-", "x-codex-"))},
    unknown=raw.parse().model_extra.get("nobody_has_invented_this"),
)

called = client.responses.create(model="gpt-tools", input="Hello", tools=[{"type": "function", "name": "weather"}])
tell(
    "tools",
    types=[item.type for item in called.output],
    opaque=called.output[0].encrypted_content,
    name=called.output[1].name,
    arguments=called.output[1].arguments,
)

parsed = client.responses.parse(model="gpt-parsed", input="What is the answer?", text_format=Answer)
tell("parsed", answer=parsed.output_parsed.answer)

# A conversation that the provider keeps.
first = client.responses.create(model="gpt-hello", input="Hello")
second = client.responses.create(model="gpt-hello", input="And again", previous_response_id=first.id)
tell("second", text=second.output_text, first=first.id, items=listed(second.id))
attempt(
    "lost", lambda: {"id": client.responses.create(model="gpt-hello", input="x", previous_response_id="resp_unknown").id}
)
