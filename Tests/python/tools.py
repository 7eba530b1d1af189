"""Tool calls in a stream, put together by hand and by the SDK's own helper."""

import openai
from seen import HELLO, drain, tell

client = openai.OpenAI(max_retries=0)
tools = [
    {
        "type": "function",
        "function": {
            "name": name,
            "strict": True,
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }
    for name in ["weather", "time"]
]

for model in ["gpt-tools", "gpt-tools-mixed"]:
    chunks, end = drain(client.chat.completions.create(model=model, messages=HELLO, tools=tools, stream=True))
    calls = {}
    for chunk in chunks:
        for choice in chunk.choices:
            for part in choice.delta.tool_calls or []:
                call = calls.setdefault(part.index, {"id": None, "name": "", "arguments": ""})
                call["id"] = part.id or call["id"]
                call["name"] += part.function.name or ""
                call["arguments"] += part.function.arguments or ""
    tell(model, calls=[calls[index] for index in sorted(calls)], **end)

# The helper takes a call for done when the next one begins.
with client.chat.completions.stream(model="gpt-tools", messages=HELLO, tools=tools) as stream:
    done = [event for event in stream if event.type == "tool_calls.function.arguments.done"]
    final = stream.get_final_completion()
tell(
    "byHelper",
    done=[[event.name, event.arguments] for event in done],
    calls=[[call.function.name, call.function.arguments] for call in final.choices[0].message.tool_calls],
    finish=final.choices[0].finish_reason,
)
