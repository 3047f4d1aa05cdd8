"""Moodle's question bank as XML: the right answer becomes the definition, wrong ones stay as wrong answers to choose from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import unquote

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleMedia, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import is_shown, safe_name
from kartoteka.formats.marks import html_of_markdown
from kartoteka.formats.markup import Element, all_of, child, children, root_in, text_at, tree_of
from kartoteka.formats.prose import html_of, lines_of
from kartoteka.formats.quizzes import Asked, note_of, say_unanswered, under

TITLE = Said("Moodle XML quiz")
EXTENSIONS = (".xml",)
KEEPS = (
    "questions",
    "right answers",
    "wrong answers",
    "explanations",
    "matching pairs",
    "gaps",
    "tags",
    "categories as sets",
    "pictures and sounds",
    "formatting",
)
DROPS = (
    "points and penalties of answers",
    "feedback to wrong answers",
    "questions without a right answer, such as essays and descriptions",
)

MOST_FILE_BYTES = 20 * 1024 * 1024
_EMBEDDED = re.compile(r"\{(\d*):([A-Z_]+):([^{}]{0,4000})\}")
_PLACE = re.compile(r"\[\[(\d{1,3})\]\]")
_UNASKED = ("category", "description", "")


def recognises(head: bytes, name: str) -> float:
    if root_in(head) != "quiz":
        return 0.0
    return 0.97 if b"<question" in head or b"\0" in head[:100] else 0.9


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    root = tree_of(source.bytes(), Said("a Moodle quiz"), findings)
    if not any(True for _question in children(root, "question")):
        raise Unreadable(Said("There are no questions in this Moodle file. Export the category again, and choose Moodle XML."))
    decks: dict[str, list[BundleNote]] = {}
    media: dict[str, BundleMedia] = {}
    category = tables.title_of(source.name)
    for question in children(root, "question"):
        kind = question.get("type") or ""
        if kind == "category":
            category = _category(question) or category
            continue
        decks.setdefault(category, []).extend(_notes(question, kind, source, media, findings))
    found = tuple(BundleDeck(title, tuple(notes)) for title, notes in decks.items() if notes) or (BundleDeck(category, ()),)
    return Bundle("moodle", found, findings.told(), media=tuple(media.values()))


def _category(question: Element) -> str:
    path = text_at(question, "category", "text") or text_at(question, "name", "text")
    parts = (part.strip() for part in re.sub(r"^\$\w+\$/?", "", path).split("/"))
    return "::".join(part for part in parts if part and part != "top")[:200]


def _notes(question: Element, kind: str, source: Source, media: dict[str, BundleMedia], findings: Findings) -> Iterator[BundleNote]:
    line = question.sourceline
    where = f"line {line}"
    html = _Fields(source, media, findings)
    stem = html.of(child(question, "questiontext"))
    title = text_at(question, "name", "text")
    tags = tuple(dict.fromkeys(tag for found in all_of(question, "tag") if (tag := text_at(found, "text"))))
    explanation = html.of(child(question, "generalfeedback"))
    id = text_at(question, "idnumber")
    stem = stem if lines_of(stem).strip() or "<img" in stem else escape(title, quote=False)
    base: dict[str, Any] = {"title": title, "tags": tags, "where": where, "line": line}
    if kind in _UNASKED:
        findings.say(
            "descriptions", Said("“%(words)s” is a description without a question. It was left out.", words=_short(title or stem)), line, "info", where=where
        )
        return
    pairs = [(html.of(found), html.of(child(found, "answer"))) for found in children(question, "subquestion")]
    if pairs:
        for number, (term, answer) in enumerate(pairs, start=1):
            if lines_of(term).strip() or "<img" in term:
                wrong = tuple(other for _term, other in pairs if other != answer)
                yield note_of(
                    Asked(under(stem, term), (answer,), wrong, explanation, guid=f"{id}-{number}" if id else "", **{**base, "where": f"{where}, pair {number}"})
                )
        return
    asked = _gaps(stem) if kind == "cloze" or _EMBEDDED.search(stem) else _places(question, stem) if kind in ("ddwtos", "gapselect") else None
    if asked is not None:
        yield note_of(Asked(asked[0], asked[1], asked[2], explanation, guid=id, together=True, **base))
        return
    right, wrong, said, together = _answers(question, kind, html)
    if not right and kind in ("essay", "shortanswer") and (info := html.of(child(question, "graderinfo")) or explanation):
        right, explanation = (info,), ""
    if not right:
        say_unanswered(findings, Said("“%(words)s” has no right answer in this file.", words=_short(stem)), where, line)
        return
    yield note_of(Asked(stem, right, wrong, explanation + said, guid=id, together=together, **base))


def _answers(question: Element, kind: str, html: _Fields) -> tuple[tuple[str, ...], tuple[str, ...], str, bool]:
    """What is right, what is wrong, what is said of each, and whether all the right ones belong together."""
    found = []
    for answer in children(question, "answer"):
        said = html.of(child(answer, "feedback"))
        found.append((_fraction(answer), html.of(answer), said))
    if kind == "truefalse":
        found = [(weight, words.strip().capitalize(), said) for weight, words, said in found]
    full = [words for weight, words, _said in found if weight >= 99.9]
    partial = [words for weight, words, _said in found if 0 < weight < 99.9]
    if kind == "ordering":  # each says its place
        return tuple(words for _place, words, _said in sorted(found, key=lambda one: one[0])), (), "", True
    single = text_at(question, "single").lower() not in ("false", "0")
    together = kind == "multichoice" and not full and len(partial) > 1 and (not single or len(partial) > 1)
    right = tuple(partial) if together else tuple(full or partial[:1])
    if kind == "numerical":
        right = tuple(_near(answer, html) for answer in children(question, "answer") if _fraction(answer) >= 99.9) or right
    wrong = tuple(words for _weight, words, _said in found if words not in right) if kind not in ("shortanswer", "numerical") else ()
    said = "".join(f"<p>{words}: {said}</p>" for _weight, words, said in found if lines_of(said).strip())
    return right, wrong, said, together


def _near(answer: Element, html: _Fields) -> str:
    near = text_at(answer, "tolerance")
    return html.of(answer) + (f" ± {escape(near, quote=False)}" if near.strip("0. ") else "")


def _fraction(answer: Element) -> float:
    try:
        return float(answer.get("fraction") or 0)
    except ValueError:
        return 0.0


def _gaps(stem: str) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """An embedded question (``{1:MULTICHOICE:=a~b}``) with its gaps shown as gaps, what belongs there, and what does not."""
    right: list[str] = []
    wrong: list[str] = []
    for found in _EMBEDDED.finditer(stem):
        for piece in re.findall(r"(?:^|(?<=~))\s*(=|%-?\d+%)?([^~#]*)", found[3]):
            words = re.sub(r":[\d.]+$", "", piece[1].strip()) if "NUM" in found[2] else piece[1].strip()
            if piece[0] in ("=", "%100%") and words:
                right.append(words)
                break
        wrong += [
            words.strip() for sign, words in re.findall(r"(?:^|(?<=~))\s*(=|%-?\d+%)?([^~#]*)", found[3]) if not sign and words.strip() and "MULTI" in found[2]
        ]
    return (_EMBEDDED.sub("_____", stem), tuple(right), tuple(wrong)) if right else None


def _places(question: Element, stem: str) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """Words to be drawn or chosen into ``[[1]]``, ``[[2]]``: numbered as they come, the others do not belong."""
    words = [escape(text_at(box, "text"), quote=False) for box in children(question, "dragbox", "selectoption")]
    numbers = [int(found[1]) for found in _PLACE.finditer(stem)]
    right = tuple(words[number - 1] for number in numbers if 0 < number <= len(words))
    wrong = tuple(word for number, word in enumerate(words, start=1) if number not in numbers)
    return (_PLACE.sub("_____", stem), right, wrong) if right else None


class _Fields:
    """Reads fields in Moodle's formats, and lays aside the files that stand in them."""

    def __init__(self, source: Source, media: dict[str, BundleMedia], findings: Findings) -> None:
        self.source, self.media, self.findings = source, media, findings

    def of(self, field: Element | None) -> str:
        if field is None:
            return ""
        text = text_at(field, "text") or ((field.text or "").strip() if child(field, "text") is None else "")
        if not text:
            return ""
        for file in children(field, "file"):
            self._keep(file)
        form = field.get("format") or ("html" if re.search(r"</?\w+[^<>]*>", text) else "plain_text")
        if form in ("plain_text", "plain"):
            return html_of(text)
        if form == "markdown":
            return html_of_markdown(text, breaks=False)
        return re.sub(r"@@PLUGINFILE@@/?([^\"'<>\s]*)", lambda found: escape(safe_name(unquote(found[1]))), text)

    def _keep(self, file: Element) -> None:
        name = safe_name(file.get("name") or "")
        if not name or name in self.media or not is_shown(name):
            return
        try:
            data = base64.b64decode(re.sub(r"\s+", "", file.text or ""), validate=True)
        except (binascii.Error, ValueError):
            self.findings.say("files left out", Said("“%(name)s” is damaged in this file. It was left out.", name=name[:80]), where=name)
            return
        folder = self.source.folder
        if folder is None or not data or len(data) > MOST_FILE_BYTES:
            return
        digest = hashlib.sha256(data).hexdigest()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / digest).write_bytes(data)
        self.media[name] = BundleMedia(name, folder / digest, digest, len(data), mimetypes.guess_type(name)[0] or "")


def _short(html: str) -> str:
    return " ".join(lines_of(html).split())[:60]
