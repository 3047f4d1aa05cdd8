"""Mochi's decks (``.mochi``): cards with two or more sides, blanks, tags, decks within decks, pictures, and the answers given."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleNote, BundleReview, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import Box, is_shown, members_in, safe_name
from kartoteka.formats.marks import html_of_markdown
from kartoteka.formats.mochi.notation import BROKEN, edn, transit

TITLE = Said("Mochi")
EXTENSIONS = (".mochi",)
KEEPS = ("cards with any number of sides", "blanks", "tags", "decks within decks", "pictures and sounds", "fields of templates", "answers given", "formatting")
DROPS = (
    "the look of templates",
    "links to other cards",
)

MOST_BYTES = 40 * 1024 * 1024
DEEPEST = 20
_RULER = re.compile(r"^\s*---+\s*$", re.M)
_BLANK = re.compile(r"\{\{(?:(\d{1,3})::)?([^{}]{1,2000}?)\}\}")


def recognises(head: bytes, name: str) -> float:
    members = members_in(head)
    if any(member in ("data.edn", "data.json") for member in members):
        return 0.97 if "data.edn" in members or name.lower().endswith(".mochi") else 0.7
    return 0.9 if members and name.lower().endswith(".mochi") else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    box = Box(source, Said("a Mochi deck"))
    if box.has("data.edn"):
        found = edn(box.read("data.edn", MOST_BYTES).decode("utf-8", "replace"))
    elif box.has("data.json"):
        found = transit(box.read("data.json", MOST_BYTES).decode("utf-8", "replace"))
    else:
        raise Unreadable(Said("This looks like a Mochi deck, but there are no cards in it (data.edn is missing). Export it from Mochi again."))
    if not isinstance(found, dict):
        raise Unreadable(BROKEN)
    templates = {_id(template): template for template in _maps(found.get(":templates"))}
    rows = _maps(found.get(":decks"))
    named = {_id(deck): deck for deck in rows}
    decks = []
    for deck in rows:
        notes = tuple(_notes(_maps(deck.get(":cards")), templates, findings))
        if notes:
            decks.append(BundleDeck(_path(deck, named), notes, source=f"mochi:{_id(deck)}"[:200]))
    if loose := tuple(_notes(_maps(found.get(":cards")), templates, findings)):
        decks.append(BundleDeck(tables.title_of(source.name), loose))
    if not decks and not findings.told():
        raise Unreadable(Said("There are no cards in this Mochi file. Export the deck again, with its cards."))
    media = box.media({safe_name(name): name for name in box.names if is_shown(name)}, source, findings)
    return Bundle("mochi", tuple(decks), findings.told(), media=media)


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _id(row: Mapping[str, Any]) -> str:
    return str(row.get(":id") or "").lstrip(":")


def _path(deck: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]]) -> str:
    """The names of the decks above and its own."""
    parts: list[str] = []
    at: Mapping[str, Any] | None = deck
    while at is not None and len(parts) < DEEPEST:
        parts.insert(0, str(at.get(":name") or "Mochi"))
        above = str(at.get(":parent-id") or "").lstrip(":")
        at = named.get(above) if above else None
    return "::".join(parts)[:200]


def _notes(cards: list[Mapping[str, Any]], templates: Mapping[str, Mapping[str, Any]], findings: Findings) -> Iterator[BundleNote]:
    for number, card in enumerate(cards, start=1):
        if card.get(":trashed?"):
            findings.say("cards in the bin", Said("This card lies in Mochi's bin. It was left out."), severity="info", where=f"card {number}")
            continue
        content = card.get(":content")
        content = content if isinstance(content, str) else ""
        fields = _fields(card, templates)
        if not content.strip() and not fields:
            findings.say(
                "cards with nothing on them",
                Said("Card %(number)s has nothing on it. It was left out.", number=number),
                severity="refused",
                where=f"card {number}",
            )
            continue
        yield _note(card, content.replace("@media/", ""), fields, number)
        if number >= tables.MOST_ROWS:
            return


def _fields(card: Mapping[str, Any], templates: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What a card of a template holds, by the template's names for it."""
    given = card.get(":fields")
    if not isinstance(given, dict):
        return {}
    names = templates.get(str(card.get(":template-id") or "").lstrip(":"), {}).get(":fields")
    found: dict[str, str] = {}
    for key, value in given.items():
        words = value.get(":value") if isinstance(value, dict) else value
        said = names.get(key) if isinstance(names, dict) else None
        name = said.get(":name") if isinstance(said, dict) else None
        if isinstance(words, str) and words.strip():
            found[str(name or key).lstrip(":")[:100]] = words.replace("@media/", "")
    return found


def _note(card: Mapping[str, Any], content: str, fields: dict[str, str], number: int) -> BundleNote:
    tags = tuple(str(tag).lstrip(":") for tag in card.get(":tags") or () if isinstance(tag, str)) if isinstance(card.get(":tags"), list) else ()
    base: dict[str, Any] = {"guid": _id(card)[:200], "tags": tags, "where": f"card {number}"}
    reviews = tuple(_reviews(card.get(":reviews")))
    cards = (BundleCard(0, reviews, bool(card.get(":archived?"))),) if reviews or card.get(":archived?") else ()
    if not content.strip():
        names = list(fields)
        sides = {"term": fields.pop(names[0]), "definition": fields.pop(names[1]) if len(names) > 1 else ""}
        return BundleNote(
            {
                **{name: html_of_markdown(value) for name, value in sides.items()},
                **{name: html_of_markdown(value) for name, value in fields.items() if name not in sides},
            },
            cards=cards,
            **base,
        )
    if _BLANK.search(content):
        term, _line, rest = _parted(content)
        return BundleNote({"term": html_of_markdown(_with_blanks(term)), "definition": html_of_markdown(rest)}, kind="cloze", cards=cards, **base)
    term, _line, rest = _parted(content)
    return BundleNote({"term": html_of_markdown(term), "definition": html_of_markdown(rest)}, cards=cards, **base)


def _parted(content: str) -> tuple[str, str, str]:
    found = _RULER.search(content)
    return (content[: found.start()].strip(), found[0], _RULER.sub("\n---\n", content[found.end() :]).strip("\n")) if found else (content.strip(), "", "")


def _with_blanks(text: str) -> str:
    """``{{words}}`` and ``{{1::words}}``: those without a number are one of their own each."""
    taken = [int(found[1]) for found in _BLANK.finditer(text) if found[1]]
    last = max(taken, default=0)

    def blank(found: re.Match[str]) -> str:
        nonlocal last
        if found[1]:
            return f"{{{{c{found[1]}::{found[2]}}}}}"
        last += 1
        return f"{{{{c{last}::{found[2]}}}}}"

    return _BLANK.sub(blank, text)


def _reviews(value: Any) -> Iterator[BundleReview]:
    """Answers: remembered or forgotten, with their time."""
    for row in _maps(value):
        at_ms = _ms(row.get(":date"))
        if at_ms is not None:
            yield BundleReview(at_ms, 3 if row.get(":remembered?") else 1)


def _ms(value: Any) -> int | None:
    if isinstance(value, int) and 0 < value < 2**43:
        return value
    try:
        at = datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00").replace("-00:00", "+00:00"))
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=datetime.timezone.utc)  # noqa: UP017
    return int(at.timestamp() * 1000) if at.year >= 1971 else None
