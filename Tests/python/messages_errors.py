"""What Anthropic's SDK raises, by what went wrong."""

import sys

import anthropic
from seen import HELLO, attempt

client = anthropic.Anthropic(max_retries=0)


def ask(model, client=client, **more):
    reply = client.messages.create(model=model, max_tokens=64, messages=HELLO, **more)
    return {"text": reply.content[0].text}


attempt("badToken", lambda: ask("claude-hello", anthropic.Anthropic(api_key="slc_wrong", max_retries=0)))
attempt("unknownModel", lambda: ask("nobody-has-this"))
for model in sys.argv[1].split(","):
    attempt(model, lambda: ask(model))

# Before the first event, an error of a stream is raised where the call is made.
attempt("stream400", lambda: ask("claude-400", stream=True))
# What the SDK would not let out: the provider judges what a call must have.
bare = {"model": "claude-picky", "messages": HELLO}
attempt("noMaxTokens", lambda: {"answer": str(client.post("/v1/messages", cast_to=object, body=bare))})

# With the retries that the SDK makes unless it is told not to.
patient = anthropic.Anthropic()
attempt("poor", lambda: ask("claude-poor", patient))
attempt("onceBusy", lambda: ask("claude-once-busy", patient))
