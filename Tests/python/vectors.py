"""LangChain's model of embeddings with its defaults: it turns texts into tokens, and sends lists of numbers."""

import os
import sys
import sysconfig

# tiktoken would fetch its table from the Internet; where the environment has one, it looks there first.
tables = os.path.join(sysconfig.get_path("purelib"), "llama_index", "core", "_static", "tiktoken_cache")
if not os.path.isdir(tables):
    sys.exit(f"There is no {tables}: tiktoken's tables come with what Tests/python/tables.txt pins.")
os.environ["TIKTOKEN_CACHE_DIR"] = tables

import tiktoken  # noqa: E402
from langchain_openai import OpenAIEmbeddings  # noqa: E402
from seen import tell  # noqa: E402

# Each is one token, the blank before it included.
WORDS = [" beat", " the", " sugar", " with", " rice", " and", " let", " it", " rest", " here"]


def text(number, length):
    """A text of so many tokens, of which the first is its number."""
    return str(number) + "".join(WORDS[(number + place) % len(WORDS)] for place in range(length - 1))


# The longest that goes as one, the shortest that does not, and some that make two and three.
lengths = [300 + number % 200 for number in range(1000)]
lengths[7], lengths[250], lengths[500], lengths[999] = 8191, 8192, 9000, 20_000
texts = [text(number, length) for number, length in enumerate(lengths)]

encoding = tiktoken.get_encoding("cl100k_base")
tell("tokens", texts=[encoding.encode_ordinary(each) for each in texts])
tell("vectors", vectors=OpenAIEmbeddings(model="embed-small").embed_documents(texts))
