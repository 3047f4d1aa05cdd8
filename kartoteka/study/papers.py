"""Papers: a test is written and frozen, answers stand on it as drafts, and handing it in makes each of them one review."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.freezing import kept
from kartoteka.engine.grading import NotAnAnswer, Verdict
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Level, MemoryState, Model, level
from kartoteka.engine.questions import Question, Response
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.modes.base import Value
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotThere
from kartoteka.store.texts import writable
from kartoteka.store.writer import action
from kartoteka.study.accepting import Marks
from kartoteka.study.answering import answer_many
from kartoteka.study.choosing import Choice, choice_of
from kartoteka.study.clocks import corrected
from kartoteka.study.confusing import confusions
from kartoteka.study.desks import Dealt, entries_of, hand_on, items_in, paper_of, rules_of
from kartoteka.study.given import LONGEST_TEXT, Given, Told
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.log import Entry, response_of, standing
from kartoteka.study.models import Draft, Paper, Sitting
from kartoteka.study.own import model_with
from kartoteka.study.refusals import NotAsked, NothingToAsk

LOOKED_AT = 3  # times as many cards as questions are looked at, so that every kind finds some
LEAST_LOOKED_AT, MOST_LOOKED_AT = 60, 1500
POOL = 300  # cards that wrong answers are drawn from
AWAY_MS = 120_000  # a longer look at one question was no look
SAID = ("text", "choice", "rating")


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed at one question of a paper. ``response`` ``None``: only the flag."""

    question: str
    at_ms: int
    response: Mapping[str, Any] | None = None
    flagged: bool | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a device is told: what was kept, what is left of the clock (``None``: no clock), and whether the paper is handed in."""

    kept: int
    left_ms: int | None
    handed: bool
    answered: int
    late: int = 0


def looked_at(values: Mapping[str, Value]) -> int:
    """How many cards a paper of so many questions is chosen from, at most."""
    return min(max(LOOKED_AT * (int(values["n"]) or MOST_LOOKED_AT), LEAST_LOOKED_AT), MOST_LOOKED_AT)  # type: ignore[arg-type]


def cards_for(
    learner: Person | None, deck: Deck, rules: ModuleType, choice: Choice, values: Mapping[str, Value], seed: int
) -> tuple[list[Item], dict[str, Item]]:
    """The cards a paper is made of, in the order of its questions, and the pool its wrong answers come from. Never all of 20,000."""
    many = looked_at(values)
    cards = list(choice.cards)
    if len(cards) > many:
        chosen = set(random.Random(f"{seed}.looked").sample(cards, many))
        cards = [card for card in cards if card in chosen]
    others = sorted({card.id for card in library.cards_of(deck) if card.askable} - set(cards))
    lacking = max(0, POOL - len(cards))
    more = others if len(others) <= lacking else random.Random(f"{seed}.pool").sample(others, lacking)
    confused = confusions(learner, deck.id, set(cards)) if learner else {}
    pool = items_in([*cards, *more], confused=confused)
    return [pool[card] for card in cards if card in pool], pool


def written_for(learner: Person, deck: Deck, rules: ModuleType, choice: Choice, values: Mapping[str, Value], seed: int) -> Any:
    """The paper that is sat down to. Raises ``NothingToAsk`` where not one question can be made."""
    cards, pool = cards_for(learner, deck, rules, choice, values, seed)
    paper = rules.compose(cards, pool, values, seed)
    if not paper.questions:
        raise NothingToAsk(choice.sentence, skipped=choice.skipped, nearest=choice.nearest)
    return paper


def preview(
    learner: Person | None, deck: Deck, mode: str, values: Mapping[str, Value], *, now_ms: int, seed: int, only: Collection[str] = ()
) -> tuple[Any, Choice]:
    """What a paper under these options would hold, without writing it; and the cards it would be made of."""
    rules = rules_of(mode)
    turned = values.get("answer") in ("term", "both") and not any(card.kind == "reversed" for card in library.cards_of(deck))
    asked = {**values, "answer": "auto"} if turned else values
    choice = choice_of(learner, deck, rules, asked, now_ms=now_ms, seed=seed, only=only)
    cards, pool = cards_for(learner, deck, rules, choice, asked, seed)
    if turned:  # the other direction's cards are made when one sits down; until then they are thought of
        other = [replace(item, id=f"r{item.id}", direction="reversed") for item in cards]
        cards = [*cards, *other] if values["answer"] == "both" else other
        pool = {**pool, **{item.id: item for item in other}}
    return rules.mix_of(cards, pool, values, seed), choice


def keep_paper(sitting: Sitting, deck: Deck, rules: ModuleType, questions: Sequence[Question], values: Mapping[str, Value], *, now_ms: int) -> Paper:
    return Paper.objects.create(
        learner=sitting.learner,
        deck_id=deck.id,
        sitting_id=sitting.id,
        title=deck.title[:200],
        questions=kept(questions),
        ids=[question.id for question in questions],
        possible=float(sum(rules.worth(question) for question in questions)),
        began_ms=now_ms,
        last_ms=now_ms,
        limit_ms=int(values.get("minutes") or 0) * 60_000,  # type: ignore[arg-type]
        pauses=bool(values.get("pause")),
    )


def paper_on(sitting: Sitting) -> Paper:
    """The paper of a sitting, without its questions. Raises ``NotThere`` where it has none."""
    paper = Paper.objects.filter(learner_id=sitting.learner_id, sitting_id=sitting.id).defer("questions").first()
    if paper is None:
        raise NotThere(_("This test is not there."))
    return paper


def left_ms(paper: Paper, now_ms: int) -> int | None:
    """What is left of the clock; ``None``: there is none."""
    if not paper.limit_ms:
        return None
    return max(0, paper.began_ms + paper.limit_ms + paper.paused_ms - (paper.stopped_ms or now_ms))


def _ends_ms(paper: Paper) -> int | None:
    return paper.began_ms + paper.limit_ms + paper.paused_ms if paper.limit_ms and paper.stopped_ms is None else None


@action
def save(learner: Person, sitting: Sitting, changes: Sequence[Change], *, now_ms: int, sent_ms: int | None = None, left: int = 0) -> Saved:
    """Keeps what was changed on a paper. The latest change to a question wins, by the time it was made; what came after the end does not count.

    ``left``: how often the page was left since the last word. A paper whose time is over is handed in with what is there.
    """
    learner = at_the_desk(learner, now_ms=now_ms)
    paper = paper_on(sitting)
    if paper.handed_ms is not None:
        return _saved(paper, 0, now_ms, late=len(changes))
    offset = 0 if sent_ms is None else now_ms - sent_ms
    ends, known = _ends_ms(paper), set(paper.ids)
    drafts = {draft.question: draft for draft in Draft.objects.filter(learner=learner, paper=paper, question__in=[change.question for change in changes])}
    late, last_ms, done = 0, paper.last_ms, 0
    for change in sorted(changes, key=lambda one: one.at_ms):
        at_ms = corrected(change.at_ms, offset_ms=offset, now_ms=now_ms)
        if change.question not in known:
            continue
        if paper.stopped_ms is not None or (ends is not None and at_ms > ends):
            late += 1
            continue
        draft = drafts.get(change.question) or Draft(learner=learner, paper=paper, question=change.question, at_ms=0)
        if at_ms < draft.at_ms:
            continue
        if change.response is not None:
            draft.response = _plain(change.response)
            draft.took_ms += min(max(0, at_ms - last_ms), AWAY_MS)
        draft.flagged = draft.flagged if change.flagged is None else change.flagged
        draft.at_ms, last_ms, done = at_ms, max(last_ms, at_ms), done + 1
        drafts[change.question] = draft
    _keep(list(drafts.values()))
    paper.last_ms, paper.left = last_ms, paper.left + max(0, min(left, 1000))
    paper.save(update_fields=["last_ms", "left"])
    if ends is not None and now_ms >= ends:
        hand_in(learner, sitting, now_ms=now_ms)
        paper.refresh_from_db(fields=["handed_ms"])
    return _saved(paper, done, now_ms, late=late)


def _keep(drafts: Sequence[Draft]) -> None:
    Draft.objects.bulk_create(
        drafts,
        update_conflicts=True,
        unique_fields=["learner", "paper", "question"],
        update_fields=["response", "flagged", "at_ms", "took_ms"],
    )


def _saved(paper: Paper, done: int, now_ms: int, *, late: int = 0) -> Saved:
    return Saved(done, left_ms(paper, now_ms), paper.handed_ms is not None, answered_of(paper.learner_id, paper.id), late)


def answered_of(learner_id: UUID, paper_id: UUID) -> int:
    return sum(1 for response in Draft.objects.filter(learner_id=learner_id, paper_id=paper_id).values_list("response", flat=True) if response)


def answered_on(sitting: Sitting) -> int:
    """How many questions of a sitting's paper have an answer."""
    found = Paper.objects.filter(learner_id=sitting.learner_id, sitting_id=sitting.id).values_list("id", flat=True).first()
    return answered_of(sitting.learner_id, found) if found else 0


