"""LangChain's model of a chat."""

import os

from langchain_openai import ChatOpenAI
from seen import tell

model = ChatOpenAI(model="gpt-echo", base_url=os.environ["OPENAI_BASE_URL"], max_retries=0, use_responses_api=False)

answer = model.invoke("Say it back, please")
tell("invoke", text=answer.content, total=answer.usage_metadata["total_tokens"])

chunks = list(model.stream("Say it in pieces, please"))
tell("stream", text="".join(chunk.content for chunk in chunks), pieces=len(chunks))

asked = [f"question {number} of a batch" for number in range(32)]
tell("batch", asked=asked, answered=[answer.content for answer in model.batch(asked)])
