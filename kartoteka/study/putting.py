"""What a sitting shows next: its questions as a page and an island need them, its counts, and what each button would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka.engine import asking
from kartoteka.engine.differing import differing
from kartoteka.engine.distractors import excerpt
from kartoteka.engine.formulas import in_words
from kartoteka.engine.grading import Verdict, reasons
from kartoteka.engine.hinting import hints_for
from kartoteka.engine.items import Item, Side
from kartoteka.engine.letters import letters
from kartoteka.engine.memory import DAY_MS, Calendar, MemoryState, Model, due_ms, leech, level, outcomes
from kartoteka.engine.notes import clipped
from kartoteka.engine.questions import Question, Response
from kartoteka.library import access
from kartoteka.modes.base import Desk, card_of, find, wait_of
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.study import rows
from kartoteka.study.accepting import Marks
from kartoteka.study.confusing import confusions
from kartoteka.study.desks import APART, MORE, desk_of, hands_on, items_in, rules_of
from kartoteka.study.given import not_too_long
from kartoteka.study.learners import calendar_of, retention_of
from kartoteka.study.models import Hand, Sitting
from kartoteka.study.own import model_of

ANSWER_IS_THERE = ("self", "look")  # with these the answer is part of the question; with others it never leaves before it was given
NOTHING_YET = {"html": "", "text": "", "lang": "", "kind": "short", "points": []}
TYPED = ("short", "medium", "cloze")  # classes of sides that may be asked for in writing
AT_ONCE = 20  # questions on a page: the next card shows without waiting for the server
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


def sitting_of(learner: Person | None, id: UUID) -> Sitting:
    """A learner's own sitting over a set they may still see. Raises ``NotThere``."""
    sitting = Sitting.objects.filter(learner=learner, id=id).select_related("learner").first() if learner else None
    if sitting is None:
        raise NotThere(_("This sitting is not there. It may belong to another browser or account."))
    if sitting.deck_id:
        access.deck_to_study(learner, sitting.deck_id)
    return sitting


def question_of(sitting: Sitting, id: str) -> Question:
    """The question with this id, if it is open. Raises ``NotThere``."""
    desk = desk_of(sitting)
    found = find(rules_of(sitting.mode).ask, desk.narrowed(card_of(id)), id) if card_of(id) in desk.hand and sitting.over_ms is None else None
    if found is None:
        raise NotThere(_("This question is not open any more."))
    return found


def judged(sitting: Sitting, id: str, text: str) -> dict[str, Any]:
    """How a written answer to a card that the learner judges would be marked, and the grade this suggests. Nothing is kept."""
    question = question_of(sitting, id)
    item, direction = question.item, question.item.direction
    pool = desk_of(sitting).items
    dressed = asking.points(item, pool, point=question.point, direction=direction) or asking.typed(item, pool, direction=direction)
    if question.qtype != "self" or dressed is None:
        return {"rating": None, "verdict": None}
    response = Response(text=not_too_long(text))
    dressed, verdict = Marks(sitting.learner_id, [UUID(item.id)]).judged(dressed, response)
    passed = verdict.passed if verdict.points else verdict.label in ("right", "close")
    rating = None if verdict.label == "unsure" else 1 if not passed else 2 if verdict.label == "close" else 3
    return {"rating": rating, "verdict": told(verdict, dressed, None, response)}


def next_questions(sitting: Sitting) -> Sequence[Question]:
    """The questions open now, the next one first. None: the hand is done."""
    questions: Sequence[Question] = rules_of(sitting.mode).ask(desk_of(sitting))
    return questions


def put(sitting: Sitting, *, now_ms: int, many: int = AT_ONCE) -> list[dict[str, Any]]:
    """The next questions, each with all that an island needs to show and rate it without asking again."""
    return _all_shown(sitting, open_on(sitting, desk_of(sitting))[:many], now_ms)


def open_on(sitting: Sitting, desk: Desk) -> Sequence[Question]:
    """The questions open on a desk; none where the sitting is over."""
    questions: Sequence[Question] = rules_of(sitting.mode).ask(desk) if sitting.over_ms is None else ()
    return questions


