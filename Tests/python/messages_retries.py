"""A caller of Messages that loses patience after a second, twice, with a provider that takes three."""

import sys
import threading

import anthropic
from seen import HELLO, attempt

client = anthropic.Anthropic(timeout=1, max_retries=2)


def ask():
    return {"text": client.messages.create(model="claude-slow", max_tokens=64, messages=HELLO).content[0].text}


# All of them say the same, at the same time.
callers = [threading.Thread(target=attempt, args=(f"{number}", ask)) for number in range(int(sys.argv[1]))]
for caller in callers:
    caller.start()
for caller in callers:
    caller.join()
