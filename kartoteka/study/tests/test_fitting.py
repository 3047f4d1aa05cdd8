"""A learner's memory is fitted in the background: kept only where it foretells better, with a way back, and nothing is lost meanwhile."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest

from kartoteka.engine.own import Own
from kartoteka.engine.state import PLAIN_MODEL, Model
from kartoteka.formats.base import BundleReview
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, fits, fitting, queries
from kartoteka.study.log import STATE
from kartoteka.study.models import Fit, Memory, Review
from kartoteka.study.own import model_of
from kartoteka.study.tests.conftest import DAY, HOUR, NOON, Visit, cards_in, make_deck
from kartoteka.study.tests.test_own import STRONG, give

pytestmark = pytest.mark.django_db


def history(learner: Person, deck: Deck, *, times: int = 7, seed: int = 5) -> int:
    """Answers given in another program by somebody who hardly ever forgets, and waits far longer than others could."""
    dice = random.Random(seed)
    given = {}
    for card in cards_in(deck):
        at_ms = NOON - 500 * DAY + dice.randrange(200) * DAY
        reviews = []
        for _ in range(times):
            reviews.append(BundleReview(at_ms, 1 if dice.random() < 0.03 else 3, 4000, ()))
            at_ms += dice.randrange(20, 40) * DAY + dice.randrange(HOUR)
        given[UUID(card)] = reviews
    return actions.adopt(learner, given, deck)


def memories(learner: Person) -> list[dict[str, Any]]:
    return list(Memory.objects.filter(learner=learner).order_by("card_id").values("card_id", "due_ms", "upto_ms", *STATE))


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the fit comes to, said by the test: the work around it is the same."""
    said: dict[str, Any] = {"own": Own("kept", STRONG, 700, 0.5, 0.4), "before": lambda: None}

    def made(learner: Person, basis: fits.Basis, job: fitting.Job) -> fitting.Made:
        rows = [row for part in fitting._parts(learner, basis) for row in part]
        if job.fit and said["own"].model is None:
            return fitting.Made(said["own"])
        model = said["own"].model if job.fit else job.model
        found = fitting.make(fitting.Job(job.calendar, job.target, job.targets, model, fit=False), rows, lambda *_step: None)
        said["before"]()
        return fitting.Made(said["own"] if job.fit else None, found.memories, found.sums, found.total)

    monkeypatch.setattr(fitting, "_made", made)
    return said


def test_an_imported_history_is_fitted_in_a_child_and_foretells_better(anna: Person) -> None:
    deck = make_deck(anna, 60)
    assert history(anna, deck) == 420
    assert fits.is_due(anna, now_ms=NOON)
    actions.ask_for_fit(anna, now_ms=NOON)
    fitting.fit(anna.id)
    anna.refresh_from_db()
    row = Fit.objects.get(learner=anna)
    assert row.state == Fit.State.KEPT
    assert row.after is not None and row.before is not None and row.after < row.before  # noqa: PT018
    assert anna.fit_id == row.id
    assert model_of(anna) != PLAIN_MODEL
    assert not list(queries.wrong_memories())
    kept = memories(anna)
    actions.replay(anna, now_ms=NOON)
    assert memories(anna) == kept
    assert not fits.is_due(anna, now_ms=NOON)


def test_with_few_answers_nothing_is_fitted_and_one_is_told_so(anna: Person, deck: Deck) -> None:
    Visit(anna, deck).answer(cards_in(deck)[0], 3)
    before = memories(anna)
    assert not fits.is_due(anna, now_ms=NOON)
    actions.ask_for_fit(anna, now_ms=NOON)
    fitting.fit(anna.id)
    assert Fit.objects.get(learner=anna).state == Fit.State.FEW
    anna.refresh_from_db()
    assert (anna.fit_id, memories(anna)) == (None, before)


def test_a_model_that_would_not_foretell_better_changes_nothing(anna: Person, settled: dict[str, Any]) -> None:
    deck = make_deck(anna, 20)
    history(anna, deck)
    before = memories(anna)
    settled["own"] = Own("refused", None, 150, 0.4, 0.41)
    actions.ask_for_fit(anna, now_ms=NOON)
    fitting.fit(anna.id)
    row = Fit.objects.get(learner=anna)
    assert (row.state, row.before, row.after, row.weights6) == (Fit.State.REFUSED, 0.4, 0.41, [])
    assert memories(anna) == before
    assert row.again_at >= 140 + 500
    assert not fits.is_due(anna, now_ms=NOON + 100 * DAY)