def whole_hand(sitting: Sitting, *, now_ms: int) -> list[dict[str, Any]]:
    """Every card of the hand on the desk in its order, to be looked at whether or not it was answered."""
    desk = desk_of(sitting)
    items = [desk.items[card] for card in desk.hand if desk.items[card].askable]
    return _all_shown(sitting, [Question(item, "look", hand=desk.number, direction=item.direction) for item in items], now_ms)


def one_shown(sitting: Sitting, question: Question, *, now_ms: int) -> dict[str, Any]:
    """A question as a page shows it."""
    return _all_shown(sitting, [question], now_ms)[0]


def _all_shown(sitting: Sitting, questions: Sequence[Question], now_ms: int) -> list[dict[str, Any]]:
    states = rows.states(sitting.learner_id, [question.item.id for question in questions])
    calendar, model = calendar_of(sitting.learner), model_of(sitting.learner)
    found = [shown(question, states.get(question.item.id), sitting.learner, now_ms=now_ms, calendar=calendar, model=model) for question in questions]
    apart: Mapping[str, str] = sitting.extra.get(APART, {})
    for question, one in zip(questions, found, strict=True):
        if (words := apart.get(question.item.note)) and question.prompt.text == question.item.front.text:
            one["front"] |= {"html": f"{one['front']['html']}<p><small>({escape(words, quote=False)})</small></p>", "text": f"{one['front']['text']} ({words})"}
    if slipping := {question.item.id: question.item.deck for question, one in zip(questions, found, strict=True) if one["leech"]}:
        others = _mixed_up_with(sitting.learner, slipping)
        for one in found:
            one["mixed_up"] = others.get(one["card"])
    return found


