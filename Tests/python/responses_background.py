"""Responses in the background: asked for until they are done, and resumed in both of the SDK's ways."""

import time

import openai
from seen import attempt, drain, tell

client = openai.OpenAI(max_retries=0)


def told(events):
    return {
        "names": [event.type for event in events],
        "numbers": [event.sequence_number for event in events],
        "text": "".join(event.delta for event in events if event.type == "response.output_text.delta"),
        "ids": sorted({event.response.id for event in events if hasattr(event, "response")}),
    }


response = client.responses.create(model="gpt-hello", input="Hello", background=True)
begun = response.status
# As OpenAI's guide to the background says; the test's own limit ends it.
while response.status in ("queued", "in_progress"):
    time.sleep(0.05)
    response = client.responses.retrieve(response.id)
tell(
    "polled",
    begun=begun,
    status=response.status,
    background=response.background,
    text=response.output_text,
    id=response.id,
    total=response.usage.total_tokens,
)
attempt("cancelled", lambda: {"status": client.responses.cancel(response.id).status})

events, end = drain(client.responses.create(model="gpt-hello", input="Hello", background=True, stream=True))
tell("streamed", **told(events), **end)
id, last = events[0].response.id, events[-1].sequence_number

half = next(event.sequence_number for event in events if event.type == "response.output_text.delta")
rest, end = drain(client.responses.retrieve(id, stream=True, starting_after=half))
tell("resumed", after=half, **told(rest), **end)
with client.responses.stream(response_id=id, starting_after=half) as stream:
    rest, end = drain(stream)
    tell("helped", after=half, **told(rest), final=stream.get_final_response().output_text, **end)
rest, end = drain(client.responses.retrieve(id, stream=True, starting_after=last))
tell("beyond", **told(rest), **end)

tell("items", texts=[[part.text for part in item.content] for item in client.responses.input_items.list(id).data])
client.responses.delete(id)
attempt("afterwards", lambda: {"id": client.responses.retrieve(id).id})