def _plain(response: Mapping[str, Any]) -> dict[str, Any]:
    """Of what a browser said, what an answer can hold; an answer that says nothing is none."""
    said = {name: response.get(name) for name in SAID}
    text = writable(str(said["text"] or "")[:LONGEST_TEXT])
    choice, rating = writable(str(said["choice"] or "")[:64]), said["rating"]
    found = {"text": text if text.strip() else "", "choice": choice, "rating": rating if rating in (1, 3) else None}
    return {name: value for name, value in found.items() if value}


@action
def stop_clock(learner: Person, sitting: Sitting, *, now_ms: int, stop: bool) -> None:
    """Stops the clock, or lets it go on, where the paper allows that."""
    learner = at_the_desk(learner, now_ms=now_ms)
    paper = paper_on(sitting)
    if paper.handed_ms is not None or not paper.pauses or not paper.limit_ms:
        return
    if stop and paper.stopped_ms is None and left_ms(paper, now_ms):
        paper.stopped_ms = now_ms
    elif not stop and paper.stopped_ms is not None:
        paper.paused_ms += max(0, now_ms - paper.stopped_ms)
        paper.last_ms, paper.stopped_ms = now_ms, None
    paper.save(update_fields=["stopped_ms", "paused_ms", "last_ms"])


@action
def check(learner: Person, sitting: Sitting, question: str, *, now_ms: int) -> Told | None:
    """Marks one question at once, where marks come after each; ``None``: nothing stands there yet."""
    at_the_desk(learner, now_ms=now_ms)
    paper = paper_on(sitting)
    draft = Draft.objects.filter(learner=learner, paper=paper, question=question).first()
    if draft is None or not draft.response or paper.handed_ms is not None:
        return None
    if not sitting.options.get("each"):
        raise NotAsked(_("This test is marked when it is handed in."))
    return answer_many(learner, [_given(sitting, draft)], now_ms=now_ms)[0]