def _mixed_up_with(learner: Person, cards: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What each of these cards (by its set) is most often taken for, with both its sides, to be compared with."""
    confused: dict[str, str] = {}
    for deck in set(cards.values()):
        found = confusions(learner, UUID(deck), {card for card, of in cards.items() if of == deck})
        confused.update({card: others[0] for card, others in found.items()})
    items = items_in(set(confused.values()))
    return {card: {"front": _side(items[other].front), "back": _side(items[other].back)} for card, other in confused.items() if other in items}


def shown(question: Question, state: MemoryState | None, learner: Person, *, now_ms: int, calendar: Calendar, model: Model) -> dict[str, Any]:
    item = question.item
    return {
        "id": question.id,
        "card": item.id,
        "note": item.note,
        "qtype": question.qtype,
        "turn": question.turn,
        "again": question.again,
        "after_ms": question.after_ms,
        "wait_ms": question.wait_ms,
        "starred": item.starred,
        "level": level(state, now_ms, calendar, model),
        "lapses": state.lapses if state else 0,
        "leech": state is not None and leech(state, now_ms, calendar),
        "mixed_up": None,
        "front": _side(question.prompt),
        "back": _side(question.answer) if question.qtype in ANSWER_IS_THERE else NOTHING_YET,
        "tags": list(item.tags),
        "choices": [{"id": choice.id, **_side(choice.side)} for choice in question.choices],
        "claim": _side(question.claim.side) if question.claim else None,
        "extra": dict(question.extra),
        "line": line_of(question),
        "hints": len(hints_for(question)),
        "hint": item.hint if question.qtype in ANSWER_IS_THERE else "",
        "buttons": buttons(state, learner, item, now_ms=now_ms, calendar=calendar, model=model) if question.qtype == "self" and question.point is None else {},
    }


def told(verdict: Verdict, question: Question, instead: Item | None = None, response: Response | None = None) -> dict[str, Any]:
    """What a learner is told of an answer: how it was judged and what would have been right. Never before it was given."""
    return {
        "label": verdict.label,
        "score": verdict.score,
        "points": [
            {"text": in_words(one.text, question.answer.html), "mark": one.mark, "weight": one.weight, "quote": one.quote, "sure": one.sure}
            for one in verdict.points
        ],
        "contradicted": verdict.contradicted,
        "reasons": _reasons(verdict, instead, response),
        "accepted_form": in_words(verdict.accepted_form, question.answer.html),
        "mistaken_for": mistaken_words(instead) if instead else None,
        "right": right_of(question),
        "answer": _side(question.answer),
        "certain": verdict.certain,
        "layer": verdict.layer,
        "text": response.text if response else "",
        "choice": response.choice if response else "",
        "unknown": bool(response and response.unknown),
        "strictness": question.rubric.strictness if question.rubric else "",
        "differing": _differing(verdict, question, response),
    }


def _reasons(verdict: Verdict, instead: Item | None, response: Response | None) -> list[str]:
    """Why it was judged so, in the learner's language; what the verdict says by itself is not said twice."""
    left_out = {reasons.UNSURE, *((reasons.OTHER_CARD,) if instead else ()), *((reasons.NO_ANSWER,) if response and response.unknown else ())}
    kept = [reason for reason in verdict.reasons if getattr(reason, "template", reason) not in left_out]
    return [_(reason.template).format(**reason.values) if isinstance(reason, reasons.Reason) else _(reason) for reason in kept]


def mistaken_words(other: Item) -> dict[str, str]:
    """Whose answer was given: that card, its term, and the beginning of what it says."""
    return {"card": other.id, "text": " ".join(other.front.said.split()), "says": clipped(" ".join(excerpt(other.back).said.split()))}


def _differing(verdict: Verdict, question: Question, response: Response | None) -> list[dict[str, str]]:
    """What was written beside what is right, piece by piece, where they are alike but not the same."""
    alone = question.qtype == "points" and not verdict.points
    if response is None or not (question.qtype == "typed" or alone) or not response.text or verdict.label == "right":
        return []
    return [
        {"text": piece.text, "is": piece.is_}
        for piece in differing(response.text, in_words(verdict.accepted_form or question.answer.text, question.answer.html))
    ]


def right_of(question: Question) -> list[str]:
    """The ids of what would have been right to choose."""
    if question.qtype == "tf" and question.claim:
        return ["true" if question.claim.right else "false"]
    if question.qtype == "choice":
        return [choice.id for choice in question.choices if choice.right]
    return []


def line_of(question: Question) -> str:
    """The name of the sentence above a prompt."""
    if question.qtype == "choice":
        return (
            "says"
            if question.extra.get("excerpt")
            else "term"
            if question.direction == "reversed"
            else "quote"
            if question.prompt.kind == "quote"
            else "answer"
        )
    if question.qtype == "tf":
        return "claim" if question.extra.get("question") else "tf"
    if question.qtype == "typed":
        return "finish" if question.extra.get("quote") else "blank" if question.answer.kind == "cloze" else "write"
    if question.qtype == "points":
        return "points" if question.point is None else "lacking" if question.extra.get("lacking") else "point"
    return question.qtype


def letters_of(sitting: Sitting) -> list[str]:
    """Letters of the answers in hand that a keyboard may lack."""
    desk = desk_of(sitting)
    items = [desk.items[card] for card in desk.hand]
    sides = [item.front if item.direction == "reversed" else item.back for item in items]
    return letters([side.text for side in sides if side.kind in TYPED] + [form for item in items for form in item.accepted])


def hint_of(question: Question, rung: int) -> dict[str, Any] | None:
    """One rung of a question's ladder, from 1."""
    rungs = hints_for(question)
    if not 1 <= rung <= len(rungs):
        return None
    hint = rungs[rung - 1]
    return {
        "rung": rung,
        "of": len(rungs),
        "kind": hint.kind,
        "html": hint.html,
        "lines": list(hint.lines),
        "removed": list(hint.removed),
        "kinds": [one.kind for one in rungs],
    }


def _side(side: Side) -> dict[str, Any]:
    return {"html": side.html, "text": side.said, "lang": side.lang, "kind": side.kind, "points": [in_words(point.alone, side.html) for point in side.points]}


def buttons(state: MemoryState | None, learner: Person, item: Item, *, now_ms: int, calendar: Calendar, model: Model) -> dict[str, dict[str, Any]]:
    """What each rating would do, by the very function that stores it."""
    shown = {}
    for rating, after in outcomes(state, now_ms, calendar, model=model).items():
        due = due_ms(after, target=retention_of(learner, item.deck), calendar=calendar, seed=item.id, model=model)
        days = calendar.day(due) - calendar.day(now_ms) if due - now_ms >= DAY_MS / 2 else 0
        shown[str(rating)] = {"days": days, "words": wait_words(due - now_ms, days)}
    return shown


def wait_words(wait_ms: int, days: int) -> str:
    """How long until a card comes again, in plain words."""
    if days < 1:
        if wait_ms < HOUR_MS:
            return _("again in ~%(minutes)d min") % {"minutes": max(1, round(wait_ms / MINUTE_MS))}
        hours = round(wait_ms / HOUR_MS)
        return ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    if days < 60:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    if days < 730:
        months = round(days / 30.4)
        return ngettext("in %(n)d month", "in %(n)d months", months) % {"n": months}
    years = round(days / 365.25)
    return ngettext("in %(n)d year", "in %(n)d years", years) % {"n": years}


def counts(sitting: Sitting) -> dict[str, Any]:
    """Where a sitting stands: ``n`` cards asked under its options, how many are done and left, who was left out and why."""
    desk = desk_of(sitting)
    return counts_on(sitting, desk, open_on(sitting, desk))


def counts_on(sitting: Sitting, desk: Desk, open_now: Sequence[Question]) -> dict[str, Any]:
    """``n`` is done + left, always; a card that left the set meanwhile is in neither. What the mode itself counts stands beside it."""
    rules = rules_of(sitting.mode)
    hands = hands_on(sitting)
    earlier = (
        Hand.objects.filter(learner_id=sitting.learner_id, sitting=sitting, number__lt=hands[0].number).values_list("cards", "tally") if sitting.hand else ()
    )
    before = sum(len(cards) for cards, _tally in earlier)
    gone = sum(len(hand.cards) for hand in hands) - len(desk.hand)
    undealt = sitting.total - before - len(desk.hand) - gone
    tally = _summed([*(tally for _cards, tally in earlier), rules.tally(desk)]) if hasattr(rules, "tally") else {}
    if "left" in tally:
        tally["left"] += undealt
        left = tally["left"]
    else:
        left = undealt + len({question.item.id for question in open_now})
    n = sitting.total - gone
    return {
        "n": n,
        "done": n - left,
        "left": left,
        "position": min(n - left + 1, n),
        "answers": len(desk.answered),
        "skipped": sitting.skipped,
        "more": sitting.extra.get(MORE, 0),
        "over": sitting.over_ms is not None,
        **tally,
    }


def _summed(tallies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A sitting's tally over its hands: counts add up, anything else is as on the last hand."""
    total: dict[str, Any] = {}
    for tally in tallies:
        for name, value in tally.items():
            adds = isinstance(value, int) and not isinstance(value, bool) and isinstance(total.get(name, 0), int)
            total[name] = total.get(name, 0) + value if adds else value
    return total


def laid_out(sitting: Sitting, *, now_ms: int, many: int = AT_ONCE) -> dict[str, Any]:
    """What a page shows of a sitting: its next questions, its counts, whether it is over; from one desk."""
    desk = desk_of(sitting)
    questions = open_on(sitting, desk)
    many = min(many, getattr(rules_of(sitting.mode), "AHEAD", many))
    return {
        "questions": _all_shown(sitting, _first(questions, many, now_ms), now_ms),
        "counts": counts_on(sitting, desk, questions),
        "over": sitting.over_ms is not None,
        "wait_ms": wait_of(questions, now_ms),
    }


def _first(questions: Sequence[Question], many: int, now_ms: int) -> Sequence[Question]:
    """The first of these in their order; those that need not wait have the places before those that must."""
    if len(questions) <= many:
        return questions
    chosen = {one.id for one in sorted(questions, key=lambda one: one.after_ms + one.wait_ms > now_ms)[:many]}
    return [one for one in questions if one.id in chosen]


def buttons_of(learner: Person, question: Question, *, now_ms: int) -> dict[str, dict[str, Any]]:
    """What each rating of a question would do to what this learner remembers."""
    state = rows.states(learner.id, [question.item.id]).get(question.item.id)
    return buttons(state, learner, question.item, now_ms=now_ms, calendar=calendar_of(learner), model=model_of(learner))
