"""What the programs share.

A program calls the gateway as any user of its SDK would, and prints a line of JSON for each check with what it saw. It
judges nothing: the tests that start it know what is right. OPENAI_BASE_URL and OPENAI_API_KEY are read by OpenAI's SDK
itself, ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY by Anthropic's.
"""

import json
import sys

HELLO = [{"role": "user", "content": "Hello"}]


def tell(check, **seen):
    """Prints what was seen of a check."""
    # In one piece: threads tell, too.
    sys.stdout.write(json.dumps({"check": check, **seen}) + "\n")
    sys.stdout.flush()


def errors():
    """The bases of what the SDKs raise, of those SDKs that the program uses."""
    # Anthropic's lets its transport's errors through where a stream breaks.
    bases = [("openai", "OpenAIError"), ("anthropic", "AnthropicError"), ("httpx2", "TransportError")]
    return tuple(getattr(sys.modules[sdk], base) for sdk, base in bases if sdk in sys.modules)


def attempt(check, call):
    """Prints what `call` returns, or what the SDK raised; anything that is not the SDK's ends the program."""
    try:
        seen = call()
    except errors() as error:
        tell(check, **fault(error))
    else:
        tell(check, raised=None, **seen)


def fault(error):
    """What a caller can learn from an error that the SDK raised."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    return {
        "raised": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "code": getattr(error, "code", None) or getattr(error, "error_code", None),
        "param": getattr(error, "param", None),
        "type": getattr(error, "type", None),
        "message": getattr(error, "message", str(error)),
        "requestID": getattr(error, "request_id", None),
        "retryAfter": headers.get("retry-after"),
        "shouldRetry": headers.get("x-should-retry"),
    }


def drain(stream):
    """Reads a stream to its end, or to the error that ends it: the chunks or events, and the error."""
    chunks = []
    try:
        for chunk in stream:
            chunks.append(chunk)
    except errors() as error:
        return chunks, fault(error)
    return chunks, {"raised": None}


def text(chunks):
    """The text of a chat's chunks."""
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
