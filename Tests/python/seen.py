"""What the programs share.

A program calls the gateway as any user of the SDK would, and prints a line of JSON for each check with what it saw. It
judges nothing: the tests that start it know what is right. OPENAI_BASE_URL and OPENAI_API_KEY are read by the SDK itself.
"""

import json
import sys

import openai

HELLO = [{"role": "user", "content": "Hello"}]


def tell(check, **seen):
    """Prints what was seen of a check."""
    # In one piece: threads tell, too.
    sys.stdout.write(json.dumps({"check": check, **seen}) + "\n")
    sys.stdout.flush()


def attempt(check, call):
    """Prints what `call` returns, or what the SDK raised; anything that is not the SDK's ends the program."""
    try:
        seen = call()
    except openai.OpenAIError as error:
        tell(check, **fault(error))
    else:
        tell(check, raised=None, **seen)


def fault(error):
    """What a caller can learn from an error that the SDK raised."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    return {
        "raised": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "code": getattr(error, "code", None),
        "param": getattr(error, "param", None),
        "type": getattr(error, "type", None),
        "message": getattr(error, "message", str(error)),
        "retryAfter": headers.get("retry-after"),
        "shouldRetry": headers.get("x-should-retry"),
    }


def drain(stream):
    """Reads a stream to its end, or to the error that ends it: the chunks, and the error."""
    chunks = []
    try:
        for chunk in stream:
            chunks.append(chunk)
    except openai.OpenAIError as error:
        return chunks, fault(error)
    return chunks, {"raised": None}


def text(chunks):
    """The text of a chat's chunks."""
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
