"""A whole library goes into an archive and comes home equal: on another instance, in another account, and here again."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.fsrs import WEIGHTS_6, WEIGHTS_7
from kartoteka.engine.questions import Response
from kartoteka.engine.state import Model
from kartoteka.formats.base import BundleReview, Unreadable
from kartoteka.library import actions as library
from kartoteka.library.models import Card, Deck, DeckMedia, Note
from kartoteka.people import actions as people
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import Refusal
from kartoteka.study import actions as study
from kartoteka.study import queries as study_queries
from kartoteka.study.models import Fit, Logged, Mark, Memory, Review
from kartoteka.study.own import kept_of, model_of
from kartoteka.transfer import actions, archive
from kartoteka.transfer.tests.conftest import person

NOON = 1_767_268_800_000  # 1 January 2026, 12:00 UTC
MINUTE, DAY = 60_000, 86_400_000
SAME_EVERYWHERE = ("kartoteka.json", "READ-ME.txt", "person.jsonl", "imports.jsonl", "browsers.jsonl")


@pytest.fixture
def library_of_anna(anna: Person) -> Deck:
    """A set with a list, blanks, a formula and a picture; answers in two ways, one taken back; a star; a card in the bin."""
    deck = library.make_deck(anna, title="Cells", description="<p>of <b>plants</b></p>", tags=["biology"], term_lang="en", definition_lang="en")
    out = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(out, "PNG")
    library.put_media(deck, "leaf.png", io.BytesIO(out.getvalue()), alt="A leaf")
    library.add_note(deck, term="Wall", definition="<ul><li>stiff</li><li>of <em>cellulose</em><ul><li>a sugar</li></ul></li></ul>", hint="of <b>trees</b>")
    library.add_note(deck, term='<img src="leaf.png">', definition=r"\(a^2\)")
    gone = library.add_note(deck, term="Vacuole", definition="holds water")
    library.bin_note(gone)
    people.prefer(anna, now_ms=NOON, minutes_a_day=25, day_start_min=180, motion="reduced", keys={"star": "x"}, retentions={deck.id.hex: 0.9})
    for mode in ("spaced", "sorting"):
        sitting = study.sit(anna, deck=deck, mode=mode, options={}, now_ms=NOON, dice=random.Random(1))
        for n, question in enumerate(study_queries.next_questions(sitting)):
            given = study.Given(uuid7(), sitting.id, question.id, Response(rating=3 - 2 * (n % 2), flipped=True), NOON + n * MINUTE, 4000)
            assert study.answer(anna, given, now_ms=NOON + DAY).status == "stored"
        study.undo(anna, sitting, id=uuid7(), now_ms=NOON + DAY)
    study.mark(anna, Card.objects.filter(deck=deck).order_by("id")[0].id, deck.id, starred=True)
    return deck


def packed(owner: Person, folder: Path, name: str = "library.zip") -> Path:
    path = folder / name
    path.write_bytes(b"".join(archive.pieces(owner, now_ms=NOON + DAY)))
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist() if name not in SAME_EVERYWHERE}


def brought(owner: Person, path: Path, **more: Any) -> actions.Report:
    proposal = actions.propose(owner, name=path.name, data=path.read_bytes())
    return actions.accept(proposal, now_ms=NOON + 2 * DAY, **more)


def memories(owner: Person) -> list[Any]:
    return list(Memory.objects.filter(learner=owner).order_by("due_ms", "s6").values_list("s6", "d6", "s7", "d7", "due_ms", "n", "lapses"))


def test_an_archive_brought_to_an_empty_instance_gives_the_same_archive_again(anna: Person, library_of_anna: Deck, tmp_path: Path) -> None:
    first = packed(anna, tmp_path)
    remembered = memories(anna)
    people.delete_account(anna)
    assert not Note.objects.exists()
    assert not Review.objects.exists()
    dora = person("Dora")
    report = brought(dora, first)
    assert (report.accepted, report.format, report.counts["new"]) == (True, "kartoteka", 3)
    assert [(deck.title, deck.notes, deck.cards, deck.media, deck.reviews) for deck in report.decks] == [("Cells", 2, 2, 1, 2)]
    assert members(packed(dora, tmp_path, "again.zip")) == members(first)
    assert memories(dora) == remembered
    assert not list(study_queries.wrong_memories())
    dora.refresh_from_db()
    assert (dora.minutes_a_day, dora.day_start_min) == (25, 180)
    assert (dora.motion, dora.keys, list(dora.retentions.values())) == ("reduced", {"star": "x"}, [0.9])


def test_what_is_here_already_is_not_doubled_and_what_was_lost_is_back(anna: Person, library_of_anna: Deck, tmp_path: Path) -> None:
    path = packed(anna, tmp_path)
    note = Note.objects.get(deck=library_of_anna, term_text="Wall")
    library.edit_note(note, version=note.version, term="Cell wall", definition="stiff")
    Note.objects.filter(deck=library_of_anna).exclude(id=note.id).delete()
    report = brought(anna, path)
    assert (report.counts["new"], report.counts["same"]) == (2, 1)
    assert Deck.objects.filter(owner=anna).count() == 1
    assert Note.objects.get(id=note.id).term == "Cell wall"
    assert Review.objects.filter(learner=anna).count() == 6
    assert brought(anna, path).counts["new"] == 0


def test_another_account_here_gets_the_same_library_under_other_ids(anna: Person, library_of_anna: Deck, cleo: Person, tmp_path: Path) -> None:
    path = packed(anna, tmp_path)
    for _time in range(2):
        brought(cleo, path)
    mine = Deck.objects.get(owner=cleo)
    assert mine.id != library_of_anna.id
    assert [note.definition for note in Note.objects.filter(deck=mine, term_text="Wall")] == [
        Note.objects.get(deck=library_of_anna, term_text="Wall").definition
    ]
    assert f"/media/{mine.id}/" in Note.objects.get(deck=mine, term__contains="<img").term
    assert memories(cleo) == memories(anna)
    assert Mark.objects.get(learner=cleo).card_id in Card.objects.filter(deck=mine).values_list("id", flat=True)
    assert DeckMedia.objects.get(deck=mine).alt == "A leaf"
    assert not list(study_queries.wrong_memories())
    assert Review.objects.filter(learner=cleo).count() == Review.objects.filter(learner=anna).count()


def test_what_cards_brought_from_another_program_goes_along_and_is_not_doubled(anna: Person, library_of_anna: Deck, cleo: Person, tmp_path: Path) -> None:
    cards = Card.objects.filter(deck=library_of_anna).values_list("id", flat=True)
    brought_along = [BundleReview(NOON - n * DAY, 1 + n % 4, 2000, (n, -600)) for n in range(1, 30)]
    study.adopt(anna, dict.fromkeys(cards, brought_along), library_of_anna)
    first, remembered = packed(anna, tmp_path), memories(anna)
    rows = Logged.objects.filter(learner=anna).count()
    brought(anna, first)
    brought(cleo, first)
    brought(cleo, first)
    assert [Logged.objects.filter(learner=one).count() for one in (anna, cleo)] == [rows, rows]
    assert memories(anna) == remembered
    assert sorted(Memory.objects.filter(learner=cleo).values_list("s6", "s7", "n")) == sorted((one[0], one[2], one[5]) for one in remembered)
    people.delete_account(anna)
    dora = person("Dora")
    brought(dora, first)
    assert members(packed(dora, tmp_path, "again.zip")) == members(first)
    assert memories(dora) == remembered
    for one in (cleo, dora):  # the same file of the other program comes in again
        deck = Deck.objects.get(owner=one)
        assert study.adopt(one, dict.fromkeys(Card.objects.filter(deck=deck).values_list("id", flat=True), brought_along), deck) == 0
    assert not list(study_queries.wrong_memories())


OWN = Model.of((0.5, 3.0, 7.0, 20.0, *WEIGHTS_6[4:]), WEIGHTS_7, Beliefs((0.2, 0.5, 0.6, 0.0, 0.1, -0.1), 0.0, 20_000))


def own_memory(learner: Person) -> Fit:
    fit = Fit.objects.create(learner=learner, number=1, state=Fit.State.KEPT, at_ms=1, **kept_of(OWN))
    study.take_up_model(learner, fit.id)
    study.replay(learner, now_ms=NOON + DAY)
    return fit


def test_a_memory_model_of_ones_own_comes_along_and_stays_in_use(anna: Person, library_of_anna: Deck, cleo: Person, tmp_path: Path) -> None:
    own_memory(anna)
    path = packed(anna, tmp_path)
    for _time in range(2):
        brought(cleo, path)
    cleo.refresh_from_db()
    fit = Fit.objects.get(learner=cleo)
    assert cleo.fit_id == fit.id != anna.fit_id
    assert model_of(cleo) == OWN == model_of(anna)
    assert [one[:4] for one in memories(cleo)] == [one[:4] for one in memories(anna)]  # when a card is due hangs on its id too
    assert not list(study_queries.wrong_memories())


@pytest.mark.parametrize("weights", [["a", *WEIGHTS_6[1:]], WEIGHTS_6[:3], [-5.0, *WEIGHTS_6[1:]]])
def test_a_memory_model_that_nobody_could_reckon_with_changes_nothing(anna: Person, library_of_anna: Deck, cleo: Person, tmp_path: Path, weights: Any) -> None:
    fit = own_memory(anna)
    Fit.objects.filter(id=fit.id).update(weights6=list(weights))
    with pytest.raises((Unreadable, Refusal)):
        brought(cleo, packed(anna, tmp_path))
    assert not Deck.objects.filter(owner=cleo).exists()


def test_a_card_that_was_left_out_stays_out(anna: Person, library_of_anna: Deck, cleo: Person, tmp_path: Path) -> None:
    path = packed(anna, tmp_path)
    people.delete_account(anna)
    report = brought(cleo, path, leave_out=["0.0"])
    assert report.counts["new"] == 2
    assert not Note.objects.filter(term_text="Wall").exists()


def rewritten(path: Path, name: str, change: Any) -> Path:
    """The archive with one member changed."""
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, change(old.read(member)) if member == name else old.read(member))
    return out


def row_with(**values: Any) -> Any:
    def change(lines: bytes) -> bytes:
        first, *others = lines.splitlines()
        return b"\n".join([json.dumps({**json.loads(first), **values}).encode(), *others, b""])

    return change


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("reviews.jsonl", row_with(evidence={"kind": "rating"})),
        ("reviews.jsonl", row_with(evidence={"kind": "rating", "outcome": "much", "mode": "x"})),
        ("reviews.jsonl", row_with(at_ms="yesterday")),
        ("reviews.jsonl", row_with(outcome=float("nan"))),
        ("reviews.jsonl", lambda lines: lines[:-30]),
        ("cards.jsonl", row_with(id="no id")),
        ("hands.jsonl", row_with(cards={"a": 1})),
        ("notes.jsonl", row_with(kind="x" * 500)),
        ("notes.jsonl", row_with(fields=[])),
        ("marks.jsonl", row_with(starred="perhaps")),
        ("media-files.jsonl", row_with(sha256="0" * 64)),
        ("kartoteka.json", lambda _manifest: b'{"archive": 99}'),
        ("kartoteka.json", lambda _manifest: b"[]"),
    ],
)
def test_a_damaged_archive_changes_nothing(anna: Person, library_of_anna: Deck, tmp_path: Path, name: str, change: Any) -> None:
    path = rewritten(packed(anna, tmp_path), name, change)
    people.delete_account(anna)
    dora = person("Dora")
    with pytest.raises((Unreadable, Refusal)) as told:
        brought(dora, path)
    assert str(told.value).count("\n") == 0
    for model in (Deck, Note, Card, Review, Memory, Mark):
        assert not model._default_manager.exists(), f"{name}: {model.__name__}"


def test_an_archive_whose_packing_is_hurt_changes_nothing(anna: Person, library_of_anna: Deck, tmp_path: Path) -> None:
    path = packed(anna, tmp_path)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as whole:
        looked_at = ("kartoteka.json", "decks.jsonl", "notes.jsonl", "reviews.jsonl")
        for member in (one for one in whole.infolist() if one.filename.endswith(".jsonl") and one.filename not in looked_at and one.compress_size > 8):
            begin = member.header_offset + 30 + len(member.filename) + int.from_bytes(data[member.header_offset + 28 : member.header_offset + 30], "little")
            data[begin : begin + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    people.delete_account(anna)
    with pytest.raises(Unreadable, match="damaged"):
        brought(person("Dora"), path)


def test_a_file_that_is_not_what_its_hash_says_is_refused(anna: Person, library_of_anna: Deck, tmp_path: Path) -> None:
    path = packed(anna, tmp_path)
    sha256 = DeckMedia.objects.get().media_id
    people.delete_account(anna)
    with pytest.raises(Unreadable):
        brought(person("Dora"), rewritten(path, f"media/{sha256}", lambda data: data[:-1] + b"x"))


def test_what_comes_home_is_cleaned_again(anna: Person, library_of_anna: Deck, tmp_path: Path) -> None:
    change = row_with(
        term="<script>alert(1)</script><b onclick=alert(1)>Wall</b>", definition="<img src=x onerror=alert(1)>d", fields={"more": "<script>x</script>m"}
    )
    path = rewritten(packed(anna, tmp_path), "notes.jsonl", change)
    people.delete_account(anna)
    brought(person("Dora"), path)
    note = Note.objects.get(term_text="Wall")
    assert note.term == "<b>Wall</b>"
    assert "onerror" not in note.definition
    assert note.fields == {"more": "m"}
