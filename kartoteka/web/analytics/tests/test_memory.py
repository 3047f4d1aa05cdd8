"""The page about one's own memory: what was learned in plain words, in which version, with the way back; nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.evidence import Noise
from kartoteka.engine.fsrs import WEIGHTS_6, WEIGHTS_7
from kartoteka.engine.state import PLAIN_MODEL, Model
from kartoteka.people.models import Person
from kartoteka.study import fitting
from kartoteka.study.models import Fit, Progress
from kartoteka.study.own import kept_of
from kartoteka.study.portrait import own_memory, sentences_of, spans_of

pytestmark = pytest.mark.django_db
OWN = Model.of((0.9, 5.0, 12.0, 40.0, *WEIGHTS_6[4:]), WEIGHTS_7, Beliefs((0.4, 0.6, 0.5, 0.0, 0.0, -0.05)), (("choice", Noise(0.45, 0.03, 0.4)),), 0.5)


@pytest.fixture
def anna() -> Person:
    found = Person.objects.create(name="Anna")
    Progress.objects.create(learner=found, deck_id=found.id, answers=1234, first_ms=1, last_ms=2)
    return found


def page(person: Person | None) -> str:
    client = Client()
    if person:
        client.force_login(person)
    return client.get("/analytics/memory/").content.decode()


def keep(person: Person, *, in_use: bool = True, **values: Any) -> Fit:
    number = Fit.objects.filter(learner=person).count() + 1
    values = {"at_ms": 1_767_268_800_000, "answers": 1234, "scored": 700, "before": 0.4, "after": 0.36, "state": Fit.State.KEPT, **kept_of(OWN), **values}
    fit = Fit.objects.create(learner=person, number=number, **values)
    if in_use:
        Person.objects.filter(id=person.id).update(fit_id=fit.id)
    return fit


def test_who_studies_by_the_published_weights_is_told_so(anna: Person) -> None:
    found = page(anna)
    assert "Your cards come back as it suits most people" in found
    assert "Look now" in found
    assert "Back to the usual schedule" not in found
    assert "Nothing is known of your memory yet" in page(None)


def test_what_was_learned_stands_there_in_plain_words(anna: Person) -> None:
    keep(anna)
    found = page(anna)
    assert "You remember much longer than most" in found
    assert "It foretold your later answers 10 % better." in found
    assert "A right multiple-choice answer proves less with you than usual." in found
    assert "Of new cards you know about 50 %" in found
    assert "from 1,234 answers" in found or "from 1234 answers" in found
    assert "in use" in found


def test_a_look_that_changed_nothing_says_why(anna: Person) -> None:
    keep(anna, in_use=False, state=Fit.State.REFUSED, weights6=[], weights7=[], after=0.42)
    found = page(anna)
    assert "What your answers show would not have foretold better yet. Everything stayed as it was." in found
    assert "Use version" not in found


def test_the_way_back_and_forward_again(anna: Person) -> None:
    fit = keep(anna)
    client = Client()
    client.force_login(anna)
    client.post("/analytics/memory/use/", {"version": "0"})
    anna.refresh_from_db()
    assert anna.fit_id is None
    assert "Use version 1" in page(anna)
    client.post("/analytics/memory/use/", {"version": "1"})
    anna.refresh_from_db()
    assert anna.fit_id == fit.id


def test_nobody_sees_or_takes_the_version_of_another(anna: Person) -> None:
    keep(anna)
    ben = Person.objects.create(name="Ben")
    client = Client()
    client.force_login(ben)
    assert "longer than most" not in page(ben)
    for wrong in ("1", "x", "", "²", "99999999999999999999"):
        assert client.post("/analytics/memory/use/", {"version": wrong}).status_code == 404
    ben.refresh_from_db()
    assert ben.fit_id is None


def test_a_look_in_hand_is_seen(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(anna)
    assert client.post("/analytics/memory/fit/").status_code == 302
    client.post("/analytics/memory/fit/")
    assert Fit.objects.get(learner=anna).state == Fit.State.WAITING
    assert "Waiting for its turn." in page(anna)
    monkeypatch.setitem(fitting._work._at, anna.id, fitting.Progress("checking", 1, 3))
    found = page(anna)
    assert "Comparing: would they have foretold your later answers better?" in found
    assert 'value="50"' in found


def test_the_published_weights_are_as_usual_in_every_respect() -> None:
    usual = spans_of(PLAIN_MODEL)
    assert 2 <= usual.new <= 3
    assert usual.missed < 30 < usual.again * 4
    with translation.override("de"):
        assert all("üblich" in sentence for sentence in sentences_of(PLAIN_MODEL))


def test_nothing_is_said_of_what_is_not_in_use(anna: Person) -> None:
    keep(anna, in_use=False)
    anna.refresh_from_db()
    assert own_memory(anna).sentences == ()
