"""The vectors that scripts/prices.py writes: what the package's own calculator says of every model, in a compact form.

Where the gateway differs on purpose, the vector has the gateway's answer, and the calculator's beside it.
"""

import datetime
import decimal
import json
import re

from genai_prices import types as T

Decimal = decimal.Decimal

NOW = "2026-11-10T12:00:00Z"
# What is counted in most cases. The numbers are primes, so that sums don't come out even by chance.
USAGES = {
    "p": {"input": 1009, "output": 211},
    "c": {"input": 7919, "input.cacheRead": 6007, "output": 307},
    "w": {
        "input": 8191, "input.cacheRead": 2003, "input.cacheWrite.5m": 1511, "input.cacheWrite.1h": 1307, "output": 401,
    },
    "r": {"input": 613, "output": 997, "output.reasoning": 701},
    "s": {"input": 1013, "output": 223, "searches.web": 3},
}
STANDARD = {"standard", "default", "auto", "global", "not_available", ""}
DATE = r"[-@_.:]?20\d\d(-?)(?:0[1-9]|1[0-2])%s(?:0[1-9]|[12]\d|3[01])"


class All:
    """Constraints that must all hold: the package's classes have one each."""

    def __init__(self, one):
        self.parts = []
        if "from" in one:
            self.parts.append(T.StartDateConstraint(datetime.date.fromisoformat(one["from"])))
        if "hours" in one:
            start, end = (datetime.time.fromisoformat(text) for text in one["hours"].split("-"))
            self.parts.append(T.TimeOfDateConstraint(start, end))
        if "until" in one:
            raise SystemExit("the vectors know no `until` yet")

    def active(self, moment):
        return all(part.active(moment) for part in self.parts)


