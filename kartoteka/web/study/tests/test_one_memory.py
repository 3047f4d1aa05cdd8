"""One memory: whatever the mode, an answer is one review with what it proves, and the levels follow from the proofs alone."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kartoteka.engine.memory import Level, level
from kartoteka.engine.questions import Question, Response
from kartoteka.library import actions as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, papers, queries
from kartoteka.study.actions import Given, Told
from kartoteka.study.log import MISTAKEN
from kartoteka.study.models import Memory, Review, Sitting
from kartoteka.study.replaying import remembered, wrong_memories

pytestmark = pytest.mark.django_db
NOON, DAY, MINUTE = 1_767_268_800_000, 86_400_000, 60_000
TOWNS = ["Paris", "Rome", "Madrid", "Warsaw", "Oslo", "Athens"]


@pytest.fixture
def towns(anna: Person) -> Deck:
    deck = library.make_deck(anna, title="Towns")
    for n, town in enumerate(TOWNS):
        library.add_note(deck, term=f"<p>capital number {n}</p>", definition=f"<p>{town}</p>")
    return deck


def sat(anna: Person, deck: Deck, mode: str, at_ms: int, *, only: Collection[str] = (), **options: str | int | bool) -> Sitting:
    return actions.sit(anna, deck=deck, mode=mode, options=options, now_ms=at_ms, dice=random.Random(4), afresh=True, only=only)


def told(anna: Person, sitting: Sitting, question: Question, response: Response, at_ms: int) -> Told:
    found = actions.answer(anna, Given(uuid7(), sitting.id, question.id, response, at_ms, 4000), now_ms=at_ms)
    assert found.status == "stored", found.why
    return found


def of_card(sitting: Sitting, card: str) -> Question:
    return next(question for question in queries.next_questions(sitting) if question.item.id == card)


def card_named(deck: Deck, town: str) -> str:
    return str(deck.cards.get(note__definition_text=town).id.hex)  # type: ignore[attr-defined]


def right(question: Question) -> Response:
    if question.qtype == "choice":
        return Response(choice=next(choice.id for choice in question.choices if choice.right))
    if question.qtype == "tf":
        assert question.claim
        return Response(choice="true" if question.claim.right else "false")
    if question.qtype == "typed":
        return Response(text=question.answer.text)
    return Response(rating=3, flipped=True)


def level_of(anna: Person, card: str, at_ms: int) -> Level:
    row = Memory.objects.filter(learner=anna, card_id=UUID(card)).first()
    state = remembered(anna).get(UUID(card))
    assert (row is None) == (state is None)
    return level(state, at_ms, queries.calendar_of(anna))


def in_mode(anna: Person, deck: Deck, mode: str, card: str, at_ms: int, *, passes: bool, **options: str | int | bool) -> None:
    sitting = sat(anna, deck, mode, at_ms, only=[card], **options)
    question = of_card(sitting, card)
    told(anna, sitting, question, right(question) if passes else Response(unknown=True, rating=1, flipped=True), at_ms)


# (mode, options, is it recall) of the same answer in different modes
RECALL = [("spaced", {}), ("sorting", {}), ("learn", {"types": "typed", "again": True})]


@pytest.mark.parametrize(("mode", "options"), RECALL)
def test_recalled_once_is_familiar_whatever_the_mode(anna: Person, towns: Deck, mode: str, options: dict[str, bool]) -> None:
    card = card_named(towns, "Paris")
    in_mode(anna, towns, mode, card, NOON, passes=True, **options)
    if mode != "sorting":  # "Know" after a look is a guess to a good part: its doubt is in the table of evidence
        assert level_of(anna, card, NOON + 60_000) == "familiar"
    assert Review.objects.get().evidence["kind"] in ("rating", "sorting", "typed")


@pytest.mark.parametrize(("mode", "options"), RECALL)
def test_recalled_and_then_missed_is_learning_whatever_the_mode(anna: Person, towns: Deck, mode: str, options: dict[str, bool]) -> None:
    card = card_named(towns, "Paris")
    in_mode(anna, towns, "spaced", card, NOON, passes=True)
    in_mode(anna, towns, mode, card, NOON + 9 * DAY, passes=False, **options)
    assert level_of(anna, card, NOON + 9 * DAY + 1) == "learning"


def test_recognised_only_is_learning_however_often(anna: Person, towns: Deck) -> None:
    card = card_named(towns, "Paris")
    for day in range(4):
        sitting = sat(anna, towns, "learn", NOON + day * DAY, again=True)
        question = of_card(sitting, card)
        assert question.qtype in ("choice", "tf", "typed")
        if question.qtype == "typed":
            break
        told(anna, sitting, question, right(question), NOON + day * DAY)
        assert level_of(anna, card, NOON + day * DAY + 1) == "learning"


def test_recalled_on_two_days_in_two_modes_is_mastered_when_it_is_safe(anna: Person, towns: Deck) -> None:
    card = card_named(towns, "Paris")
    days = (0, 3, 12, 40)
    for day, (mode, options) in zip(days, [RECALL[0], RECALL[2], RECALL[0], RECALL[2]], strict=True):
        in_mode(anna, towns, mode, card, NOON + day * DAY, passes=True, **options)  # type: ignore[arg-type]
    assert level_of(anna, card, NOON + 41 * DAY) == "mastered"


def test_a_miss_in_learn_is_due_in_spaced_repetition_today(anna: Person, towns: Deck) -> None:
    card = card_named(towns, "Paris")
    in_mode(anna, towns, "spaced", card, NOON, passes=True)
    in_mode(anna, towns, "learn", card, NOON + DAY, passes=True, types="typed")
    assert Memory.objects.get(card_id=UUID(card)).due_ms > NOON + 2 * DAY
    in_mode(anna, towns, "learn", card, NOON + 2 * DAY, passes=False, types="typed")
    later = NOON + 2 * DAY + 11 * 60_000
    assert Memory.objects.get(card_id=UUID(card)).due_ms <= later
    assert card in queries.today_in(anna, towns, later).cards
    assert queries.today_in(anna, towns, later).due == 1


LIST = "<ul><li>it moves water</li><li>it needs a membrane</li><li>it costs no energy</li></ul>"
MISSES = [
    ("spaced", {}),
    ("sorting", {}),
    ("learn", {"types": "typed"}),
    ("learn", {"types": "mixed"}),
    *(("test", {"types": (kind,), "n": 0}) for kind in ("mc", "tf", "matching", "typed", "points")),
]


@pytest.mark.parametrize("met", [True, False], ids=["met", "new"])
@pytest.mark.parametrize(("mode", "options"), MISSES, ids=[f"{mode}-{''.join(options.get('types', ''))}" for mode, options in MISSES])
def test_a_miss_in_any_mode_is_due_in_spaced_repetition_today(anna: Person, towns: Deck, mode: str, options: dict[str, Any], met: bool) -> None:
    card = card_named(towns, "Paris")
    if options.get("types") == ("points",):
        note = library.add_note(towns, term="Osmosis", definition=LIST)
        card = note.cards.get().id.hex  # type: ignore[attr-defined]
    if met:
        for day in (0, 3, 12):
            in_mode(anna, towns, "spaced", card, NOON + day * DAY, passes=True)
        assert Memory.objects.get(card_id=UUID(card)).due_ms > NOON + 14 * DAY
    missed_in(anna, towns, mode, card, NOON + 13 * DAY, options)
    later = NOON + 13 * DAY + 11 * MINUTE
    today = queries.today_in(anna, towns, later)
    assert Memory.objects.get(card_id=UUID(card)).due_ms <= later
    assert today.due == 1
    assert card in today.cards
    asked = queries.next_questions(sat(anna, towns, "spaced", later))
    assert card in {question.item.id for question in asked}
    assert list(wrong_memories()) == []


def missed_in(anna: Person, deck: Deck, mode: str, card: str, at_ms: int, options: dict[str, Any]) -> None:
    """One wrong answer to this card, as its mode asks it; a paper is handed in with nothing else on it."""
    sitting = sat(anna, deck, mode, at_ms, only=[] if options.get("types") == ("matching",) else [card], **options)
    if mode != "test":
        question = of_card(sitting, card)
        told(anna, sitting, question, wrong(question), at_ms)
        return
    question = next(one for one in queries.paper_of(sitting) if one.item.id == card)
    said = wrong(question)
    papers.save(anna, sitting, [papers.Change(question.id, at_ms, {"text": said.text, "choice": said.choice})], now_ms=at_ms)
    papers.hand_in(anna, sitting, now_ms=at_ms)
    assert Review.objects.latest("at_ms").outcome < 0.5  # type: ignore[operator]


def wrong(question: Question) -> Response:
    if question.qtype == "tf":
        assert question.claim
        return Response(choice="false" if question.claim.right else "true")
    if question.choices:
        return Response(choice=next(choice.id for choice in question.choices if not choice.right))
    return Response(text="nothing of the kind") if question.qtype in ("typed", "points") else Response(rating=1, flipped=True)


@pytest.mark.parametrize("mode", ["flashcards", "match"])
def test_what_proves_nothing_makes_nothing_due(anna: Person, towns: Deck, mode: str) -> None:
    card = card_named(towns, "Paris")
    in_mode(anna, towns, "spaced", card, NOON, passes=True)
    before = Memory.objects.get(card_id=UUID(card)).due_ms
    sitting = sat(anna, towns, mode, NOON + MINUTE)
    question = of_card(sitting, card)
    told(anna, sitting, question, wrong(question), NOON + 2 * MINUTE)
    assert Memory.objects.get(card_id=UUID(card)).due_ms == before


def test_another_cards_answer_is_half_a_miss_on_that_card_and_goes_with_an_undo(anna: Person, towns: Deck) -> None:
    paris, rome = card_named(towns, "Paris"), card_named(towns, "Rome")
    in_mode(anna, towns, "spaced", rome, NOON, passes=True)
    known = remembered(anna)[UUID(rome)]
    sitting = sat(anna, towns, "learn", NOON + DAY, types="typed")
    found = told(anna, sitting, of_card(sitting, paris), Response(text="Rome"), NOON + DAY)
    assert found.verdict is not None
    assert (found.verdict.label, found.verdict.mistaken_for) == ("wrong", rome)
    beside = Review.objects.get(question=MISTAKEN)
    assert (beside.card_id, beside.evidence["kind"], beside.sitting_id) == (UUID(rome), "intrusion", None)
    weaker = remembered(anna)[UUID(rome)]
    assert weaker.s6 < known.s6
    assert Memory.objects.get(card_id=UUID(rome)).s6 == weaker.s6
    assert list(wrong_memories()) == []
    actions.undo(anna, sitting, id=uuid7(), now_ms=NOON + DAY + 1000)
    assert remembered(anna)[UUID(rome)] == known
    assert Memory.objects.get(card_id=UUID(rome)).s6 == known.s6
    assert list(wrong_memories()) == []


def test_in_recognition_the_pair_is_kept_and_the_other_card_left_alone(anna: Person, towns: Deck) -> None:
    sitting = sat(anna, towns, "learn", NOON)
    question = next(one for one in queries.next_questions(sitting) if one.qtype == "choice")
    wrong = next(choice for choice in question.choices if not choice.right)
    told(anna, sitting, question, Response(choice=wrong.id), NOON)
    assert Review.objects.get().mistaken_for == UUID(wrong.id)
    later = sat(anna, towns, "learn", NOON + DAY)
    again = next(one for one in queries.next_questions(later) if one.item.id == question.item.id)
    assert wrong.id in again.item.confused
    assert wrong.id in [choice.id for choice in again.choices] or again.qtype != "choice"


def test_hints_are_counted_as_evidence(anna: Person, towns: Deck) -> None:
    card = card_named(towns, "Paris")
    sitting = sat(anna, towns, "learn", NOON, types="typed")
    told(anna, sitting, of_card(sitting, card), Response(text="Paris", hints=2), NOON)
    assert Review.objects.get().evidence["hint_rungs"] == 2
    helped = remembered(anna)[UUID(card)].s6
    other = card_named(towns, "Rome")
    told(anna, sitting, of_card(sitting, other), Response(text="Rome"), NOON + 1000)
    assert helped < remembered(anna)[UUID(other)].s6


def test_small_choices_draw_their_wrong_answers_from_the_rest_of_the_set(anna: Person, towns: Deck) -> None:
    only = [card_named(towns, "Paris"), card_named(towns, "Rome")]
    sitting = actions.sit(anna, deck=towns, mode="learn", options={}, now_ms=NOON, dice=random.Random(1), only=only)
    question = next(one for one in queries.next_questions(sitting) if one.qtype == "choice")
    assert len(question.choices) == 4
    assert queries.counts(sitting)["n"] == 2
    told(anna, sitting, question, right(question), NOON)


def test_a_card_put_away_in_the_middle_changes_no_question_of_another(anna: Person, towns: Deck) -> None:
    sitting = sat(anna, towns, "learn", NOON)
    questions = list(queries.next_questions(sitting))
    away = questions[-1].item.id
    actions.mark(anna, UUID(away), towns.id, suspended=True)
    after = {one.id: one for one in queries.next_questions(sitting)}
    assert away not in {one.item.id for one in after.values()}
    for one in questions[:-1]:
        assert [choice.id for choice in after[one.id].choices] == [choice.id for choice in one.choices]
        told(anna, sitting, one, right(one), NOON + questions.index(one) * 1000)


def test_sorted_know_and_missed_since_is_told_as_over_confidence(anna: Person, towns: Deck, client: Client) -> None:
    paris, rome = card_named(towns, "Paris"), card_named(towns, "Rome")
    in_mode(anna, towns, "sorting", paris, NOON, passes=True)
    in_mode(anna, towns, "sorting", rome, NOON + 1, passes=True)
    in_mode(anna, towns, "learn", paris, NOON + DAY, passes=False, types="typed")
    in_mode(anna, towns, "learn", rome, NOON + DAY + 1, passes=True, types="typed")
    rows = queries.cards_with_figures(anna, towns, NOON + DAY + 2)
    assert [(row.card, row.overrated) for row in queries.overrated(rows)] == [(paris, "Learn")]
    client.force_login(anna)
    page = client.get(f"/sets/{towns.id}/analytics/").content.decode()
    assert "sorted Know, missed in Learn" in page
    assert "recalled" in client.get(f"/sets/{towns.id}/").content.decode()
    in_mode(anna, towns, "sorting", paris, NOON + 2 * DAY, passes=True)
    assert queries.overrated(queries.cards_with_figures(anna, towns, NOON + 2 * DAY + 1)) == []


def test_a_written_answer_suggests_the_grade_and_the_learner_confirms_it(anna: Person, towns: Deck, client: Client) -> None:
    client.force_login(anna)
    card = card_named(towns, "Paris")
    sitting = sat(anna, towns, "spaced", NOON, only=[card], write=True)
    question = of_card(sitting, card)

    def judged(text: str) -> tuple[int | None, str]:
        body = {"question": question.id, "text": text}
        answer = client.post(f"/api/v1/sittings/{sitting.id}/judge", body, content_type="application/json").json()
        return answer["rating"], answer["verdict"]["label"]

    assert judged("Paris") == (3, "right")
    assert judged("Rome") == (1, "wrong")
    assert not Review.objects.exists(), "a suggestion is kept nowhere"
    told(anna, sitting, question, Response(rating=1, flipped=True, text="Paris"), NOON)
    review = Review.objects.get()
    assert (review.evidence["kind"], review.evidence["grade"], review.response["text"]) == ("rating", 1, "Paris")


def test_points_left_unticked_are_asked_once_more_alone(anna: Person, towns: Deck) -> None:
    note = library.add_note(towns, term="<p>Losses</p>", definition="<ul><li>the first of them</li><li>the second of them</li><li>the third of them</li></ul>")
    card = str(towns.cards.get(note=note).id.hex)  # type: ignore[attr-defined]
    sitting = sat(anna, towns, "spaced", NOON, only=[card], write=True)
    told(anna, sitting, of_card(sitting, card), Response(rating=3, flipped=True, ticks={"0": "covered", "1": "missing", "2": "covered"}), NOON)
    alone = of_card(sitting, card)
    assert (alone.point, alone.answer.text) == (1, "the second of them")
    known = remembered(anna)
    told(anna, sitting, alone, Response(rating=1, flipped=True), NOON + MINUTE)
    assert remembered(anna) == known
