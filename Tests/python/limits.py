"""A caller whose owner's limits say no: of OpenAI's SDK by chats or responses, or of Anthropic's; each as it comes.

`final` asks once and tells how long that took; `passing` asks while another call has the only place.
"""

import sys
import threading
import time

import anthropic
import openai
from seen import HELLO, attempt, tell

KIND, SURFACE = sys.argv[1], sys.argv[2]


def ask(model):
    if SURFACE == "messages":
        reply = anthropic.Anthropic(timeout=30).messages.create(model=f"claude-{model}", max_tokens=100, messages=HELLO)
        return {"text": reply.content[0].text}
    if SURFACE == "responses":
        reply = openai.OpenAI(timeout=30).responses.create(model=f"resp-{model}", max_output_tokens=100, input="Hello")
        return {"text": reply.output_text}
    reply = openai.OpenAI(timeout=30).chat.completions.create(model=f"gpt-{model}", max_tokens=100, messages=HELLO)
    return {"text": reply.choices[0].message.content}


if KIND == "final":
    start = time.monotonic()
    attempt("call", lambda: ask("limit"))
    tell("time", seconds=time.monotonic() - start)
else:
    first = threading.Thread(target=attempt, args=("first", lambda: ask("slow")))
    first.start()
    time.sleep(0.4)
    attempt("second", lambda: ask("limit"))
    first.join()
