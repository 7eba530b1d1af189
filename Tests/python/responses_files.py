"""The scenarios with which OpenAI tests its SDK, as streams: the events, and the response that the helper puts together.

The test gives a model for each turn, and the provider answers it with that turn's frames.
"""

import sys

import openai
from seen import tell

client = openai.OpenAI(max_retries=0)

for model in sys.argv[1].split(","):
    seen = {"plain": [], "events": []}
    try:
        for event in client.responses.create(model=model, input="Synthetic input", stream=True):
            seen["plain"].append(event.to_dict(mode="json"))
        with client.responses.stream(model=model, input="Synthetic input") as stream:
            for event in stream:
                seen["events"].append(event.to_dict(mode="json"))
            seen["response"] = stream.get_final_response().to_dict(mode="json")
    # What the SDK makes of a turn may be an error of any kind: it has to be the same one.
    except Exception as error:
        seen["raised"] = f"{type(error).__name__}: {error}"
    tell(model, **seen)
