"""Notes in Markdown with cards in them: Obsidian (two plugins), hashcards, RemNote, Logseq, or plain notes to choose cards from."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import Box, is_shown, members_in, safe_name
from kartoteka.formats.choosing import cards_in
from kartoteka.formats.markdown import lettered, logseq, obsidian, plain, remnote, spaced, spelled
from kartoteka.formats.markdown.written import Written
from kartoteka.formats.marks import html_of_markdown, markdown_of

TITLE = Said("Markdown notes (Obsidian, hashcards, RemNote, Logseq)")
EXTENSIONS = (".md", ".markdown", ".txt", ".zip")
KEEPS = ("questions", "answers", "both directions", "blanks", "tags", "decks by tag", "formulas", "pictures by name", "schedules beside cards", "formatting")
DROPS = (
    "front matter other than title and tags",
    "notes that hold no card",
    "code that only looks like a card",
    "the text around cards",
)

MOST_FILES = 5_000
MOST_LINES = 200_000
NONE_FOUND = Said("Nothing in these notes is written as a card. A card is a line such as “term::definition”, a “Q:” with its “A:”, or a row of a table.")
DIALECTS: Mapping[str, Any] = {
    "spaced": spaced,
    "obsidian-anki": obsidian,
    "hashcards": lettered,
    "logseq": logseq,
    "remnote": remnote,
    "spelled": spelled,
}
_OFFERED = [*((key, str(part.NAME)) for key, part in DIALECTS.items()), ("plain", "Plain notes")]
_AS_WRITTEN = ("hashcards",)  # a line break in these is none; everywhere else it is one


def recognises(head: bytes, name: str) -> float:
    if members := members_in(head):
        written = [member for member in members if member.lower().endswith((".md", ".markdown"))]
        return 0.9 if written and len(written) * 4 >= len([member for member in members if not is_shown(member) and not member.endswith("/")]) else 0.0
    text = decoding.looks_like(head)
    if not text.strip():
        return 0.0
    named = name.lower().endswith((".md", ".markdown"))
    if name.lower().endswith(".org") or (not named and re.search(r"^\*+ .*:(?:fc|drill):|^[ \t]*:PROPERTIES:[ \t]*$", text, re.M)):
        return 0.0
    best = max(_sure(part, text, name) for part in DIALECTS.values())
    if named:
        return max(0.85, best)
    return best if best > 0.9 and "\t" not in text[:300] else best * 0.6 if "\t" not in text[:2000] else 0.0


def _sure(part: Any, text: str, name: str) -> float:
    return float(part.sure(text, name))


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    if members_in(source.head()):
        return _many(source, options, findings)
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    if text.count("\n") > MOST_LINES:
        raise Unreadable(
            Said(
                "These notes have %(count)s lines; %(most)s are the most that can be read. Split them.",
                count=f"{text.count(chr(10)):,}",
                most=f"{MOST_LINES:,}",
            )
        )
    title = tables.title_of(source.name)
    dialect = options.get("dialect") or _dialect(text, source.name)
    decks, choices, offers = _decks(text, title, dialect, options, findings)
    if not any(deck.notes for deck in decks) and not findings.told():
        raise Unreadable(NONE_FOUND)
    if encoding != "utf-8":
        choices["encoding"] = encoding
    return Bundle("markdown", decks, findings.told(), choices=choices, offers={"dialect": _OFFERED, **offers})


def _dialect(text: str, name: str) -> str:
    sure = {key: _sure(part, text, name) for key, part in DIALECTS.items()}
    best = max(sure, key=lambda key: sure[key])
    return best if sure[best] > 0 else "plain"


def _decks(
    text: str, title: str, dialect: str, options: Mapping[str, str], findings: Findings
) -> tuple[tuple[BundleDeck, ...], dict[str, str], dict[str, Sequence[tuple[str, str]]]]:
    part = DIALECTS.get(dialect)
    own = plain.title_of(text)
    if part is None:
        found = cards_in(list(plain.blocks_in(text)), options, findings)
        choices = {"dialect": "plain", **({"take": found.taken} if found.taken else {})}
        return (BundleDeck(own or title, found.notes),), choices, {"take": found.offers}
    breaks = dialect not in _AS_WRITTEN
    decks: dict[str, list[BundleNote]] = {}
    for many, card in enumerate(part.cards(text, findings, options)):
        if many >= tables.MOST_ROWS:
            findings.say("too many cards", Said("Only the first %(most)s cards were read.", most=f"{tables.MOST_ROWS:,}"), card.line, "refused")
            break
        decks.setdefault(card.deck or own or title, []).append(note_of(card, breaks=breaks))
    return tuple(BundleDeck(name[:200], tuple(notes)) for name, notes in decks.items()) or (BundleDeck(own or title, ()),), {"dialect": dialect}, {}


def note_of(card: Written, *, breaks: bool) -> BundleNote:
    fields = {"term": html_of_markdown(card.term, breaks=breaks), "definition": html_of_markdown(card.definition, breaks=breaks)}
    for name, value in card.extra.items():
        fields[name if name.lower() not in ("term", "definition") else f"{name} 2"] = html_of_markdown(value, breaks=breaks)
    many = 2 if card.both else max(1, len(card.standing)) if card.kind == "cloze" else 1
    blanks = card.term.count("{{c") if card.kind == "cloze" else many
    cards = tuple(BundleCard(at, standing=card.standing[at] if at < len(card.standing) else {}) for at in range(min(many, max(blanks, 1))))
    told = cards if card.both or any(one.standing for one in cards) else ()
    return BundleNote(fields, guid=card.guid[:200], kind=card.kind, tags=tuple(dict.fromkeys(card.tags)), where=f"line {card.line}", line=card.line, cards=told)


# A folder of notes, packed.


def _many(source: Source, options: Mapping[str, str], findings: Findings) -> Bundle:
    box = Box(source, Said("a folder of notes"))
    names = sorted(name for name in box.names if name.lower().endswith((".md", ".markdown")) and "/." not in f"/{name}")
    decks: dict[str, list[BundleNote]] = {}
    for name in names[:MOST_FILES]:
        own = Findings()
        try:
            text, _encoding = decoding.text_of(Source(name=name, data=box.read(name, decoding.MOST_BYTES)), "", own)
        except Unreadable:
            continue
        dialect = options.get("dialect") or _dialect(text, name)
        if dialect == "plain" and options.get("dialect") != "plain" and "|" not in text:
            continue
        found, _choices, _offered = _decks(text, tables.title_of(name), dialect, options, own)
        for deck in found:
            placed = (replace(note, where=f"{name[-100:]}, {note.where}", line=None) for note in deck.notes)
            decks.setdefault(deck.title, []).extend(placed)
        for problem in own.told():
            findings.say(problem.what, problem.what, severity=problem.severity, where=f"{name[-100:]}, {problem.where}")
    if len(names) > MOST_FILES:
        findings.say(
            "too many files", Said("Only the first %(most)s of %(names)s notes were read.", most=f"{MOST_FILES:,}", names=f"{len(names):,}"), severity="refused"
        )
    if not any(decks.values()) and not findings.told():
        raise Unreadable(NONE_FOUND)
    media = box.media({safe_name(posixpath.basename(name)): name for name in box.names if is_shown(name)}, source, findings)
    return Bundle(
        "markdown", tuple(BundleDeck(title[:200], tuple(notes)) for title, notes in decks.items() if notes), findings.told(), media=_used(media, decks)
    )


def _used(media: Iterable[BundleMedia], decks: Mapping[str, Sequence[BundleNote]]) -> tuple[BundleMedia, ...]:
    """The files that a card shows; a folder of notes holds many others."""
    words = "\n".join(value for notes in decks.values() for note in notes for value in note.fields.values())
    return tuple(file for file in media if file.name in words)


# Writing.


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """A heading a set, and each card as ``Q:`` and ``A:`` with a ruler below, which hashcards and Obsidian to Anki read too.

    A card with blanks is written as ``C:`` with its blanks in brackets; tags stand in a comment above their card.
    """
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    for deck in bundle.decks:
        text.write(f"# {' '.join(deck.title.split())}\n\n")
        for note in deck.notes:
            if note.tags:
                text.write(f"<!-- tags: {', '.join(tag.replace('--', '-').replace(',', ' ') for tag in note.tags)} -->\n")
            text.write(_card(note))
            text.write("\n---\n\n")
    text.detach()


def _card(note: BundleNote) -> str:
    term, definition = note.fields.get("term", ""), note.fields.get("definition", "")
    if note.kind == "cloze" and "{{c" in term:
        return f"C: {_blanks(term)}\n"
    return f"Q: {markdown_of(term)}\nA: {_after_colon(markdown_of(definition))}\n"


def _after_colon(text: str) -> str:
    """A list or a table does not begin on the line of its letter."""
    return f"\n\n{text}" if text.startswith(("- ", "|", "<table", "<pre", "<ol", "```", "\\[")) else text


def _blanks(html: str) -> str:
    """Blanks in brackets; hints are not known there, and go."""
    out, depth, at = [], 0, 0
    text = html
    while at < len(text):
        if text.startswith("{{c", at) and (end := text.find("::", at)) > 0:
            out.append("\ue002")
            depth, at = depth + 1, end + 2
        elif depth and text.startswith("}}", at):
            out.append("\ue003")
            depth, at = depth - 1, at + 2
        elif depth and text.startswith("::", at):
            at = text.find("}}", at) if text.find("}}", at) > 0 else len(text)
        else:
            out.append(text[at])
            at += 1
    return markdown_of("".join(out)).replace("\ue002", "[").replace("\ue003", "]")


__all__ = ["EXTENSIONS", "KEEPS", "TITLE", "read", "recognises", "write"]
