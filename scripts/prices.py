#!/usr/bin/env python3
"""Makes the price table and its test vectors anew from PyPI's genai-prices.

    scripts/prices.py                     writes Sources/CPrices/prices.json and Tests/SluiceMoneyTests/Vectors/
    scripts/prices.py --second PATH       takes output limits from a file in the shape of LiteLLM's
                                          model_prices_and_context_window.json, and prints where its prices differ
    scripts/prices.py --check             writes nothing; ends with 1 where a committed file would change

Without --second the limits of the committed table stay. Needs Python 3.11 and the network; a build or a test needs neither.
To take a newer version, change VERSION and WHEEL below. What the package's schema can't say stands in Sources/CPrices/overlay.json.
"""

import argparse
import datetime
import decimal
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.request

VERSION = "0.2.3"
WHEEL = "56976ce2b04ec206117f7d0e53f4849211a6724ab3a12119afec304eba63ee25"
# What the package imports; they decide nothing here.
BESIDE = ["pydantic==2.14.4", "httpx2==2.16.2"]

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / ".build" / "prices"
FOLDER = ROOT / "Sources" / "CPrices"
VECTORS = ROOT / "Tests" / "SluiceMoneyTests" / "Vectors"


def enter():
    """Goes on in a virtual environment with the pinned package, which is made once."""
    if sys.version_info < (3, 11):
        sys.exit("prices.py needs Python 3.11 or newer")
    python = PLACE / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == PLACE.resolve():
        return
    made = PLACE / "made"
    wanted = "\n".join([VERSION, WHEEL, *BESIDE, ""])
    if not made.exists() or made.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE], check=True)
        pins = PLACE / "pins.txt"
        pins.write_text(f"genai-prices=={VERSION} --hash=sha256:{WHEEL}\n")
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--no-deps", "--require-hashes", "--requirement", pins], check=True)
        subprocess.run([*install, *BESIDE], check=True)
        made.write_text(wanted)
    os.execv(python, [python, __file__, *sys.argv[1:]])


enter()
sys.dont_write_bytecode = True

from genai_prices import types as T  # noqa: E402
from genai_prices.data import providers as PROVIDERS  # noqa: E402
from genai_prices.data_units import unit_data  # noqa: E402

Decimal = decimal.Decimal
decimal.getcontext().prec = 60
re_parse = re._parser


