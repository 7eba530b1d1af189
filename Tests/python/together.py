"""The asynchronous client: many calls at once over one pool of connections."""

import asyncio

import openai
from seen import tell


def ask(text):
    return {"model": "gpt-echo", "messages": [{"role": "user", "content": text}]}


async def whole(client, text):
    reply = await client.chat.completions.create(**ask(text))
    return reply.choices[0].message.content


async def streamed(client, text):
    pieces = []
    async for chunk in await client.chat.completions.create(**ask(text), stream=True):
        pieces += [choice.delta.content or "" for choice in chunk.choices]
    return "".join(pieces)


async def main():
    async with openai.AsyncOpenAI(max_retries=0) as client:
        asked = [f"question {number} of many" for number in range(16)]
        tell("whole", asked=asked, answered=await asyncio.gather(*(whole(client, text) for text in asked)))
        tell("streamed", asked=asked, answered=await asyncio.gather(*(streamed(client, text) for text in asked)))


asyncio.run(main())
