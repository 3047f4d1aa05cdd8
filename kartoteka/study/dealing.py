"""A sitting begins, is dealt its hands, and ends."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.memory import MemoryState
from kartoteka.library import access
from kartoteka.library import actions as library
from kartoteka.library import queries as library_queries
from kartoteka.library.models import Deck
from kartoteka.modes.base import Value
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study.choosing import Choice, choice_of
from kartoteka.study.confusing import confusions
from kartoteka.study.desks import APART, DRAWN, FOR_POINTS, FROM_HAND, INSTEAD_OF, MORE, desk_of, hand_on, hands_on, items_in, options_of, rules_of
from kartoteka.study.exams import date_of, exams_of
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.log import STATE
from kartoteka.study.models import Hand, Memory, Review, Sitting
from kartoteka.study.options import settled
from kartoteka.study.papers import keep_paper, written_for
from kartoteka.study.putting import AT_ONCE, laid_out
from kartoteka.study.refusals import NothingToAsk
from kartoteka.study.runs import keep_run
from kartoteka.study.weak import ALONE, WEAK, weak_of

LOOKED_AT = (60, 400)  # cards of a set that a mode picks from
POOL = 100  # a small hand is joined by so many other cards of the set, from which wrong answers are drawn
FEW = 5  # cards that are met beyond the day's minutes at a time
HAND = 100  # cards on a desk at once: a page over 20,000 cards stays a page of 100


def exam_day(learner: Person | None, deck: Deck, *, now_ms: int) -> str:
    """The date of the next exam that this learner studies a set for, as 2027-06-12; empty: there is none."""
    if learner is None:
        return ""
    today = calendar_of(learner).day(now_ms)
    coming = [exam.day for exam in exams_of(learner, deck) if exam.day > today]
    return date_of(min(coming)).isoformat() if coming else ""


def sit(
    learner: Person,
    *,
    deck: Deck | None,
    mode: str,
    options: Mapping[str, Value],
    now_ms: int,
    dice: random.Random,
    afresh: bool = False,
    over: bool = False,
    only: Collection[str] = (),
    seed: int | None = None,
) -> Sitting:
    """Sits down to a mode: goes on where this learner left off, or begins anew and deals the first hand.

    ``only``: the ids (hex) of the cards to ask; empty: all that the options choose. ``seed``: of an order or a paper that was shown before. ``over``: anew, also with
    what is done for today; nothing that is remembered goes. Raises ``NothingToAsk`` where none is left.
    """
    drawn = seed is not None
    afresh = afresh or over or (drawn and seed != open_draw(learner, deck, mode))
    values = settled(rules_of(mode), options)
    seed = dice.getrandbits(48) if seed is None else seed
    ahead = _written_ahead(learner, deck, mode, values, now_ms=now_ms, seed=seed, afresh=afresh, only=only) if deck else None
    return _sit(learner, deck=deck, mode=mode, values=values, now_ms=now_ms, seed=seed, drawn=drawn, afresh=afresh, over=over, only=only, ahead=ahead)


def _written_ahead(
    learner: Person, deck: Deck, mode: str, values: Mapping[str, Value], *, now_ms: int, seed: int, afresh: bool, only: Collection[str]
) -> tuple[Choice, Any] | None:
    """A paper takes its time to write (500 questions about a second), so it is written before anyone else has to wait."""
    rules = rules_of(mode)
    if not hasattr(rules, "compose") or not (afresh or _left_open(learner, deck, mode, values, sorted(only), now_ms) is None):
        return None
    choice = _chosen(learner, deck, rules, values, now_ms=now_ms, seed=seed, only=only)
    paper = written_for(learner, deck, rules, choice, values, seed)
    return replace(choice, cards=paper.cards), paper


@action
def _sit(
    learner: Person,
    *,
    deck: Deck | None,
    mode: str,
    values: Mapping[str, Value],
    now_ms: int,
    seed: int,
    drawn: bool,
    afresh: bool,
    over: bool,
    only: Collection[str],
    ahead: tuple[Choice, Any] | None,
) -> Sitting:
    rules = rules_of(mode)
    learner = at_the_desk(learner, now_ms=now_ms)
    values = dict(values)
    if values.get("goal") == "exam" and not values.get("exam") and deck:
        values["exam"] = exam_day(learner, deck, now_ms=now_ms)
    standing = None if afresh or not getattr(rules, "RESUMES", True) else _left_open(learner, deck, mode, values, sorted(only), now_ms)
    if standing:
        return standing
    before = sat_today(learner, deck, mode, now_ms=now_ms) if over else None
    choice, paper = ahead or (_chosen(learner, deck, rules, values, now_ms=now_ms, seed=seed, only=only), None)
    sitting = Sitting.objects.create(
        learner=learner,
        deck_id=deck.id if deck else None,
        mode=mode,
        seed=seed,
        options={name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
        total=len(paper.questions) if paper else len(choice.cards),
        skipped=choice.skipped,
        began_ms=now_ms,
        last_ms=now_ms,
        extra=({"only": sorted(only)} if only else {})
        | ({INSTEAD_OF: before.id.hex} if before else {})
        | ({FOR_POINTS: sorted(choice.for_points)} if choice.for_points and rules.DEAL == "queue" and not only else {})
        | ({DRAWN: True} if drawn and hasattr(rules, "run") else {})
        | ({MORE: len(choice.more)} if rules.DEAL == "queue" and choice.more else {})
        | (_apart(learner, deck, choice) if (rules.DEAL == "queue" or getattr(rules, "POOL", False)) and not paper else {})
        | ({"paper": True} if paper else beside(learner, deck, choice.cards, seed) if deck and getattr(rules, "POOL", False) else {}),
    )
    if paper and deck:
        keep_paper(sitting, deck, rules, paper.questions, values, now_ms=now_ms)
    hands = list(_hands(sitting, choice, spans_sets=deck is None, size=len(choice.cards) if paper else HAND))
    _lay(hands[0], learner, rules, now_ms)
    Hand.objects.bulk_create(hands, batch_size=100)
    return sitting


def _chosen(learner: Person, deck: Deck | None, rules: ModuleType, values: Mapping[str, Value], *, now_ms: int, seed: int, only: Collection[str]) -> Choice:
    if deck and values.get("answer") in ("term", "both"):
        library.ensure_cards(deck, "reversed")
    choice = choice_of(learner, deck, rules, values, now_ms=now_ms, seed=seed, only=only)
    if not choice.cards:
        raise NothingToAsk(choice.sentence, skipped=choice.skipped, nearest=choice.nearest, more=choice.more[:FEW])
    return _picked(rules, choice, values, seed) if hasattr(rules, "pick") else choice


def _picked(rules: ModuleType, choice: Choice, values: Mapping[str, Value], seed: int) -> Choice:
    """The few cards a mode picks by what stands on them: looked for among some, and then among more, never among 20,000."""
    cards = list(choice.cards)
    random.Random(seed).shuffle(cards)
    picked: list[str] = []
    for many in LOOKED_AT:
        picked = list(rules.pick(items_in(cards[:many]), seed, values))
        if len(picked) == rules.size_of(values) or many >= len(cards):
            break
    if len(picked) < rules.LEAST:
        raise NothingToAsk(_(rules.why_few(items_in(cards[:many]))), skipped=choice.skipped, nearest="all" if values.get("cards", "all") != "all" else "")
    return replace(choice, cards=picked)


def _apart(learner: Person, deck: Deck | None, choice: Choice) -> dict[str, Any]:
    """What is put beside a term that several cards have, in this set or in all that a visit is over, where it is asked from memory."""
    if deck is not None:
        found = library_queries.told_apart([deck])
    else:
        found = library_queries.told_apart(list(access.decks_seen(learner, {UUID(one) for one in choice.decks.values()})), choice.cards)
    return {APART: found} if found else {}


def beside(learner: Person, deck: Deck, cards: Sequence[str], seed: int) -> dict[str, Any]:
    """What lies beside the hands, as known when one sits down: other cards of the set as wrong answers, and what this learner took cards for."""
    found: dict[str, Any] = {}
    if len(cards) < POOL:
        chosen = set(cards)
        others = sorted(card.id for card in library_queries.cards_of(deck) if card.askable and card.id not in chosen)
        more = POOL - len(cards)
        found["pool"] = others if len(others) <= more else random.Random(seed).sample(others, more)
    confused = confusions(learner, deck.id, set(cards))
    return found | ({"confused": confused} if confused else {})


def sat_today(learner: Person | None, deck: Deck | None, mode: str, *, now_ms: int) -> Sitting | None:
    """The last sitting of a mode, if what is done in it is done for today: it can be started over."""
    if learner is None or not getattr(rules_of(mode), "DAILY", False):
        return None
    last = Sitting.objects.filter(learner=learner, deck_id=deck.id if deck else None, mode=mode).order_by("-last_ms", "-id").first()
    calendar = calendar_of(learner)
    return last if last and calendar.day(last.last_ms) == calendar.day(now_ms) else None


@action
def back_before(sitting: Sitting, *, now_ms: int) -> Sitting | None:
    """Takes a start over back, as long as nothing was answered since: the sitting before it is the one to go on with. ``None``: there is nothing to take back."""
    before = Sitting.objects.filter(learner_id=sitting.learner_id, id=sitting.extra.get(INSTEAD_OF)).first() if INSTEAD_OF in sitting.extra else None
    if before is None or sitting.over_ms is not None:
        return None
    sitting.over_ms = now_ms
    sitting.save(update_fields=["over_ms"])
    before.last_ms = max(now_ms, sitting.last_ms + 1)
    before.save(update_fields=["last_ms"])
    return before


def open_draw(learner: Person | None, deck: Deck | None, mode: str) -> int | None:
    """The draw number of the last sitting of a mode, if it is not over."""
    last = Sitting.objects.filter(learner=learner, deck_id=deck.id if deck else None, mode=mode).order_by("-last_ms", "-id").first() if learner else None
    return last.seed if last and last.over_ms is None else None


def left_open(learner: Person | None, deck: Deck, mode: str, *, now_ms: int) -> Sitting | None:
    """The sitting that "Resume" speaks of: the last one of a mode, if it is not over and something was answered in it; whichever options it has."""
    rules = rules_of(mode)
    last = Sitting.objects.filter(learner=learner, deck_id=deck.id, mode=mode).order_by("-last_ms", "-id").first() if learner else None
    if last is None or last.over_ms is not None or rules.DEAL == "queue" or not getattr(rules, "RESUMES", True):
        return None
    calendar = calendar_of(last.learner)
    if getattr(rules, "DAILY", False) and calendar.day(last.began_ms) != calendar.day(now_ms):
        return None
    return last if Review.objects.filter(learner=learner, sitting_id=last.id).exists() else None


def _left_open(learner: Person, deck: Deck | None, mode: str, values: Mapping[str, Value], only: Sequence[str], now_ms: int) -> Sitting | None:
    """The sitting this learner left open, if it is still the one that would begin now. What memory asks for is asked anew each day."""
    rows = Sitting.objects.filter(learner=learner, deck_id=deck.id if deck else None, mode=mode)
    last = rows.order_by("-last_ms", "-id").first()
    if last is None or last.over_ms is not None or last.extra.get("only", []) != list(only):
        return None
    if last.options != {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}:
        return None
    calendar = calendar_of(learner)
    if (rules_of(mode).DEAL == "queue" or getattr(rules_of(mode), "DAILY", False)) and calendar.day(last.began_ms) != calendar.day(now_ms):
        return None
    return last


def why_few(cards: Sequence[str], mode: str) -> str:
    """Why a mode that picks among the cards of a set finds too few. Empty: it finds enough, or they are so many that it will not be asked here."""
    rules = rules_of(mode)
    if not hasattr(rules, "pick") or not rules.LEAST <= len(cards) <= LOOKED_AT[0]:
        return ""
    items = items_in(cards)
    return _(rules.why_few(items)) if len(rules.pick(items, 0, settled(rules, {}))) < rules.LEAST else ""


def _hands(sitting: Sitting, choice: Choice, *, spans_sets: bool, size: int) -> Sequence[Hand]:
    hands = []
    for number, start in enumerate(range(0, len(choice.cards), size)):
        cards = choice.cards[start : start + size]
        decks = {card: choice.decks[card] for card in cards} if spans_sets else {}
        hands.append(Hand(learner_id=sitting.learner_id, sitting=sitting, number=number, cards=cards, decks=decks))
    return hands


def _lay(hand: Hand, learner: Person, rules: ModuleType, now_ms: int) -> None:
    """A hand comes onto the desk, with its memories as they are now, the points that are due by themselves, and the model they go by."""
    rows = Memory.objects.filter(learner_id=hand.learner_id, card_id__in=hand.cards).values("card_id", *STATE)
    hand.memories = {row["card_id"].hex: MemoryState.of(row).row() for row in rows}
    if getattr(rules, "POINTS_ALONE", False):
        for card, places in weak_of(learner, hand.memories, now_ms).items():
            hand.memories[card]["more"][WEAK] = places
        for card in hand.memories.keys() & set(hand.sitting.extra.get(FOR_POINTS, ())):
            hand.memories[card]["more"][ALONE] = True
    hand.dealt_ms, hand.fit_id = now_ms, learner.fit_id


@action
def deal(sitting: Sitting, *, now_ms: int) -> bool:
    """Lays the next hand where the one on the desk is done; ``False``: all are done, the sitting is over.

    Safe to call twice: a hand with open questions stays.
    """
    sitting.refresh_from_db()
    rules = rules_of(sitting.mode)
    while True:
        desk = desk_of(sitting)
        if rules.ask(desk):
            return True
        following = hand_on(sitting, sitting.hand + 1)
        if not following.cards:
            finish(sitting, now_ms=now_ms)
            return False
        if hasattr(rules, "tally"):
            for hand in hands_on(sitting):  # what lay together is counted once
                hand.tally = rules.tally(desk) if hand.number == sitting.hand else {}
                hand.save(update_fields=["tally"])
        sitting.extra.pop(FROM_HAND, None)
        _lay_next(sitting, following, now_ms)


def _lay_next(sitting: Sitting, hand: Hand, now_ms: int) -> None:
    if not hand.dealt_ms:
        _lay(hand, sitting.learner, rules_of(sitting.mode), now_ms)
        hand.save()
    sitting.hand = hand.number
    sitting.save(update_fields=["hand", "extra", "total"])


@action
def deal_beside(sitting: Sitting, *, now_ms: int) -> bool:
    """Lays the next hand beside the one on the desk, of which everything waits; ``False``: there is no further one."""
    sitting.refresh_from_db()
    following = hand_on(sitting, sitting.hand + 1)
    if not following.cards or sitting.over_ms is not None:
        return False
    sitting.extra[FROM_HAND] = min(sitting.extra.get(FROM_HAND, sitting.hand), sitting.hand)
    _lay_next(sitting, following, now_ms)
    return True


@action
def meet_more(sitting: Sitting, *, now_ms: int) -> int:
    """While everything on the desk waits, a few cards more come beside it, though they are beyond the day's minutes; how many can be asked now.

    Safe to call twice: who was given some gets no more while one of them is open.
    """
    sitting.refresh_from_db()
    if sitting.over_ms is not None or hand_on(sitting, sitting.hand + 1).cards:
        return 0
    learner, rules = sitting.learner, rules_of(sitting.mode)
    if now := sum(1 for one in rules.ask(desk_of(sitting)) if one.after_ms + one.wait_ms <= now_ms):
        return now
    deck = access.deck_to_study(learner, sitting.deck_id) if sitting.deck_id else None
    choice = choice_of(learner, deck, rules, options_of(sitting), now_ms=now_ms, seed=sitting.seed)
    dealt = {card for hand in Hand.objects.filter(learner=learner, sitting=sitting) for card in hand.cards}
    left = [card for card in (*choice.cards, *choice.more) if card not in dealt]
    cards = left[:FEW]
    sitting.extra[MORE] = len(left) - len(cards)
    if not cards:
        sitting.save(update_fields=["extra"])
        return 0
    sitting.extra[FROM_HAND] = min(sitting.extra.get(FROM_HAND, sitting.hand), sitting.hand)
    sitting.total += len(cards)
    decks = {card: choice.decks[card] for card in cards} if deck is None else {}
    sitting.extra[FOR_POINTS] = sorted({*sitting.extra.get(FOR_POINTS, ()), *(choice.for_points & set(cards))})
    if deck is None:
        sitting.extra[APART] = {**sitting.extra.get(APART, {}), **_apart(learner, None, replace(choice, cards=cards)).get(APART, {})}
    _lay_next(sitting, Hand(learner=learner, sitting=sitting, number=sitting.hand + 1, cards=cards, decks=decks), now_ms)
    return len(cards)


@action
def finish(sitting: Sitting, *, now_ms: int) -> None:
    """Ends a sitting. What was answered stays; an answer that comes late still finds its question."""
    if sitting.over_ms is None:
        sitting.over_ms = now_ms
        sitting.save(update_fields=["over_ms"])
        keep_run(sitting)


def go_on(sitting: Sitting, *, now_ms: int, many: int = AT_ONCE) -> dict[str, Any]:
    """What a page shows of a sitting; where its hand is done, the next one is dealt first."""
    shown = laid_out(sitting, now_ms=now_ms, many=many)
    if not shown["questions"] and not shown["over"]:
        deal(sitting, now_ms=now_ms)
        shown = laid_out(sitting, now_ms=now_ms, many=many)
    elif shown["questions"] and shown["wait_ms"] and deal_beside(sitting, now_ms=now_ms):
        shown = laid_out(sitting, now_ms=now_ms, many=many)
    return shown
