"""Numbers as a spreadsheet's format shows them: 0.25 as 25%, 7 as 007, 1234.5 as 1,234.50; days and hours by what is shown of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

_MOST_SIGNS = 255  # of a format: more is none that Excel writes
_MOST_PLACES = 30
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[([^\]]*)\]|[_*].|(General)|([Ee][+-](?=[0#?]))|([0#?.,%/;@])|(.)', re.I | re.S)
_OF_DAYS = re.compile(r"[dmyhse]", re.I)

Token = tuple[str, str]  # "0", "#", "?", ".", ",", "%", "/", "E", "G" for what is filled in; "text" for what stands as it is


def general(value: float) -> str:
    """A number without a format: whole ones without a point, and no more digits than were kept."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")


def shown(value: float, code: str) -> str:
    """A number by a format of Excel's ("0.0%", "#,##0.00 [$€-407]"); where the format asks for more than is plain, the number itself."""
    sections = _sections(code[:_MOST_SIGNS])
    if not sections or value != value or abs(value) > 1e30:
        return general(value)
    own, minus = sections[0], "-" if value < 0 else ""
    if value < 0 and len(sections) > 1:
        own, minus = sections[1], ""
    elif value == 0 and len(sections) > 2:
        own = sections[2]
    text = _filled(abs(value), own) or general(abs(value))  # what a format hides is still there
    return (minus if re.search("[1-9]", text) else "") + text


