"""OpenAI's Responses as streams: plain iteration, and the SDK's helper that puts responses together."""

import openai
import pydantic
from seen import drain, tell

client = openai.OpenAI(max_retries=0)


class Answer(pydantic.BaseModel):
    answer: int


def told(events):
    return {
        "names": [event.type for event in events],
        "numbers": [event.sequence_number for event in events],
        "text": "".join(event.delta for event in events if event.type == "response.output_text.delta"),
    }


events, end = drain(client.responses.create(model="gpt-hello", input="Hello", stream=True))
tell("plain", **told(events), **end)

events, end = drain(client.responses.create(model="gpt-incomplete", input="Hello", stream=True))
tell("incomplete", **told(events), reason=events[-1].response.incomplete_details.reason, **end)

for model in ["gpt-hello", "gpt-tools"]:
    with client.responses.stream(model=model, input="Hello") as stream:
        events, end = drain(stream)
        tell(f"helper-{model}", **told(events), response=stream.get_final_response().to_dict(mode="json"), **end)

with client.responses.stream(model="gpt-parsed", input="What is the answer?", text_format=Answer) as stream:
    tell("parsed", answer=stream.get_final_response().output_parsed.answer)

raw = client.responses.with_raw_response.create(model="gpt-hello", input="Hello", stream=True)
events, end = drain(raw.parse())
tell("raw", **told(events), contentType=raw.headers.get("content-type"), job=raw.headers.get("x-sluice-job"), **end)

# A caller that has enough: what it does next must work.
stream = client.responses.create(model="gpt-hello", input="Hello", stream=True)
first = next(iter(stream))
stream.close()
tell("leftEarly", first=first.type, after=client.responses.create(model="gpt-hello", input="Hello").output_text)