def test_answers_that_come_while_it_is_fitted_end_in_the_same_memory(anna: Person, settled: dict[str, Any]) -> None:
    deck = make_deck(anna, 20)
    history(anna, deck)
    cards, visit = cards_in(deck), Visit(anna, deck)
    late = visit.given(cards[3], 1, at_ms=NOON + 1)
    own = make_deck(anna, 2)
    fresh = cards_in(own)[0]

    def meanwhile() -> None:
        visit.answer(cards[0], 1, at_ms=NOON + HOUR)
        visit.answer(cards[1], 3, at_ms=NOON + HOUR)
        actions.undo(anna, visit.sitting, id=uuid7(), now_ms=NOON + 2 * HOUR)
        actions.answer(anna, late, now_ms=NOON + 2 * HOUR)
        Visit(anna, own).answer(fresh, 4)
        settled["before"] = lambda: None

    settled["before"] = meanwhile
    actions.ask_for_fit(anna, now_ms=NOON)
    fitting.fit(anna.id)
    anna.refresh_from_db()
    assert anna.fit_id is not None
    assert Memory.objects.get(learner=anna, card_id=UUID(fresh)).s6 == pytest.approx(40.0)
    assert not list(queries.wrong_memories())
    kept = memories(anna)
    actions.replay(anna, now_ms=NOON)
    assert memories(anna) == kept


def test_a_day_start_changed_meanwhile_makes_the_work_begin_anew(anna: Person, settled: dict[str, Any]) -> None:
    deck = make_deck(anna, 20)
    history(anna, deck)

    def meanwhile() -> None:
        anna.refresh_from_db()
        Person.objects.filter(id=anna.id).update(calendar=[[0, 600]], day_start_min=600, retention=0.8, retentions={deck.id.hex: 0.7})
        settled["before"] = lambda: None

    settled["before"] = meanwhile
    actions.ask_for_fit(anna, now_ms=NOON)
    fitting.fit(anna.id)
    anna.refresh_from_db()
    assert anna.fit_id is not None
    kept = memories(anna)
    actions.replay(anna, now_ms=NOON)
    assert memories(anna) == kept


def test_what_a_stopped_server_had_begun_is_taken_up_again(anna: Person, settled: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    deck = make_deck(anna, 20)
    history(anna, deck)
    actions.ask_for_fit(anna, now_ms=NOON)  # and here the server was killed
    before, begun = memories(anna), []
    assert not fits.is_due(anna, now_ms=NOON)
    monkeypatch.setattr(fitting, "_start", lambda id, work: begun.append((id, work)))
    assert fitting.resume() == 1
    assert memories(anna) == before
    ((id, work),) = begun
    assert id == anna.id
    work()
    anna.refresh_from_db()
    assert anna.fit_id is not None
    assert not list(queries.wrong_memories())
    assert fitting.resume() == 0


def test_a_fit_that_fails_says_so_and_changes_nothing(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = make_deck(anna, 20)
    history(anna, deck)
    before = memories(anna)
    monkeypatch.setattr(fitting, "CHILD", "raise SystemExit(1)")
    actions.ask_for_fit(anna, now_ms=NOON)
    with pytest.raises((RuntimeError, BrokenPipeError)):
        fitting.fit(anna.id)
    assert Fit.objects.get(learner=anna).state == Fit.State.FAILED
    assert memories(anna) == before
    assert not fits.is_due(anna, now_ms=NOON)


def test_there_is_a_way_back_and_forward_again(anna: Person, deck: Deck, ben: Person) -> None:
    visit = Visit(anna, deck)
    for card in cards_in(deck):
        visit.answer(card, 3)
    published = memories(anna)
    fit = give(anna)
    actions.replay(anna, now_ms=NOON)
    own = memories(anna)
    assert own != published
    assert fitting.use_memory(anna, 0, now_ms=NOON + HOUR)
    assert (anna.fit_id, memories(anna)) == (None, published)
    assert fitting.use_memory(anna, fit.number, now_ms=NOON + HOUR)
    assert (anna.fit_id, memories(anna)) == (fit.id, own)
    assert not list(queries.wrong_memories())
    with pytest.raises(NotThere):
        fitting.use_memory(ben, fit.number, now_ms=NOON)


def test_forgetting_a_learner_in_the_middle_of_it_leaves_nothing(anna: Person, settled: dict[str, Any]) -> None:
    deck = make_deck(anna, 20)
    history(anna, deck)
    settled["before"] = lambda: actions.forget(anna)
    actions.ask_for_fit(anna, now_ms=NOON)
    fitting.fit(anna.id)
    anna.refresh_from_db()
    assert anna.fit_id is None
    assert not Memory.objects.filter(learner=anna).exists()
    assert not Fit.objects.filter(learner=anna).exists()
    assert not Review.objects.filter(learner=anna).exists()


def test_a_settlement_that_was_rolled_back_leaves_no_trace(anna: Person, settled: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    deck = make_deck(anna, 20)
    history(anna, deck)
    before = memories(anna)
    actions.ask_for_fit(anna, now_ms=NOON)
    settled["own"] = Own("kept", Model(beliefs=STRONG.beliefs), 700, 0.5, 0.4)
    with monkeypatch.context() as broken:
        broken.setattr(fits, "add_sums", lambda learner, sums: model_of(learner) and 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fitting.fit(anna.id)
    anna.refresh_from_db()
    assert (anna.fit_id, memories(anna)) == (None, before)
    settled["own"] = Own("kept", STRONG, 700, 0.5, 0.3)
    fitting.fit(anna.id)
    anna.refresh_from_db()
    assert model_of(anna) == STRONG
    assert not list(queries.wrong_memories())
