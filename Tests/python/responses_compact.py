"""A conversation that is compacted by the provider."""

import openai
from seen import attempt

client = openai.OpenAI(max_retries=0)


def compact():
    compacted = client.responses.compact(model="gpt-hello", input="A long conversation.")
    return {"object": compacted.object, "types": [item.type for item in compacted.output]}


attempt("compacted", compact)