def uploaded():
    """When PyPI got the wheel: the wheel itself has no date."""
    request = urllib.request.Request(
        "https://pypi.org/simple/genai-prices/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.load(answer)["files"]
    for file in files:
        if file["hashes"].get("sha256") == WHEEL:
            return file["upload-time"]
    sys.exit(f"PyPI's list has no file with the hash {WHEEL}")


# Units.

KINDS = {"cache_read": "cacheRead", "cache_write": "cacheWrite"}
FAMILIES = {
    "characters": "characters",
    "messages": "messages",
    "pixels": "pixels",
    "document_pages": "pages",
    "rerank": "searches.rerank",
    "requests": "requests",
}
TOOLS = {
    "web_search": "searches.web",
    "social_search": "searches.social",
    "storage_search": "searches.storage",
    "code_execution": "executions.code",
}


def unit_name(dimensions):
    """Our name of a unit of the package. In each the family's word comes first, and is in every name of the family."""
    d = dict(dimensions)
    family = d.pop("family")
    if family == "tokens":
        words = [d.pop("direction"), d.pop("modality", None)]
        kind = d.pop("token_type", None)
        words += [KINDS.get(kind, kind), d.pop("cache_ttl", None)]
    elif family == "tool_calls":
        words = [TOOLS[d.pop("tool_type")]]
    elif family == "durations":
        words = ["seconds", d.pop("modality", None), d.pop("direction", None)]
    else:
        # Only what goes in is counted in these, so their direction says nothing.
        if d.pop("direction", "input") != "input":
            sys.exit(f"no name for {dimensions}")
        if family == "messages":
            d.pop("modality", None)
        words = [FAMILIES[family], d.pop("page_type", None)]
    if d:
        sys.exit(f"no name for {dimensions}: {d} is left over")
    return ".".join(word for word in words if word)


UNITS = {key: unit_name(unit["dimensions"]) for key, unit in unit_data.items()}
KEYS = {name: key for key, name in UNITS.items()}
BY_PRICE = {unit["price_key"]: (UNITS[key], unit["per"]) for key, unit in unit_data.items()}
assert len(KEYS) == len(UNITS)


def is_within(special, general):
    """Tells whether a unit is among another's special ones, or that itself."""
    special, general = special.split("."), general.split(".")
    if special[0] != general[0]:
        return False
    rest = iter(special)
    return all(word in rest for word in general)


# The package's own idea of what is part of what is that of the names.
for a, x in unit_data.items():
    for b, y in unit_data.items():
        package = x["dimensions"].items() >= y["dimensions"].items()
        # `input_audio_seconds` is among `audio_seconds`; `pixels` and the like have one unit a family.
        if package != is_within(UNITS[a], UNITS[b]):
            sys.exit(f"the names of {a} and {b} say something else than their dimensions")

rounded = []


def pico(price, per, place):
    exact = price * 10**12 / per
    value = int(exact.to_integral_value(decimal.ROUND_HALF_EVEN))
    if exact and abs(value - exact) / exact > Decimal("1e-9"):
        rounded.append(f"{place}: {exact:.6f} to {value}, {abs(value - exact) / exact:.2e} of it")
    if not 0 <= value < 2**63:
        sys.exit(f"{place}: {price} is no price")
    return value


def unit_prices(prices, place):
    """{unit: pico-USD, or [base, start, price, start, price …]}, in the order of the names."""
    result = {}
    for key, value in prices.__dict__.items():
        if value is None:
            continue
        unit, per = BY_PRICE[key]
        if isinstance(value, T.TieredPrices):
            line = [pico(value.base, per, f"{place} {unit}")]
            for tier in value.tiers:
                line += [tier.start, pico(tier.price, per, f"{place} {unit}")]
            result[unit] = line
        else:
            result[unit] = pico(value, per, f"{place} {unit}")
    return dict(sorted(result.items()))


# Names. A pattern is a text in which `*` stands for anything and `#` for one digit; with `!` before it, it must not fit.

NO_SPEECH = r"^(?!.*-[tT][tT][sS](?:$|-))"


def expand(parsed):
    """All the texts, with wildcards, that a parsed regular expression stands for."""
    results = [""]
    for op, argument in parsed:
        name = str(op)
        if name == "LITERAL":
            options = [chr(argument)]
        elif name == "AT":
            options = [""]
        elif name == "IN":
            options = expand_set(argument)
        elif name == "ANY":
            options = ["?"]
        elif name == "NOT_LITERAL":
            options = ["?"]
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = argument
            inner = expand(inner)
            if (least, most) == (0, 1):
                options = ["", *inner]
            elif least == most:
                options = [text * least for text in inner]
            elif most == re_parse.MAXREPEAT:
                options = ["*"]
            else:
                raise ValueError(f"no pattern says {op} {argument}")
        elif name == "SUBPATTERN":
            options = expand(argument[3])
        elif name == "BRANCH":
            options = [text for branch in argument[1] for text in expand(branch)]
        else:
            raise ValueError(f"no pattern says {op} {argument}")
        results = [a + b for a in results for b in options]
    return results


def expand_set(members):
    if any(str(op) == "CATEGORY" and str(value) == "CATEGORY_DIGIT" for op, value in members):
        return ["#"]
    if all(str(op) == "LITERAL" for op, _ in members):
        return [chr(value) for _, value in members]
    return ["?"]  # Only ever repeated, and then it is `*`.


def from_regex(regex):
    if regex == NO_SPEECH:
        return [["!*-tts", "!*-tts-*"]]
    parsed = re_parse.parse(regex)
    anchored = regex.startswith("^")
    ended = regex.endswith("$") and not regex.endswith(r"\$")
    texts = expand(parsed)
    return [[("" if anchored else "*") + text + ("" if ended else "*")] for text in texts]


def literal(text):
    if set("*#!?") & set(text):
        sys.exit(f"{text!r} has a sign that means something in patterns")
    return text.lower()


def clause(match):
    """A match as a list of lists: one of the outer ones must fit, with all that is in it."""
    if isinstance(match, T.ClauseEquals):
        return [[literal(match.equals)]]
    if isinstance(match, T.ClauseStartsWith):
        return [[literal(match.starts_with) + "*"]]
    if isinstance(match, T.ClauseEndsWith):
        return [["*" + literal(match.ends_with)]]
    if isinstance(match, T.ClauseContains):
        return [["*" + literal(match.contains) + "*"]]
    if isinstance(match, T.ClauseRegex):
        return from_regex(match.regex)
    if isinstance(match, T.ClauseOr):
        return [one for inner in match.or_ for one in clause(inner)]
    if isinstance(match, T.ClauseAnd):
        result = [[]]
        for inner in match.and_:
            result = [a + b for a in result for b in clause(inner)]
        return result
    sys.exit(f"no pattern says {match}")


def patterns(match):
    result = []
    for one in clause(match):
        one = one[0] if len(one) == 1 else one
        if one not in result:
            result.append(one)
    return result


def hosts(provider):
    pattern = re.sub(r"^(https://|\(https\?://\)\?)", "", provider.api_pattern)
    result = []
    for text in expand(re_parse.parse(pattern)):
        text = re.sub(r"\*+", "*", text).rstrip("/")
        text += "*" if text.endswith(".") else ""
        if "?" in text:
            sys.exit(f"{provider.id}: {pattern} is more than a pattern can say")
        if text not in result:
            result.append(text)
    return result


# The table.


def constraint(value):
    if value is None:
        return {}
    if isinstance(value, T.StartDateConstraint):
        return {"from": value.start_date.isoformat()}
    start, end = value.start_time, value.end_time
    for time in (start, end):
        if time.utcoffset() not in (None, datetime.timedelta()) or time.second or time.microsecond:
            sys.exit(f"{value} is not in whole minutes of UTC")
    return {"hours": f"{start:%H:%M}-{end:%H:%M}"}


def model_line(provider, model):
    place = f"{provider.id} {model.id}"
    prices = model.prices if isinstance(model.prices, list) else [T.ConditionalPrice(prices=model.prices)]
    line = {"id": model.id, "is": patterns(model.match)}
    if model.context_window:
        line["context"] = model.context_window
    line["prices"] = [{**constraint(one.constraint), "units": unit_prices(one.prices, place)} for one in prices]
    variants = [
        {"when": dict(sorted(one.when.items())), **constraint(one.constraint), "units": unit_prices(one.prices, place)}
        for one in model.price_variants or []
    ]
    if variants:
        line["variants"] = variants
    return line


def times(value, factor):
    if isinstance(value, list):
        return [one if i % 2 else times(one, factor) for i, one in enumerate(value)]
    return int((value * factor).to_integral_value(decimal.ROUND_HALF_EVEN))


def overlay(lines, entry):
    """Applies one entry. Whoever reads the table needs to know nothing of it."""
    if not entry.get("source"):
        sys.exit(f"an entry of the overlay has no source: {entry}")
    names = entry["models"]
    if names == "all":
        names = [name for list_id, name in lines if list_id == entry["list"]]
    for name in names:
        line = lines.get((entry["list"], name))
        if line is None:
            sys.exit(f"the overlay speaks of {entry['list']} {name}, which isn't in the table")
        if entry["do"] == "constrain":
            fitting = [one for one in line["prices"] if entry["with"] in one]
            if not fitting:
                sys.exit(f"the overlay constrains a price of {name} that isn't there")
            for one in fitting:
                units = one.pop("units")
                one.update({key: entry[key] for key in ("from", "until", "hours") if key in entry}, units=units)
        elif entry["do"] == "least":
            line["least"] = entry["units"]
        elif entry["do"] == "same":
            line.setdefault("variants", []).append({"when": entry["when"], "units": {}})
        elif entry["do"] == "times":
            multiply(line, entry)
        else:
            sys.exit(f"the overlay can't {entry['do']}")


def multiply(line, entry):
    """Puts variants before the others whose prices are those of what they stand for, times a factor.

    A variant's prices don't change with the date, so a model whose standard price does gets one for each date.
    """
    factor = Decimal(entry["factor"])

    def of(units):
        return {
            unit: times(value, factor)
            for unit, value in units.items()
            if any(is_within(unit, general) for general in entry["units"])
        }

    def limits(one):
        return {key: one[key] for key in ("from", "until", "hours") if key in one}

    def with_standard(units, standard):
        return {**standard, **units}

    before, plain = [], []
    # The last price that is in force counts, but the first variant that fits.
    for standard in reversed(line["prices"]):
        for one in line.get("variants", []):
            both = {**limits(standard), **limits(one)}
            if "from" in standard and "from" in one:
                both["from"] = max(standard["from"], one["from"])
            if any(key in standard and key in one and both[key] != standard[key] for key in ("until", "hours")):
                sys.exit(f"{line['id']}: two hours or ends in one are more than the overlay can multiply")
            units = of(with_standard(one["units"], standard["units"]))
            when = dict(sorted({**one["when"], **entry["when"]}.items()))
            before.append({"when": when, **both, "units": units})
        plain.append({"when": entry["when"], **limits(standard), "units": of(standard["units"])})
    line["variants"] = before + plain + line.get("variants", [])


def second(lines, path):
    """Output limits by list and model, from a second table; its prices are only compared."""
    named = {
        "anthropic": ["anthropic"], "aws": ["bedrock", "bedrock_converse"], "azure": ["azure", "azure_ai"],
        "cerebras": ["cerebras"], "cohere": ["cohere", "cohere_chat"], "databricks": ["databricks"],
        "deepseek": ["deepseek"], "fireworks": ["fireworks_ai"], "github-copilot": ["github_copilot"],
        "google": ["gemini", "vertex_ai", "vertex_ai-language-models", "vertex_ai-anthropic_models"],
        "groq": ["groq"], "minimax": ["minimax"], "mistral": ["mistral"], "moonshotai": ["moonshot"],
        "novita": ["novita"], "openai": ["openai", "text-completion-openai"], "openrouter": ["openrouter"],
        "ovhcloud": ["ovhcloud"], "perplexity": ["perplexity"], "together": ["together_ai"], "x-ai": ["xai"], "zai": ["zai"],
    }
    rows = json.loads(pathlib.Path(path).read_text())
    found, differences = {}, []
    for provider in PROVIDERS:
        theirs = {}
        for key, row in rows.items():
            if row.get("litellm_provider") in named.get(provider.id, []):
                start = row["litellm_provider"] + "/"
                name = key[len(start):] if key.startswith(start) else key
                for prefix in ("vertex_ai/", "bedrock/"):
                    name = name.removeprefix(prefix)
                theirs.setdefault(name.lower(), row)
        for model in provider.models:
            row = theirs.get(model.id.lower())
            matching = [row] if row else [r for name, r in theirs.items() if provider._match_model(name) is model]
            limits = [r["max_output_tokens"] for r in matching if type(r.get("max_output_tokens")) is int]
            limits = [limit for limit in limits if 0 < limit <= 10**8]
            if limits:
                found[provider.id, model.id] = max(limits)
            if row:
                ours = lines[provider.id, model.id]["prices"][-1]["units"]
                for unit, member in (("input", "input_cost_per_token"), ("output", "output_cost_per_token")):
                    other, mine = row.get(member), ours.get(unit)
                    if other is None or mine is None:
                        continue
                    mine = mine[0] if isinstance(mine, list) else mine
                    other = Decimal(repr(other)) * 10**12
                    if abs(other - mine) > Decimal("1e-6") * max(other, mine):
                        differences.append(f"{provider.id} {model.id} {unit}: {mine} here, {other:.0f} there")
    print(f"{len(found)} output limits; {len(differences)} prices that differ, in pico-USD a unit:")
    print("\n".join(differences))
    return found


def kept_limits():
    path = FOLDER / "prices.json"
    if not path.exists():
        return {}, None
    table = json.loads(path.read_text())
    limits = {
        (one["id"], model["id"]): model["output"]
        for one in table["lists"] for model in one["models"] if "output" in model
    }
    return limits, table["source"].get("second")


def text_of(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def table_text(lines, limits, head):
    text = ['{"format":1,', f'"source":{text_of(head)},', '"lists":[']
    for p, provider in enumerate(PROVIDERS):
        one = {"id": provider.id, "hosts": hosts(provider)}
        if provider.fallback_model_providers:
            one["also"] = provider.fallback_model_providers
        text.append(text_of(one)[:-1] + ',"models":[')
        for m, model in enumerate(provider.models):
            line = dict(lines[provider.id, model.id])
            if (provider.id, model.id) in limits:
                prices = line.pop("prices")
                line["output"] = limits[provider.id, model.id]
                line["prices"] = prices
                if "variants" in line:
                    line["variants"] = line.pop("variants")
            text.append(text_of(line) + ("," if m + 1 < len(provider.models) else ""))
        text.append("]}" + ("," if p + 1 < len(PROVIDERS) else ""))
    return "\n".join([*text, "]}", ""])


def main():
    arguments = argparse.ArgumentParser(description="Makes the price table anew.")
    arguments.add_argument("--second", metavar="PATH", help="a file in the shape of LiteLLM's, for output limits")
    arguments.add_argument("--check", action="store_true", help="write nothing; 1 where a file would change")
    arguments = arguments.parse_args()

    ids = [provider.id for provider in PROVIDERS]
    if ids != sorted(ids) or any([m.id for m in p.models] != sorted(m.id for m in p.models) for p in PROVIDERS):
        sys.exit("the package's lists aren't sorted by id any more, and the first match counts")

    lines = {(p.id, m.id): model_line(p, m) for p in PROVIDERS for m in p.models}
    entries = json.loads((FOLDER / "overlay.json").read_text())["entries"]
    for entry in entries:
        overlay(lines, entry)
    if arguments.second:
        limits = second(lines, arguments.second)
        digest = hashlib.sha256(pathlib.Path(arguments.second).read_bytes()).hexdigest()
        origin = {"table": "LiteLLM, model_prices_and_context_window.json", "sha256": digest}
    else:
        limits, origin = kept_limits()
    dates = [one["from"] for l in lines.values() for one in l["prices"] + l.get("variants", []) if "from" in one]
    head = {
        "package": "genai-prices", "version": VERSION, "wheel": WHEEL, "uploaded": uploaded(), "newest": max(dates),
    }
    if origin:
        head["second"] = origin
    files = {FOLDER / "prices.json": table_text(lines, limits, head)}

    import prices_vectors

    files.update(prices_vectors.make(sys.modules[__name__], lines, VECTORS))

    print(f"{len(rounded)} prices rounded by more than 1e-9 of them:")
    print("\n".join(rounded))
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(f"{'would change' if arguments.check else 'wrote'} {path.relative_to(ROOT)}")
        if not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text := files[path])
    sys.exit(1 if arguments.check and stale else 0)


if __name__ == "__main__":
    main()
