"""What OpenAI's SDK raises, by what went wrong; for chats, or for responses where it is told so."""

import sys

import openai
from seen import HELLO, attempt

client = openai.OpenAI(max_retries=0)


def ask(model, client=client, **more):
    if sys.argv[1:] == ["responses"]:
        return {"text": client.responses.create(model=model, input="Hello", **more).output_text}
    reply = client.chat.completions.create(model=model, messages=HELLO, **more)
    return {"text": reply.choices[0].message.content}


attempt("badToken", lambda: ask("gpt-hello", openai.OpenAI(api_key="slc_wrong", max_retries=0)))
attempt("unknownModel", lambda: ask("nobody-has-this"))
for status in ["400", "401", "404", "429", "500", "503"]:
    attempt(status, lambda: ask(f"gpt-{status}"))
attempt("context", lambda: ask("gpt-context"))

# Before the first chunk, an error of a stream is raised where the call is made.
attempt("stream400", lambda: ask("gpt-400", stream=True))

# With the retries that the SDK makes unless it is told not to.
patient = openai.OpenAI()
attempt("quota", lambda: ask("gpt-quota", patient))
attempt("onceBusy", lambda: ask("gpt-once-busy", patient))
