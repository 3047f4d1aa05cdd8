"""Readers speak English with their parts apart; who reads it hears their own language."""

from __future__ import annotations

import ast
import copy
import io
import json
from pathlib import Path

import pytest
from django.utils import translation

from kartoteka import formats
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Problem, Said, Source, Unreadable
from kartoteka.transfer import actions, reader, wire
from kartoteka.transfer.saying import in_words, place_in_words, told

ROOM = Path(formats.__file__).parent
ROW = Said("This row has %(cells)s columns, most have %(usual)s. Nothing of it was left out.", cells=5, usual=2)
INNER = Said("This looks like %(what)s, but its XML is broken from the start. Export it again.", what=Said("a Moodle quiz"))


def test_a_sentence_is_the_english_one_and_is_said_anew_in_german() -> None:
    assert ROW == "This row has 5 columns, most have 2. Nothing of it was left out."
    assert copy.deepcopy(ROW) == ROW
    assert copy.deepcopy(INNER).values == INNER.values
    with translation.override("de"):
        assert in_words(ROW) == "Diese Zeile hat 5 Spalten, die meisten haben 2. Nichts davon wurde weggelassen."
        assert in_words(INNER).startswith("Das sieht aus wie ein Moodle-Quiz, aber")
        assert in_words(Unreadable(INNER)) == in_words(INNER)
        assert in_words("Just words.") == "Just words."
    with translation.override("en"):
        assert in_words(INNER) == str(Unreadable(INNER)) == INNER


def test_a_place_is_said_in_german_and_stays_english_in_what_programs_read() -> None:
    problem = Problem("Animals, row 3", ROW)
    with translation.override("de"):
        assert place_in_words("line 297") == "Zeile 297"
        assert place_in_words("notes/a.md, line 3, pair 2") == "notes/a.md, Zeile 3, Paar 2"
        assert place_in_words("page 12 of it") == "page 12 of it"
        assert place_in_words("the file") == ""
        assert told(problem).startswith("Animals, Zeile 3: Diese Zeile hat 5 Spalten")
        assert told(Problem("line 4", "Zeile 4 hat nichts.")) == "Zeile 4 hat nichts."
        assert actions.refused(ROW, where="line 4").json()["problems"][0]["where"] == "line 4"
    with translation.override("en"):
        assert told(problem).startswith("Animals, row 3: This row has 5 columns")


def test_the_parts_come_through_the_wire() -> None:
    bundle = Bundle("csv", (BundleDeck("Cells", (BundleNote({"term": "a", "definition": "b"}),)),), (Problem("line 3", ROW, "info", 3), Problem("x", INNER)))
    lines = io.StringIO()
    wire.dump(bundle, lines)
    found = wire.load(lines.getvalue().splitlines()).problems
    assert found == bundle.problems
    with translation.override("de"):
        assert in_words(found[0].what).startswith("Diese Zeile hat 5 Spalten")
        assert "ein Moodle-Quiz" in in_words(found[1].what)
    assert json.loads(json.dumps(wire.parts_of("plain"))) == "plain"


def test_what_the_child_refuses_is_said_in_german_too() -> None:
    with translation.override("de"), pytest.raises(Unreadable) as refused:
        reader.read(Source(name="x.pdf", data=b"%PDF-1.4 nothing"), {}, format="documents")
    assert "cut or damaged" in str(refused.value)
    with translation.override("de"):
        assert in_words(refused.value).startswith("Dieses PDF ist abgeschnitten")


def test_of_many_alike_the_rest_is_one_sentence() -> None:
    findings = Findings()
    for line in range(1, 251):
        findings.say("ragged rows", ROW, line)
    told = findings.told()
    assert len(told) == 101
    assert told[-1].what.startswith("… and 150 more like this one: This row has 5 columns")
    with translation.override("de"):
        assert in_words(told[-1].what).startswith("… und 150 weitere wie diese: Diese Zeile hat 5 Spalten")


def test_the_report_says_it_in_the_language_that_is_set() -> None:
    report = actions.refused(INNER, where="quiz.xml")
    assert report.json()["problems"][0]["what"] == INNER
    with translation.override("de"):
        assert report.json()["problems"][0]["what"] == in_words(INNER)


def test_no_reader_says_what_cannot_be_translated() -> None:
    """What is said is a ``Said``, or a name that stands for one; never a text made on the spot."""
    found = []
    for path in ROOM.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = node.args[1:2] if name == "say" else node.args[:1] if name == "Unreadable" else []
            found += [f"{path.name}:{node.lineno}" for words in said if isinstance(words, ast.JoinedStr | ast.Constant | ast.BinOp)]
    assert not found


def test_a_file_is_called_as_it_is() -> None:
    assert told(Problem("words.txt", "There is nothing in it.")) == "words.txt: There is nothing in it."
    assert told(Problem("standard input", "There is nothing in it.")) == "Standard input: There is nothing in it."