def _given(sitting: Sitting, draft: Draft) -> Given:
    return Given(uuid7(), sitting.id, draft.question, Response(**draft.response), draft.at_ms, draft.took_ms)


@action
def hand_in(learner: Person, sitting: Sitting, *, now_ms: int) -> Paper:
    """Ends a test: every answer on it becomes one review. What was left open proves nothing and earns nothing. Handing in twice is once."""
    learner = at_the_desk(learner, now_ms=now_ms)
    paper = paper_on(sitting)
    if paper.handed_ms is not None:
        return paper
    ends = _ends_ms(paper)
    paper.ran_out = ends is not None and now_ms >= ends
    paper.handed_ms = min(now_ms, ends) if ends is not None else now_ms
    paper.stopped_ms = None
    marked = {entry.question for entry in marks_on(sitting)}
    drafts = [draft for draft in Draft.objects.filter(learner=learner, paper=paper) if draft.response and draft.question not in marked]
    if drafts:
        answer_many(learner, [_given(sitting, draft) for draft in drafts], now_ms=now_ms)
    paper.save(update_fields=["handed_ms", "ran_out", "stopped_ms"])
    Sitting.objects.filter(learner=learner, id=sitting.id).update(over_ms=paper.handed_ms)
    sitting.over_ms = paper.handed_ms
    count(sitting, paper)
    return paper


