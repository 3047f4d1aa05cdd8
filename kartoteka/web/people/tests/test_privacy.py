"""Your data is yours: all of it is exported, and nothing of it is left."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote
from kartoteka.library import actions as library
from kartoteka.library import media
from kartoteka.library.files import path_of
from kartoteka.library.models import Deck, Media, Rating
from kartoteka.people import actions, privacy
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study.models import Accepted, Chosen, Draft, Exam, Fit, Hand, Mark, Memory, Paper, Progress, Review, Run, Sitting
from kartoteka.transfer import actions as transfer
from kartoteka.transfer import proposals
from kartoteka.web.people.tests.conftest import PASSWORD

CANARY = "Kanarienvogel"


@pytest.mark.parametrize("model", apps.get_models(include_auto_created=True), ids=lambda model: model._meta.label_lower)
def test_every_field_of_every_table_has_its_class(model: type) -> None:
    label = model._meta.label_lower  # type: ignore[attr-defined]
    if label in privacy.NOBODY:
        assert label not in privacy.TABLES
        return
    assert label in privacy.TABLES, f"{label}: say in people/privacy.py whose its rows are and what is exported of them, or in NOBODY why they are nobody's."
    fields = [field.attname for field in model._meta.concrete_fields]  # type: ignore[attr-defined]
    known = [name if name in fields else f"{name}_id" for name in privacy.TABLES[label].fields]
    assert sorted(known) == sorted(fields), f"{label}: in people/privacy.py give each field one class: exported, secret or derived."


def test_no_table_is_declared_that_is_not_there() -> None:
    assert {*privacy.TABLES, *privacy.NOBODY} == {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 3), (17, 34, 51)).save(out, "PNG")
    return out.getvalue()


def all_of(person: Person) -> Deck:
    """Something of this person in every table, with the canary's name wherever there is room for words."""
    deck = library.make_deck(person, title=f"{CANARY} deck", description=f"<p>{CANARY} description</p>", tags=[f"{CANARY}-tag"])
    note = library.add_note(deck, term=f"{CANARY} term", definition=f"{CANARY} definition")
    card = note.cards.get()
    media.put_media(deck, f"{CANARY}.png", io.BytesIO(picture()), alt=f"{CANARY} alt")
    mine = {"learner": person, "card_id": card.id, "deck_id": deck.id}
    sitting = Sitting.objects.create(learner=person, deck_id=deck.id, mode="flashcards", seed=1, began_ms=1, last_ms=1, extra={"said": f"{CANARY} extra"})
    Hand.objects.create(learner=person, sitting=sitting, number=1, dealt_ms=1, cards=[CANARY])
    Review.objects.create(
        id=uuid7(), **mine, sitting_id=sitting.id, mode="test", at_ms=1, client_ms=1, received_ms=1, day=1, response={"text": f"{CANARY} answer"}
    )
    Memory.objects.create(**mine, s6=1, d6=1, s7=1, d7=1, first_ms=1, last_ms=1, due_ms=1, more={"sitting": CANARY})
    Mark.objects.create(**mine, starred=True)
    Progress.objects.create(learner=person, deck_id=deck.id, first_ms=1, last_ms=1)
    Chosen.objects.create(learner=person, deck_id=deck.id, mode="test", values={"x": f"{CANARY} option"})
    Run.objects.create(learner=person, deck_id=deck.id, sitting_id=sitting.id, mode="match", kind="timed", size=6, elapsed_ms=1, time_ms=1, at_ms=1)
    Accepted.objects.create(learner=person, deck_id=deck.id, note_id=note.id, direction="forward", text=f"{CANARY} form", words=f"{CANARY} form", at_ms=1)
    paper = Paper.objects.create(learner=person, deck_id=deck.id, sitting_id=sitting.id, title=f"{CANARY} paper", possible=1, began_ms=1, last_ms=1)
    Exam.objects.create(learner=person, decks=[deck.id.hex], tag=f"{CANARY}-tag", day=1, made_ms=1)
    Fit.objects.create(learner=person, number=1, at_ms=1, modes={"said": CANARY})
    Draft.objects.create(learner=person, paper=paper, question="1", response={"text": f"{CANARY} draft"}, at_ms=1)
    if not person.is_guest:
        actions.make_link(person, timezone.now())
    found = Bundle("text", (BundleDeck("", (BundleNote({"term": f"{CANARY} one", "definition": "one"}),)),))
    transfer.propose(person, name=f"{CANARY}.txt", data=f"{CANARY} one\tone\n".encode(), bundle=found)
    return deck


def rows_that_name(word: str) -> list[str]:
    """Every table, and every row of it, in which the word stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [f"{table}: {row}" for row in cursor.fetchall() if word.casefold() in str(row).casefold()]
    return found


def files_that_name(word: str) -> list[str]:
    folders = [Path(settings.DATA) / "media", Path(settings.DATA) / "proposals"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if word.encode() in path.read_bytes() or word in str(path)]


@pytest.fixture(autouse=True)
def empty_folders() -> None:
    """What other tests left in the data folder is not this person's."""
    for folder in ("media", "proposals"):
        shutil.rmtree(Path(settings.DATA) / folder, ignore_errors=True)


