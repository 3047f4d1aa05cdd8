"""Real files and what is known of them: each format gives exactly the cards that their truth says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kartoteka import shelf
from kartoteka.formats.base import Bundle, BundleNote, Source
from kartoteka.formats.marks import html_of_markdown
from kartoteka.formats.prose import lines_of

FORMATS = shelf.parts("formats", "format")
_BLANK = re.compile(r"\{\{c(\d+)::((?:(?!\}\}|::).)*)(?:::((?:(?!\}\}).)*))?\}\}")


def read(file: Path) -> Bundle:
    head = file.read_bytes()[:65536]
    name = max(FORMATS, key=lambda known: FORMATS[known].recognises(head, file.name))
    bundle: Bundle = FORMATS[name].read(Source(name=file.name, path=file), {})
    return bundle


def words(html: str) -> str:
    """What a side says: without its marks and its spacing."""
    return re.sub(r" (?=[.!?]$)", "", _bare(html))


def _bare(html: str) -> str:
    return re.sub(r"[\s\-•*`|]+", " ", re.sub("_{2,}", "___", lines_of(re.sub(r"<img\b[^<>]*>|<math>.*?</math>", "", html)))).strip()


def asked(note: BundleNote) -> Iterator[tuple[str, str]]:
    """Every card of a note as two sides in words."""
    term, definition = note.fields["term"], note.fields["definition"]
    if note.kind == "cloze":
        for number in sorted({int(found[1]) for found in _BLANK.finditer(term)}):
            yield words(_hidden(term, number)), " / ".join(words(found[2]) for found in _BLANK.finditer(term) if int(found[1]) == number)
        return
    yield words(term), words(definition)
    if any(card.ordinal == 1 for card in note.cards):
        yield words(definition), words(term)


def _hidden(term: str, number: int) -> str:
    return _BLANK.sub(lambda found: f"[...{found[3] or ''}]" if int(found[1]) == number else found[2], term)


def told(side: str) -> str:
    """A side of the truth in the same words; it stands there as its program writes it."""
    return words(html_of_markdown(side.replace("---", ""))) if "<" not in side else words(side)


@pytest.mark.parametrize(
    "pattern",
    [
        "anki_editor/deck.org",
        "brainscape/page_copy.txt",
        "cram/export_tab.txt",
        "markdown_notes/lecture.md",
        "mnemosyne/deck.cards",
        "mochi/edn.mochi",
        "obsidian_sr/all_syntaxes.md",
        "org/drill.org",
        "qti/qti21_package.zip",
        "quizlet/export_comma_newline.txt",
        "quizlet/export_dash_semicolon.txt",
        "quizlet/export_tab_newline_multiline_defs.txt",
        "quizlet/export_tab_newline_simple.txt",
        "studystack/export.txt",
        "supermemo/qa.txt",
        "xlsx_tricky.xlsx",
    ],
)
def test_the_cards_are_those_of_the_truth(samples: Path, pattern: str) -> None:
    file = samples / "formats" / "own_made" / pattern
    truth = json.loads(file.with_name(f"{file.name}.expected.json").read_text())
    bundle = read(file)
    notes = [note for deck in bundle.decks for note in deck.notes]
    found = [card for note in notes for card in asked(note)]
    expected = [(told(term), told(definition)) for term, definition in truth["cards"]]
    assert found[: len(expected)] == expected
    assert len(found) == len(expected) or pattern == "xlsx_tricky.xlsx"  # its second sheet is not in the truth
    if "title" in truth:
        assert bundle.decks[0].title == truth["title"]
    if "decks" in truth:
        assert [deck.title for deck in bundle.decks] == truth["decks"]


def of_ast(question: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Term and first right answer of a question as a GIFT parser's tree says them."""
    stem = words(_text(question["stem"]))
    kind, choices = question["type"], question.get("choices") or []
    if kind == "Matching":
        for pair in question["matchPairs"]:
            if pair["subquestion"]["text"].strip():
                yield words(f"{stem} {_text(pair['subquestion'])}"), words(pair["subanswer"])
    elif kind == "TF":
        yield stem, "True" if question["isTrue"] else "False"
    elif kind in ("MC", "Short"):
        right = [choice for choice in choices if choice["isCorrect"] or (choice["weight"] or 0) > 0]
        full = [choice for choice in right if choice["isCorrect"] and (choice["weight"] is None or choice["weight"] >= 100)]
        yield stem, words(" ".join(_text(choice["text"]) for choice in (full[:1] or right)))
    elif kind == "Numerical":
        best = choices if isinstance(choices, dict) else choices[0]["text"]
        yield stem, f"{best['number']}" + (f" ± {best['range']}" if best.get("range") else "")


def _text(side: dict[str, str]) -> str:
    return html_of_markdown(side["text"]) if side["format"] == "markdown" else side["text"]


def test_gift_is_what_its_parser_says(samples: Path) -> None:
    for file in sorted((samples / "formats" / "gift").glob("*.gift")):
        tree = json.loads(file.with_suffix(".json").read_text())
        expected = [card for question in tree for card in of_ast(question)]
        found = [card for deck in FORMATS["gift"].read(Source(name=file.name, path=file), {}).decks for note in deck.notes for card in asked(note)]
        assert found == expected, file.name
