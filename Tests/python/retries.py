"""A caller that loses patience after a second, twice, with a provider that takes three; of chats, or of responses."""

import sys
import threading

import openai
from seen import HELLO, attempt

client = openai.OpenAI(timeout=1, max_retries=2)


def ask():
    if sys.argv[2:] == ["responses"]:
        return {"text": client.responses.create(model="gpt-slow", input="Hello").output_text}
    reply = client.chat.completions.create(model="gpt-slow", messages=HELLO)
    return {"text": reply.choices[0].message.content}


# All of them say the same, at the same time.
callers = [threading.Thread(target=attempt, args=(f"{number}", ask)) for number in range(int(sys.argv[1]))]
for caller in callers:
    caller.start()
for caller in callers:
    caller.join()
