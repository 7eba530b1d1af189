"""Embeddings, in both encodings, and the list of models."""

import openai
from seen import attempt, tell

client = openai.OpenAI(max_retries=0)

# The SDK asks for base64 by itself, and decodes it.
usual = client.embeddings.create(model="embed-small", input="Hello")
tell("usual", vectors=[list(item.embedding) for item in usual.data], total=usual.usage.total_tokens)

floats = client.embeddings.create(model="embed-small", input=["Hello", "again"], encoding_format="float")
tell("floats", vectors=[list(item.embedding) for item in floats.data], indexes=[item.index for item in floats.data])

base64 = client.embeddings.create(model="embed-small", input=[1, 2, 3], encoding_format="base64", dimensions=3)
tell("base64", vectors=[item.embedding for item in base64.data])

tell("models", ids=[model.id for model in client.models.list()])
tell("model", id=client.models.retrieve("gpt-hello").id)
attempt("noModel", lambda: {"id": client.models.retrieve("nobody-has-this").id})