def moment(value: datetime.datetime, code: str) -> str:
    """A day with its hour as far as the format shows either."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).split(";")[0].lower()
    if "h" in bare or "s" in bare:
        hour = value.time().isoformat("seconds" if value.second else "minutes")
        return f"{value.date().isoformat()} {hour}" if "d" in bare or "y" in bare else hour
    if "d" in bare or not bare:
        return value.isoformat(" ", "seconds" if value.second else "minutes") if value.time() != datetime.time() else value.date().isoformat()
    if "y" in bare:
        return value.strftime("%Y-%m" if "m" in bare else "%Y")
    return value.date().isoformat()


def span(value: datetime.timedelta) -> str:
    """Hours that go on beyond a day."""
    seconds = round(abs(value.total_seconds()))
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    return f"-{text}" if value < datetime.timedelta() else text


@lru_cache(maxsize=512)
def _sections(code: str) -> list[list[Token]]:
    """What a format says of numbers above, below and at nought; empty where it is not plain."""
    found: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        quoted, escaped, bracket, whole, power, sign, other = match.groups()
        if sign == ";":
            found.append([])
        elif sign == "@" or (bracket and bracket[:1] in "<>=") or (other and _OF_DAYS.match(other)):
            if len(found) < 4:
                return []
        elif sign:
            found[-1].append((sign, sign))
        elif whole or power:
            found[-1].append(("G" if whole else "E", power or ""))
        elif bracket is not None:
            found[-1].append(("text", bracket[1:].split("-")[0] if bracket.startswith("$") else ""))
        else:
            found[-1].append(("text", quoted or escaped or other or ""))
    return found[:3]


def _filled(value: float, tokens: Sequence[Token]) -> str:
    kinds = [kind for kind, _text in tokens]
    if "G" in kinds:
        return "".join(general(value) if kind == "G" else text for kind, text in tokens).strip()
    if not set(kinds) & set("0#?"):
        return "".join(text for _kind, text in tokens).strip()
    if kinds.count("0") + kinds.count("#") + kinds.count("?") > _MOST_PLACES or kinds.count(".") > 1:
        return general(value)
    if "/" in kinds:
        return _fraction(value, tokens)
    if "E" in kinds:
        return _power(value, tokens)
    return _places(Decimal(repr(value)), tokens).strip()


_SIMPLE = re.compile(r"(#,##0|#?0+)(?:\.(0{0,20}))?")


@lru_cache(maxsize=512)
def _simple(tokens: tuple[Token, ...]) -> tuple[str, str, int, Decimal, int, str] | None:
    """Of the formats that most cells have, whose digits stand together: what stands around them, the sign of thousands, and how many digits."""
    kinds = [kind for kind, _text in tokens]
    digits = [at for at, kind in enumerate(kinds) if kind in "0#?.,"]
    shape = _SIMPLE.fullmatch("".join(kinds[digits[0] : digits[-1] + 1]))
    if not shape or shape[0].endswith("."):
        return None
    before, after = ("".join(text for _kind, text in part) for part in (tokens[: digits[0]], tokens[digits[-1] + 1 :]))
    return before, "," * ("," in shape[1]), shape[1].count("0"), Decimal(1).scaleb(-len(shape[2] or "")), 2 * kinds.count("%"), after


def _places(number: Decimal, tokens: Sequence[Token]) -> str:
    if simple := _simple(tuple(tokens)):
        ahead, thousands, fewest, step, power, after = simple
        text = format(number.scaleb(power).quantize(step, ROUND_HALF_UP), f"{thousands}f")
        if fewest > 1:
            text = text.rjust(len(text) + fewest - len(text.partition(".")[0]), "0")
        return ahead + text + after
    kinds = [kind for kind, _text in tokens]
    point = kinds.index(".") if "." in kinds else len(kinds)
    last = max((at for at in range(point) if kinds[at] in "0#?"), default=-1)
    first = min((at for at in range(point) if kinds[at] in "0#?"), default=point)
    number = number.scaleb(2 * kinds.count("%") - 3 * (kinds[last + 1 : point] + kinds[point:]).count(","))
    behind = [kind for kind in kinds[point:] if kind in "0#?"]
    whole, _point, part = format(number.quantize(Decimal(1).scaleb(-len(behind)), ROUND_HALF_UP), "f").partition(".")
    never = max((at + 1 for at, kind in enumerate(behind) if kind == "0"), default=0)
    part = part[:never] + part[never:].rstrip("0")
    before = [kind for kind in kinds[:point] if kind in "0#?"]
    least = len(before) - before.index("0") if "0" in before else 0
    waiting = list(("" if whole == "0" else whole).rjust(least, "0"))
    out: list[str] = []
    grouped, taken = "," in kinds[first:last], 0
    for at in range(point - 1, -1, -1):
        if kinds[at] in "0#?":
            for _digit in range(len(waiting) if at == first else min(1, len(waiting))):
                out.append("," if grouped and taken and taken % 3 == 0 else "")
                out.append(waiting.pop())
                taken += 1
        elif kinds[at] != ",":
            out.append(tokens[at][1])
    digits, tail = iter(part), []
    for kind, text in tokens[point:]:
        tail.append(next(digits, "") if kind in "0#?" else "" if kind == "," or (kind == "." and not part) else text)
    return "".join(reversed(out)) + "".join(tail)


def _power(value: float, tokens: Sequence[Token]) -> str:
    kinds = [kind for kind, _text in tokens]
    at = kinds.index("E")
    behind = sum(kind in "0#?" for kind in kinds[kinds.index(".") : at]) if "." in kinds[:at] else 0
    mantissa, _e, power = f"{value:.{behind}E}".partition("E")
    sign = "-" if int(power) < 0 else "+" if tokens[at][1].endswith("+") else ""
    return f"{mantissa}E{sign}{str(abs(int(power))).rjust(sum(kind in '0#?' for kind in kinds[at:]), '0')}"


def _fraction(value: float, tokens: Sequence[Token]) -> str:
    kinds = [kind for kind, _text in tokens]
    at = kinds.index("/")
    below = "".join(text for kind, text in tokens[at + 1 :] if kind in ("0", "#", "?", "text")).strip()
    whole = int(value) if any(kind in "0#?" for kind in kinds[: max(0, at - 2)] if kind != "text") and ("text", " ") in tokens[:at] else 0
    rest = Fraction(value - whole)
    if below.isdecimal() and int(below) > 0:
        part = Fraction(round(rest * int(below)), 1), int(below)
        above, under = int(part[0]), part[1]
    else:
        near = rest.limit_denominator(10 ** min(max(1, sum(kind in "0#?" for kind in kinds[at:])), 4) - 1)
        above, under = near.numerator, near.denominator
    if above and above == under:
        whole, above = whole + 1, 0
    return " ".join(([str(whole)] if whole or not above else []) + ([f"{above}/{under}"] if above else []))