@pytest.fixture
def canary(browser: Client, db: None) -> Client:
    browser.post("/account/sign-up/", {"username": CANARY, "password1": PASSWORD, "email": f"{CANARY}@example.org"})
    person = Person.objects.get(name=CANARY)
    all_of(person)
    cleo = actions.make_person("Cleo", PASSWORD, now=timezone.now())
    theirs = library.make_deck(cleo, title="Cleo’s own", visibility="public")
    Rating.objects.create(deck=theirs, person=person, stars=4)
    Review.objects.create(id=uuid7(), learner=cleo, card_id=uuid7(), deck_id=theirs.id, mode="test", at_ms=1, client_ms=1, received_ms=1, day=1)
    return browser


def unpacked(client: Client) -> dict[str, bytes]:
    response = client.get("/account/download/")
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_sets_leave_for_another_program(canary: Client) -> None:
    response = canary.get("/account/download/?format=colpkg")
    assert response["Content-Disposition"] == 'attachment; filename="kartoteka.colpkg"'
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert {"collection.anki21b", "media"} <= set(archive.namelist())
    assert canary.get("/account/download/?format=csv").status_code == 404


def test_everything_is_exported(canary: Client) -> None:
    files = unpacked(canary)
    person = Person.objects.get(name=CANARY)
    for label, kept in privacy.TABLES.items():
        rows = [json.loads(line) for line in files[f"{kept.file}.jsonl"].splitlines()] if kept.file else []
        assert len(rows) == (privacy.rows_of(person, label).count() if kept.file else 0)
        assert rows or not kept.file or label in ("mfa.authenticator",), f"{label}: nothing of it was exported"
        assert all(set(row) == set(kept.exported) for row in rows)
    whole = b"".join(files.values()).decode("utf-8", "replace")
    for words in (" deck", " description", "-tag", " term", " definition", " alt", " answer", " option", " extra", ".txt", "@example.org", " one"):
        assert f"{CANARY}{words}".casefold() in whole.casefold()
    assert picture_of(files)


def picture_of(files: dict[str, bytes]) -> bool:
    shas = [row.sha256 for row in Media.objects.all()]
    return any(files.get(f"media/{sha}", b"").startswith(b"\x89PNG") for sha in shas)


def test_no_secret_leaves(canary: Client) -> None:
    person = Person.objects.get(name=CANARY)
    whole = b"".join(unpacked(canary).values())
    for label, kept in privacy.TABLES.items():
        for row in privacy.rows_of(person, label).values(*kept.secret) if kept.secret else ():
            for value in row.values():
                assert str(value).encode() not in whole


def test_nothing_of_anyone_else_leaves(canary: Client) -> None:
    assert b"Cleo" not in b"".join(unpacked(canary).values())


def test_nothing_is_left_after_deletion(canary: Client) -> None:
    person = Person.objects.get(name=CANARY)
    ids = [str(person.id), person.id.hex, *(deck.id.hex for deck in Deck.objects.filter(owner=person))]
    sha = Media.objects.get().sha256
    assert rows_that_name(CANARY)
    assert files_that_name(CANARY)
    response = canary.post("/account/delete/", {"name": CANARY, "password": PASSWORD})
    assert response.status_code == 200
    assert "Everything is deleted" in response.content.decode()
    for word in (CANARY, *ids):
        assert not rows_that_name(word)
    assert not files_that_name(CANARY)
    assert not path_of(sha).exists()
    assert canary.get("/account/").status_code == 302
    assert Person.objects.filter(name="Cleo").exists()
    assert Review.objects.count() == 1


def test_a_file_that_another_deck_shows_stays(canary: Client) -> None:
    cleo = Person.objects.get(name="Cleo")
    media.put_media(Deck.objects.get(owner=cleo), "same.png", io.BytesIO(picture()))
    sha = Media.objects.get().sha256
    canary.post("/account/delete/", {"name": CANARY, "password": PASSWORD})
    assert path_of(sha).exists()


@pytest.mark.parametrize("wrong", [{"name": "kanarienvogel!"}, {"name": CANARY}, {"name": CANARY, "password": "x"}, {"name": "", "password": PASSWORD}])
def test_deletion_is_meant_or_not_done(canary: Client, wrong: dict[str, str]) -> None:
    assert canary.post("/account/delete/", wrong).status_code == 400
    assert Person.objects.filter(name=CANARY).exists()


def test_a_guest_takes_everything_along_and_leaves_too(browser: Client, db: None) -> None:
    browser.post("/account/settings/", {"theme": "dark"})
    guest = Person.objects.get()
    all_of(guest)
    assert CANARY.encode() in b"".join(unpacked(browser).values())
    assert browser.post("/account/delete/", {"name": "Guest"}).status_code == 200
    assert not rows_that_name(CANARY)
    assert not Person.objects.exists()


def test_a_proposal_s_file_goes_too(canary: Client) -> None:
    (id,) = privacy.rows_of(Person.objects.get(name=CANARY), "transfer.proposal").values_list("id", flat=True)
    assert proposals.folder(id).exists()
    canary.post("/account/delete/", {"name": CANARY, "password": PASSWORD})
    assert not proposals.folder(id).exists()
