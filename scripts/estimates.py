#!/usr/bin/env python3
"""How far the estimator is from real tokenizers: estimated tokens over counted ones, by kind of text.

The estimate of a text is its UTF-8 bytes by three (docs/money.md, "What nobody knows"). Vocabularies come with packages of PyPI, pinned
below; texts are the project's own and Debian's translated manuals, which have to be installed:
manpages-zh manpages-ja manpages-ru manpages-de. Prints a table, and ends with 1 where a tokenizer makes more tokens than bytes.
"""

import base64
import glob
import gzip
import json
import os
import re
import subprocess
import sys
import venv
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOME = os.path.join(ROOT, ".build", "estimates")
PACKAGES = ["tiktoken==0.14.0", "tokenizers==0.23.3"]
WHEELS = {
    "litellm==1.110.2": [
        ("OpenAI o200k", "litellm/litellm_core_utils/tokenizers/fb374d419588a4632f3f557e76b4b70aebbca790"),
        ("OpenAI cl100k", "litellm/litellm_core_utils/tokenizers/9b5ad71b2ce5302211f9c61530b329a4922fc6a4"),
        ("Claude 2", "litellm/litellm_core_utils/tokenizers/anthropic_tokenizer.json"),
        ("DeepSeek", "litellm/litellm_core_utils/tokenizers/deepseek_tokenizer.json"),
    ],
    "dashscope==2.0.2": [("Qwen", "dashscope/resources/qwen.tiktoken")],
}
# A length that tokenizers take at once, and how much of each kind is looked at.
PIECE, MOST = 4000, 400_000
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def texts():
    """Kinds of text, each as one string."""

    def files(*patterns):
        found = [name for pattern in patterns for name in sorted(glob.glob(os.path.join(ROOT, pattern), recursive=True))]
        return "\n".join(open(name, encoding="utf-8").read() for name in found)[: MOST]

    def manual(language):
        found = []
        for name in sorted(glob.glob(f"/usr/share/man/{language}/man*/*.gz"))[:200]:
            text = gzip.open(name).read().decode("utf-8", "replace")
            text = re.sub(r"\\[fFsm](\(..|\[[^\]]*\]|.)|\\[-&|^]|^[.'].*$", "", text, flags=re.M)
            found.append(re.sub(r"\n\s*\n+", "\n", text))
        return "".join(found)[: MOST]

    prices = open(os.path.join(ROOT, "Sources/CPrices/prices.json"), encoding="utf-8").read()
    return {
        "English (this manual)": files("docs/*.md"),
        "German": manual("de"),
        "Russian": manual("ru"),
        "Chinese": manual("zh_CN"),
        "Japanese": manual("ja"),
        "Swift": files("Sources/**/*.swift"),
        "JSON": prices[: MOST],
        "Base64": base64.b64encode(prices.encode()).decode()[: MOST // 4],
        "digits": "".join(str(n * 7919) + " " for n in range(20_000)),
    }


def tokenizers():
    """Names and functions that count the tokens of a text."""
    import tiktoken
    import tokenizers as hub

    for wheel, members in WHEELS.items():
        name = wheel.split("==")[0]
        file = glob.glob(os.path.join(HOME, "wheels", name.replace("-", "_") + "-*.whl"))[0]
        with zipfile.ZipFile(file) as archive:
            for title, member in members:
                data = archive.read(member)
                if member.endswith(".json"):
                    coder = hub.Tokenizer.from_str(data.decode())
                    yield title, lambda text, coder=coder: len(coder.encode(text, add_special_tokens=False).ids)
                else:
                    ranks = {}
                    for line in data.split(b"\n"):
                        if line:
                            token, rank = line.split()
                            ranks[base64.b64decode(token)] = int(rank)
                    coder = tiktoken.Encoding(name=title, pat_str=SPLIT, mergeable_ranks=ranks, special_tokens={})
                    yield title, lambda text, coder=coder: len(coder.encode_ordinary(text))


def measure():
    kinds = texts()
    names, rows, broken = [], {kind: [] for kind in kinds}, False
    for name, count in tokenizers():
        names.append(name)
        for kind, text in kinds.items():
            pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
            tokens, size = sum(count(piece) for piece in pieces), len(text.encode())
            broken = broken or tokens > size
            rows[kind].append(f"{-(-size // 3) / tokens:.2f}" if text else "-")
    print("| estimated / counted | " + " | ".join(names) + " |")
    print("|---|" + "---|" * len(names))
    for kind, cells in rows.items():
        print(f"| {kind} | " + " | ".join(cells) + " |")
    return 1 if broken else 0


def main():
    if os.environ.get("SLUICE_ESTIMATES") == HOME:
        return measure()
    if not os.path.exists(os.path.join(HOME, "bin", "python3")):
        venv.create(HOME, with_pip=True)
        pip = [os.path.join(HOME, "bin", "pip"), "--quiet", "--disable-pip-version-check"]
        subprocess.run(pip + ["install"] + PACKAGES, check=True)
        for wheel in WHEELS:
            subprocess.run(pip + ["download", "--no-deps", wheel, "-d", os.path.join(HOME, "wheels")], check=True)
    python = os.path.join(HOME, "bin", "python3")
    return subprocess.run([python, __file__], env=os.environ | {"SLUICE_ESTIMATES": HOME}).returncode


if __name__ == "__main__":
    sys.exit(main())
