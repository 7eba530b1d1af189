"""The streams with which Anthropic tests its SDK, read by the SDK: the events, and the message that it puts together.

The test gives a model for each file, and the provider answers it with that file.
"""

import sys

import anthropic
from seen import HELLO, tell

client = anthropic.Anthropic(max_retries=0)


def read(api, model):
    """The events of the helper, those of the plain stream, and the message, or what was raised instead."""
    seen = {"events": [], "plain": []}
    ask = {"model": model, "max_tokens": 64, "messages": HELLO}
    try:
        for event in api.create(**ask, stream=True):
            seen["plain"].append(event.to_dict(mode="json"))
        with api.stream(**ask) as stream:
            for event in stream:
                seen["events"].append(event.to_dict(mode="json"))
            seen["message"] = stream.get_final_message().to_dict(mode="json")
    # What the SDK makes of a file may be an error of any kind: it has to be the same one.
    except Exception as error:
        seen["raised"] = f"{type(error).__name__}: {error}"
    return seen


for model in sys.argv[1].split(","):
    tell(model, usual=read(client.messages, model), beta=read(client.beta.messages, model))