def run_out(learner: Person, sitting: Sitting, *, now_ms: int) -> Paper:
    """The paper as it stands; one whose time is over is handed in first."""
    paper = paper_on(sitting)
    ends = _ends_ms(paper)
    if paper.handed_ms is None and ends is not None and now_ms >= ends:
        return hand_in(learner, sitting, now_ms=now_ms)
    return paper


def recount(learner: Person, sitting_id: UUID) -> None:
    """Counts a paper anew where a mark on it was settled otherwise; of no other sitting, and of none that is still written on."""
    sitting = Sitting.objects.filter(learner=learner, id=sitting_id).first()
    if sitting is not None and sitting.extra.get("paper"):
        paper = paper_on(sitting)
        if paper.handed_ms is not None:
            count(sitting, paper)


def marks_on(sitting: Sitting) -> list[Entry]:
    """The answers of a paper that stand in the log."""
    return standing(entries_of(sitting, 0))


@action
def count(sitting: Sitting, paper: Paper | None = None) -> Paper:
    """Counts a paper's points anew from the log."""
    paper = paper or paper_on(sitting)
    rules, found = rules_of(sitting.mode), {entry.question: entry for entry in marks_on(sitting)}
    earned = undecided = 0.0
    for question in paper_of(sitting):
        entry = found.get(question.id)
        if entry is None:
            continue
        got = rules.earned(question, entry.verdict, entry.outcome)
        earned += got
        if entry.verdict == "unsure":
            undecided += rules.worth(question) - got
    paper.earned, paper.undecided = round(earned, 3), round(undecided, 3)
    paper.save(update_fields=["earned", "undecided"])
    return paper


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer of a paper, judged again by the frozen question. ``settled``: the learner overturned the mark."""

    id: UUID
    question: Question
    response: Response
    verdict: Verdict
    settled: bool


def judged(sitting: Sitting, questions: Sequence[Question]) -> list[Judged]:
    """The answers that stand, with their verdicts in full: the label and the score are the log's, why is judged again."""
    by_id, found, given = {question.id: question for question in questions}, [], marks_on(sitting)
    marks = Marks(sitting.learner_id, {entry.card_id for entry in given})
    for entry in given:
        question = by_id.get(entry.question)
        if question is None:
            continue
        try:
            _as_judged, verdict = marks.again(question, entry)
        except NotAnAnswer:
            continue
        response = response_of(entry)
        found.append(Judged(entry.id, question, response, verdict, bool(entry.response.get("overturned") or response.ticks)))
    return found


def level_then(sitting: Sitting, card: str) -> Level:
    """A card's level when the paper was written."""
    read: tuple[Mapping[str, MemoryState], int, Model] | None = sitting.__dict__.get("_then")
    if read is None:
        hand = hand_on(sitting, 0)
        read = sitting.__dict__["_then"] = Dealt(hand.memories), hand.dealt_ms, model_with(hand.fit_id)
    memories, dealt_ms, model = read
    return level(memories.get(card), dealt_ms, calendar_of(sitting.learner), model)


def drafts_on(paper: Paper) -> dict[str, Draft]:
    return {draft.question: draft for draft in Draft.objects.filter(learner_id=paper.learner_id, paper=paper)}


def changed_since(questions: Sequence[Question]) -> dict[str, str]:
    """Cards of a paper that are another now than on it: "edited" or "deleted"."""
    frozen = {question.item.id: question.item for question in questions}
    now = items_in(frozen)
    found = {}
    for id, item in frozen.items():
        if id not in now:
            found[id] = "deleted"
        elif (now[id].front.html, now[id].back.html) != (item.front.html, item.back.html):
            found[id] = "edited"
    return found
