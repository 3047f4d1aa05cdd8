"""QTI: three generations, packages, pairs and gaps."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.formats.qti import format as qti

SAMPLES = Path(__file__).parent.parent / "samples"
SECOND = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t">
<responseDeclaration identifier="R" cardinality="{many}" baseType="{kind}"><correctResponse>{right}</correctResponse></responseDeclaration>
<itemBody>{body}</itemBody></assessmentItem>"""


def read(data: bytes, name: str = "x.xml") -> Bundle:
    return qti.read(Source(name=name, data=data), {})


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, text in files.items():
            box.writestr(name, text)
    return out.getvalue()


def test_the_first_generation() -> None:
    (deck,) = read((SAMPLES / "one.xml").read_bytes()).decks
    assert deck.title == "Cells"
    first, second = deck.notes
    assert dict(first.fields) == {"term": "What makes ATP?", "definition": "the mitochondrion", "explanation": "Plants have it too."}
    assert first.extra["distractors"] == ["the nucleus"]
    assert (second.fields["definition"], second.extra["accepted"], second.guid) == ("H2O", ["water"], "cell-2")


def test_the_third_generation() -> None:
    (note,) = read((SAMPLES / "three.xml").read_bytes()).decks[0].notes
    assert note.fields["term"] == "Which of these <em>make</em> ATP?"
    assert note.fields["definition"] == "<ul><li>Mitochondria</li><li>Chloroplasts</li></ul>"
    assert note.extra["distractors"] == ["Ribosomes"]


def test_pairs_become_a_card_each() -> None:
    body = """<matchInteraction responseIdentifier="R"><prompt>Match.</prompt>
    <simpleMatchSet><simpleAssociableChoice identifier="A">Ribosome</simpleAssociableChoice><simpleAssociableChoice identifier="B">Lysosome</simpleAssociableChoice></simpleMatchSet>
    <simpleMatchSet><simpleAssociableChoice identifier="X">makes proteins</simpleAssociableChoice><simpleAssociableChoice identifier="Y">digests</simpleAssociableChoice></simpleMatchSet>
    </matchInteraction>"""
    text = SECOND.format(many="multiple", kind="directedPair", right="<value>A X</value><value>B Y</value>", body=body)
    first, second = read(text.encode()).decks[0].notes
    assert first.fields == {"term": "<p>Match.</p><p>Ribosome</p>", "definition": "makes proteins"}
    assert (second.fields["definition"], second.extra["distractors"]) == ("digests", ["makes proteins"])


def test_a_gap_to_write_in_is_a_gap() -> None:
    text = SECOND.format(many="single", kind="string", right="<value>H2O</value>", body='<p>Water: <textEntryInteraction responseIdentifier="R"/></p>')
    (note,) = read(text.encode()).decks[0].notes
    assert (note.fields["term"], note.fields["definition"]) == ("Water: _____", "H2O")


def test_a_package_is_read_file_by_file_and_a_broken_one_costs_only_itself() -> None:
    good = SECOND.format(many="single", kind="string", right="<value>4</value>", body='<p>2+2 <textEntryInteraction responseIdentifier="R"/></p>')
    data = packed({"imsmanifest.xml": "<manifest/>", "items/1.xml": good, "items/2.xml": "<a><<<", "../../evil.xml": good})
    assert qti.recognises(data, "quiz.zip") > 0.9
    bundle = read(data, "quiz.zip")
    assert bundle.notes == 2
    assert any("items/2.xml" in problem.where for problem in bundle.problems)


def test_an_empty_package_says_so() -> None:
    with pytest.raises(Unreadable, match="no questions"):
        read(packed({"imsmanifest.xml": "<manifest/>"}), "quiz.zip")