def moment_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def text_of_moment(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Maker:
    def __init__(self, table, lines):
        self.t, self.lines = table, lines
        self.differing = 0
        self.cases = 0
        self.references = 0

    def prices(self, units):
        """Our integers as the package's prices, exactly."""
        result = {}
        for unit, value in units.items():
            data = self.t.unit_data[self.t.KEYS[unit]]

            def dollars(pico):
                return Decimal(pico) * data["per"] / 10**12

            if isinstance(value, list):
                tiers = [T.Tier(value[i], dollars(value[i + 1])) for i in range(1, len(value), 2)]
                result[data["price_key"]] = T.TieredPrices(dollars(value[0]), tiers)
            else:
                result[data["price_key"]] = dollars(value)
        return T.ModelPrice(**result)

    def model(self, provider, model):
        """A model with our prices, for the package's calculator."""
        line = self.lines[provider.id, model.id]
        return T.ModelInfo(
            id=model.id,
            match=model.match,
            prices=[T.ConditionalPrice(All(one), prices=self.prices(one["units"])) for one in line["prices"]],
            price_variants=[
                T.PriceVariant(one["when"], self.prices(one["units"]), All(one)) for one in line.get("variants", [])
            ],
        )

    def counts(self, units):
        """Usage in the package's words, where a general unit has to be there whenever a special one is."""
        units = {unit: n for unit, n in units.items() if unit != "requests"}
        full = dict(units)
        for unit in self.t.KEYS:
            within = [u for u in units if u != unit and self.t.is_within(u, unit)]
            if within and unit not in full:
                full[unit] = sum(units[u] for u in within)
        return T.Usage(**{self.t.KEYS[unit]: n for unit, n in full.items()})

    def nano(self, model, owner, units, at, when):
        answer = model.calc_price(
            self.counts(units), owner, genai_request_timestamp=moment_of(at), price_context=when or None
        )
        return int((answer.total_price * 10**9).to_integral_value(decimal.ROUND_HALF_EVEN))

    def unpriced_unit(self, priced, units):
        """The first unit, by name, of which something has no price."""
        priced = sorted(priced, key=lambda unit: -unit.count("."))

        def value(unit):
            if unit in units:
                return units[unit]
            return sum(n for u, n in units.items() if self.t.is_within(u, unit))

        leaves = {}
        for unit in priced:
            inner = sum(leaves[u] for u in leaves if u != unit and self.t.is_within(u, unit))
            leaves[unit] = value(unit) - inner
        for unit, n in sorted(units.items()):
            if unit == "requests" or any(self.t.is_within(unit, p) for p in priced):
                continue
            if n > sum(leaf for u, leaf in leaves.items() if self.t.is_within(u, unit)):
                return unit
        return None

    def unknown_tier(self, model, at, when, own):
        for key, value in sorted(when.items()):
            if value.lower() in STANDARD:
                continue
            known = own and any(
                one.when.get(key) == value
                and one.constraint.active(moment_of(at))
                and all(when.get(k) == v for k, v in one.when.items())
                for one in model.price_variants
            )
            if not known:
                return f"{key}={value}"
        return None

    def case(self, provider, model, mine, owner, usage, at="", when=None, own=True):
        """[usage, moment, context, answer] and, where it says something else, the calculator's own number."""
        when = when or {}
        units = USAGES.get(usage) or dict((u, int(n)) for u, n in (x.split("=") for x in usage.split()))
        moment = at or NOW
        theirs_owner = provider if own else T.Provider("none", "none", "none")
        theirs = self.nano(model, theirs_owner, units, moment, when)
        ours = self.nano(mine, owner if own else theirs_owner, units, moment, when)
        resolved = mine.get_prices(moment_of(moment), when if own else None)
        priced = [self.t.BY_PRICE[key][0] for key, price in resolved.__dict__.items() if price is not None]
        tier = self.unknown_tier(mine, moment, when, own)
        unit = self.unpriced_unit(priced, units)
        answer = f"tier {tier}" if tier else f"unit {unit} {ours}" if unit else ours
        result = [usage, at, " ".join(f"{k}={v}" for k, v in sorted(when.items())), answer]
        if answer != theirs:
            result.append(theirs)
            self.differing += 1
        self.cases += 1
        return result

    def cases_of(self, provider, model):
        mine = self.model(provider, model)
        owner = T.Provider(provider.id, provider.name, provider.api_pattern, models=[mine])
        line = self.lines[provider.id, model.id]

        def case(*arguments, **more):
            return self.case(provider, model, mine, owner, *arguments, **more)

        result = [case("p"), case("c"), case("w")]
        everything = line["prices"] + line.get("variants", [])
        priced = {unit for one in everything for unit in one["units"]}
        if "output.reasoning" in priced or model is provider.models[0]:
            result.append(case("r"))
        if "searches.web" in priced or model is provider.models[0]:
            result.append(case("s"))
        # Whatever else has a price, with what it is a part of.
        for unit in sorted(priced - {"input", "output", "requests", "searches.web", "input.cacheRead"}):
            if not unit.startswith(("input.cacheWrite", "output.reasoning")):
                within = {u: 12007 if "." not in u else 1201 for u in priced if u != unit and self.t.is_within(unit, u)}
                result.append(case(" ".join(f"{u}={n}" for u, n in sorted({**within, unit: 37}.items()))))
        starts = {start for one in everything for v in one["units"].values() if isinstance(v, list) for start in v[1::2]}
        whens = []
        for one in line.get("variants", []):
            if one["when"] not in whens:
                whens.append(one["when"])
        for start in sorted(starts):
            for input in (start - 1, start, start + 1):
                usage = f"input={input} input.cacheRead={start // 3} output=1301"
                result += [case(usage)] + [case(usage, when=when) for when in whens]
        moments = []
        second = datetime.timedelta(milliseconds=1)
        for one in everything:
            day = one.get("from", "2026-11-10")
            at = moment_of(f"{day}T00:00:00Z")
            edges = [at] if "from" in one else []
            if "hours" in one:
                edges += [moment_of(f"{day}T{text}:00Z") for text in one["hours"].split("-")]
                edges += [moment_of(f"2025-03-04T{one['hours'][:5]}:00Z"), moment_of(f"2027-06-01T{one['hours'][:5]}:00Z")]
            for edge in edges:
                for at in (edge - second, edge):
                    if text_of_moment(at) not in moments:
                        moments.append(text_of_moment(at))
        for at in sorted(moments):
            result += [case("w", at)] + [case("w", at, when) for when in whens]
        if whens or model is provider.models[0]:
            result += [case("w", when=when) for when in whens]
            result.append(case("p", when={"service_tier": "standard", "inference_geo": "not_available"}))
            result.append(case("p", when={"service_tier": "unheard-of"}))
            if len(whens) > 1:
                result.append(case("w", when={**whens[-1], **whens[0]}))
        return result

    # Names.

    def exact(self, provider, name):
        return next((m for m in provider.models if m.id.lower() == name), None)

    def find_in(self, provider, name):
        if model := self.exact(provider, name):
            return model, True
        for model in provider.models:
            if model.is_match(name):
                return model, self.is_exact(model, name)
        return None

    def is_exact(self, model, name):
        """Whether what the wildcards stand for is nothing but a date."""
        for one in self.t.clause(model.match):
            if all(self.fits(p, name) for p in one):
                if all(p.startswith("!") or self.fits(p, name, exactly=True) for p in one):
                    return True
        return False

    def fits(self, pattern, name, exactly=False):
        if pattern.startswith("!"):
            return not self.fits(pattern[1:], name)
        regex, stars = "", 0
        for sign in pattern:
            if sign == "*" and exactly:
                stars += 1
                regex += "(?:" + DATE % f"\\{stars}" + ")?"
            else:
                regex += {"*": ".*", "#": "[0-9]"}.get(sign) or re.escape(sign)
        return re.fullmatch(regex, name) is not None

    def find(self, provider, name, all_providers):
        name = name.lower()
        for ref in dict.fromkeys([name, T._normalize_compact_dated_ref(name)]):
            for where in [provider.id, *(provider.fallback_model_providers or [])]:
                where = next(p for p in all_providers if p.id == where)
                if found := self.find_in(where, ref):
                    return where, *found
        return None

    def samples(self, model):
        """Names that fit each pattern of a model, and ones that nearly do."""
        hits, misses = [model.id], []
        for one in self.t.clause(model.match):
            pattern = next(p for p in one if not p.startswith("!"))
            sample = pattern.replace("####-##-##", "2026-01-02").replace("########", "20260102").replace("#", "7")
            hits.append(sample.replace("*", ""))
            if "*" in sample:
                hits += [sample.replace("*", "-x7"), sample.replace("*", "-20260203"), sample.replace("*", "-2026-02-03")]
            misses += ["x" + sample.replace("*", "")[1:], sample.replace("*", "")[:-1] + "é"]
            misses += [sample.replace("*", "-x7") + p.strip("!*") for p in one if p.startswith("!")]
        return hits, misses

    def names_of(self, provider, model, providers, seen):
        """What is found by names: `is` exactly this model, `near` approximately, `none` nothing, `other` what it says.

        `calculator` has what the package finds, where that is something else.
        """
        hits, misses = self.samples(model)
        shouted = [name.upper() for name in hits[:1] if model is provider.models[-1]]
        result = {"is": [], "near": [], "none": [], "other": {}, "calculator": {}}
        compact = [re.sub(r"-(20\d\d)-(\d\d)-(\d\d)$", r"-\1\2\3", name) for name in hits]
        for name in [*hits, *misses, *shouted, *compact]:
            if name in seen:
                continue
            seen.add(name)
            self.references += 1
            found = self.find(provider, name, providers)
            theirs = provider.find_model(name, all_providers=providers)
            where, mine, exact = found or (None, None, None)
            if mine is None:
                result["none"].append(name)
            elif mine is model:
                result["is" if exact else "near"].append(name)
            else:
                place = mine.id if where is provider else f"{where.id}:{mine.id}"
                result["other"][name] = ("" if exact else "~") + place
            if theirs is not mine:
                result["calculator"][name] = theirs.id if theirs else None
                self.differing += 1
        return {key: value for key, value in result.items() if value}

    def addresses(self, providers):
        result = []
        for provider in providers:
            for pattern in self.t.hosts(provider):
                place = pattern.replace("*", "x7")
                for text in (place, place + "/v1/chat", place.replace("/", ".evil.example/", 1) if "/" in place else place + ".evil.example"):
                    theirs = next((p.id for p in providers if re.match(p.api_pattern, "https://" + text)), None)
                    mine = next((p.id for p in providers if any(self.is_at(h, text) for h in self.t.hosts(p))), None)
                    entry = [text, mine]
                    if theirs != mine:
                        entry.append(theirs)
                        self.differing += 1
                    self.references += 1
                    result.append(entry)
        return result

    def is_at(self, pattern, text):
        return self.fits(pattern, text) or self.fits(pattern + "/*", text)


def make(table, lines, folder):
    maker = Maker(table, lines)
    text = [table.text_of({"now": NOW, "usages": USAGES, "addresses": maker.addresses(table.PROVIDERS)})]
    for provider in table.PROVIDERS:
        seen = set()
        for model in provider.models:
            names = maker.names_of(provider, model, table.PROVIDERS, seen)
            cases = maker.cases_of(provider, model)
            text.append(table.text_of({"list": provider.id, "model": model.id, **names, "cases": cases}))
    # What is found in another's list has no variants.
    borrowed = []
    for provider in table.PROVIDERS:
        for other in provider.fallback_model_providers or []:
            other = next(p for p in table.PROVIDERS if p.id == other)
            for model in other.models:
                found = maker.find(provider, model.id, table.PROVIDERS)
                if found and found[1] is model and lines[other.id, model.id].get("variants"):
                    mine = maker.model(other, model)
                    for when in ({}, lines[other.id, model.id]["variants"][0]["when"]):
                        case = maker.case(other, model, mine, provider, "w", when=when, own=False)
                        borrowed.append([provider.id, model.id, *case])
    text.append(table.text_of({"borrowed": borrowed}))
    print(f"{maker.cases} cases and {maker.references} names; {maker.differing} differ from the calculator on purpose")
    return {folder / "vectors.jsonl": "\n".join([*text, ""])}
