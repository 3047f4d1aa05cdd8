"""Notes out of Mnemosyne's facts and cards, whichever file they stood in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from kartoteka.formats.base import BundleCard, BundleNote, BundleReview
from kartoteka.formats.boxes import safe_name

UNTAGGED = ("__UNTAGGED__", "<default>", "")
RATINGS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 3, 5: 4}
_SOURCE = re.compile(r"(\bsrc\s*=\s*[\"'])([^\"'<>]{1,500})", re.I)
_LATEX = re.compile(r"<(/?)(latex|\$\$?)>", re.I)
_BRACKETS = re.compile(r"\[([^\[\]]{1,2000}?)(?::([^\[\]:]{1,200}))?\](?!\()")
_BLOCK = re.compile(r"<(?:table|ul|ol|pre)\b", re.I)


@dataclass(slots=True)
class Fact:
    """What is to be known, and the cards that ask for it: ``views`` by their number (1 forward, 2 back)."""

    id: str
    kind: str = "1"
    data: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    views: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    reviews: dict[int, list[BundleReview]] = field(default_factory=dict)
    where: str = ""
    line: int | None = None


def html_of(text: str) -> str:
    """Mnemosyne's HTML, where a line break is one: pictures by their file's name, LaTeX in brackets."""
    text = _LATEX.sub(lambda found: f"[{found[1]}{found[2].lower()}]", text.strip())
    text = re.sub(r"<card\b[^<>]*>", "", text)
    text = _SOURCE.sub(lambda found: found[1] + escape(safe_name(found[2])), text)
    return text if _BLOCK.search(text) else text.replace("\r", "").replace("\n", "<br>")


def note_of(fact: Fact) -> BundleNote:
    data = {key: html_of(value) for key, value in fact.data.items() if value and value.strip()}
    tags = tuple(dict.fromkeys(tag for tag in fact.tags if tag not in UNTAGGED))
    base = {"guid": fact.id[:200], "tags": tags, "where": fact.where, "line": fact.line}
    type_of = fact.kind.split("::")[0].split(".")[0]
    if type_of == "5" or set(data) == {"text"}:
        return BundleNote({"term": _blanks(data.get("text", "")), "definition": ""}, kind="cloze", cards=tuple(_cards(fact, 99)), **base)  # type: ignore[arg-type]
    fields = _sides(type_of, data)
    return BundleNote(fields, cards=tuple(_cards(fact, 2)), **base)  # type: ignore[arg-type]


def _sides(type_of: str, data: dict[str, str]) -> dict[str, str]:
    if "p_1" in data or "m_1" in data:
        fields = {"term": data.pop("f", ""), "definition": "<br>".join(words for key in ("p_1", "m_1") if (words := data.pop(key, "")))}
        if notes := data.pop("n", ""):
            fields["notes"] = notes
    elif type_of == "4" or "marked" in data:
        fields = {"term": data.pop("blank", ""), "definition": "<br>".join(words for key in ("loc", "marked") if (words := data.pop(key, "")))}
    elif "f" in data or "b" in data:
        fields = {"term": data.pop("f", ""), "definition": data.pop("b", "")}
    else:
        first = next(iter(data), "")
        fields = {"term": data.pop(first, ""), "definition": "<br>".join(data.values())}
        data.clear()
    return {**fields, **{re.sub(r"^_+", "", key)[:100] or "field": value for key, value in data.items()}}


def _blanks(html: str) -> str:
    number = 0

    def blank(found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return f"{{{{c{number}::{found[1]}{'::' + found[2] if found[2] else ''}}}}}"

    return _BRACKETS.sub(blank, html)


def _cards(fact: Fact, most: int) -> Iterable[BundleCard]:
    views = sorted(view for view in fact.views if 1 <= view <= most)
    if not views or (views == [1] and not fact.reviews and not fact.views[1]):
        return
    for view in views:
        said = dict(fact.views[view])
        suspended = bool(said.pop("suspended", False))
        yield BundleCard(view - 1, tuple(sorted(fact.reviews.get(view, ()), key=lambda review: review.at_ms)), suspended, said)
