"""Obsidian_to_Anki: START … END, STARTI … ENDI, ``Q:``/``A:``, tables of one column, ``#flashcard``, a ruler, and blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kartoteka.formats.base import Findings
from kartoteka.formats.markdown.lettered import lettered
from kartoteka.formats.markdown.written import Written, blocks_of, front_matter
from kartoteka.formats.marks import masked

NAME = "Obsidian to Anki"
_ID = re.compile(r"(?:<!--\s*)?ID:\s*(\d{6,20})(?:\s*-->)?")
_START = re.compile(r"^START[^\S\n]*\n((?:(?!\nSTART[^\S\n]*\n).){0,60000}?)\nEND[^\S\n]*$", re.M | re.S)
_INLINE = re.compile(r"STARTI\s+\[([^\[\]\n]{1,100})\]\s+(.{1,10000}?)\s+ENDI")
_TARGET = re.compile(r"^TARGET DECK:?\s*\n?\s*(.{1,200})$", re.M)
_TAGS = re.compile(r"^FILE TAGS:?\s*\n?\s*(.{1,500})$", re.M)
_FROZEN = re.compile(r"^FROZEN - ([^\n:]{1,100}):\s*\n?((?:.+\n?){0,20})", re.M)
_FIELD = re.compile(r"^([A-Z][\w ]{0,40}):[ \t]?", re.M)
_HASHTAG = re.compile(r"(?:(?<=\s)|\A)#(?!flashcard\b)([^\s#,.;:!?()\[\]{}\"'`<>]{1,100})")
_BLANK = re.compile(r"==(?:c?(\d{1,3})(?:::|:|\|))?([^=\n]{1,2000}?)==|(?<!\{)\{(?:c?(\d{1,3})(?:::|:|\|))?([^{}\n]{1,2000}?)\}(?!\})")
_CARD_MARK = re.compile(r"<!--.{0,200}?-->", re.S)


def sure(text: str, name: str) -> float:
    if _START.search(text) or _INLINE.search(text):
        return 0.96
    if "TARGET DECK" in text or _FROZEN.search(text) or re.search(r"^(?:<!--\s*)?ID: \d{8,}", text, re.M):
        return 0.94
    if "<!-- CARD -->" in text:
        return 0.95
    if re.search(r"[^\s#] ?#flashcard\b(?!s|/)", text):
        return 0.9
    return 0.0


def cards(text: str, findings: Findings, options: Mapping[str, str]) -> Iterator[Written]:
    said, begin = front_matter(text)
    target = _TARGET.search(text)
    deck = target[1].strip() if target else ""
    common = tuple(_TAGS.search(text)[1].split()) if _TAGS.search(text) else ()  # type: ignore[index]
    common += tuple(said.get("tags", ()))
    frozen = {found[1].strip(): dict(_fields(found[2])) for found in _FROZEN.finditer(text)}
    rest = "\n".join([""] * begin + text.split("\n")[begin:]) if begin else text
    for pattern, reader in ((_START, _block), (_INLINE, _inline)):
        for found in pattern.finditer(rest):
            yield _given(reader(found, frozen), rest, found.start(), deck, common)
        rest = pattern.sub(lambda found: "\n" * found[0].count("\n"), rest)
    for pattern in (_FROZEN, _TARGET, _TAGS):
        rest = pattern.sub(lambda found: "\n" * found[0].count("\n"), rest)
    yield from _others(rest, deck, common, findings)


def _others(text: str, deck: str, common: tuple[str, ...], findings: Findings) -> Iterator[Written]:
    """Cards that stand between those with START: each kind takes its lines away from the next."""
    for card in lettered(text, marks_end=True):
        yield _tagged(card, deck, common)
    if re.search(r"^Q: ?", text, re.M):
        return
    lines = ["" if _CARD_MARK.fullmatch(line.strip()) and not _ID.search(line) else line for line in text.split("\n")]
    for start, own in blocks_of(lines):
        if (found := _of_table(own, start) or _of_hashtag(own, start) or _of_ruler(own, start) or _of_blanks(own, start)) is not None:
            yield _tagged(found, deck, common)


def _given(card: Written, text: str, at: int, deck: str, common: tuple[str, ...]) -> Written:
    card.line = text.count("\n", 0, at) + 1
    return _tagged(card, deck, common)


def _tagged(card: Written, deck: str, common: tuple[str, ...]) -> Written:
    """Obsidian's own tags in a card are its tags; Anki's id is its id."""
    own: list[str] = []
    for name in ("term", "definition"):
        side = getattr(card, name)
        if found := _ID.search(side):
            card.guid = card.guid or found[1]
            side = _ID.sub("", side)
        shown = masked(side)
        for found in reversed(list(_HASHTAG.finditer(shown))):
            own.append(found[1])
            side = (side[: found.start()].rstrip(" ") + side[found.end() :]).strip()
        setattr(card, name, side.strip())
    card.deck, card.tags = deck, tuple(dict.fromkeys((*common, *card.tags, *reversed(own))))
    return card


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """The fields of a block: a line that begins with ``Name:`` begins one, what stands before is the first."""
    marks = list(_FIELD.finditer(text))
    first = text[: marks[0].start()] if marks else text
    if first.strip():
        yield "", first.strip()
    for found, after in zip(marks, [*marks[1:], None], strict=False):  # no mark: nothing to name
        yield found[1].strip(), text[found.end() : after.start() if after else len(text)].strip()


def _block(found: re.Match[str], frozen: Mapping[str, Mapping[str, str]]) -> Written:
    kind, _end, body = found[1].partition("\n")
    return _of_fields(kind.strip(), body, frozen)


def _inline(found: re.Match[str], frozen: Mapping[str, Mapping[str, str]]) -> Written:
    return _of_fields(found[1].strip(), re.sub(r"\s(Back|Tags|Extra|ID):", r"\n\1:", found[2]), frozen)


def _of_fields(kind: str, body: str, frozen: Mapping[str, Mapping[str, str]]) -> Written:
    fields: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    guid = ""
    if found := re.search(r"^(?:<!--\s*)?ID:\s*(\d{6,20}).*$", body, re.M):
        guid, body = found[1], body.replace(found[0], "")
    for name, value in _fields(body):
        if name == "Tags":
            tags = tuple(value.split())
        else:
            fields[name or "Front"] = value
    for name, value in frozen.get(kind, {}).items():
        fields[name] = fields.get(name, "") + value
    names = list(fields)
    term = fields.pop(names[0], "") if names else ""
    definition = fields.pop("Back", "") or fields.pop(next(iter(fields), ""), "")
    cloze = "cloze" in kind.lower() or "{{c" in term
    both = "reversed" in kind.lower()
    return Written(
        term if not cloze or "{{c" in term else _with_blanks(term),
        definition,
        kind="cloze" if cloze else "basic",
        both=both,
        tags=tags,
        guid=guid,
        extra=fields,
    )


def _of_table(own: list[str], start: int) -> Written | None:
    """A table of one column: its heading is the question, its row the answer."""
    if len(own) < 3 or not all(re.fullmatch(r"\s*\|[^|]*\|\s*", line) for line in own) or not re.fullmatch(r"\s*\|[\s:-]+\|\s*", own[1]):
        return None
    cells = [line.strip().strip("|").strip() for line in own]
    return Written(cells[0], "\n".join(cells[2:]), start + 1)


def _of_hashtag(own: list[str], start: int) -> Written | None:
    """A question marked ``#flashcard``, in the first line or below headings that stand over it, and what stands under it."""
    at = next((number for number, line in enumerate(own) if not line.startswith("#") or "#flashcard" in line), 0)
    found = re.search(r"\s*#flashcard(-reverse)?\b(?!/)", own[at])
    if not found or not own[at + 1 :]:
        return None
    term = re.sub(r"^#+\s*", "", own[at][: found.start()] + own[at][found.end() :])
    return Written(term, "\n".join(own[at + 1 :]), start + at + 1, both=bool(found[1]))


def _of_ruler(own: list[str], start: int) -> Written | None:
    at = next((number for number, line in enumerate(own) if number and re.fullmatch(r"\s*-{3,}\s*", line)), 0)
    return Written("\n".join(own[:at]), "\n".join(own[at + 1 :]), start + 1) if at and own[at + 1 :] else None


def _of_blanks(own: list[str], start: int) -> Written | None:
    words = "\n".join(own)
    if own[0].startswith(("#", "|", "```")) or not _BLANK.search(masked(words)):
        return None
    return Written(_with_blanks(words), "", start + 1, kind="cloze")


def _with_blanks(text: str) -> str:
    hidden, out, at, last = masked(text), [], 0, 0
    for found in _BLANK.finditer(hidden):
        group = 2 if found[2] is not None else 4
        said = found[1] or found[3]
        last = int(said) if said else last + 1
        out += [text[at : found.start()], f"{{{{c{last}::{text[found.start(group) : found.end(group)]}}}}}"]
        at = found.end()
    return "".join(out) + text[at:]
