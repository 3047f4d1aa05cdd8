"""Which cards a sitting asks, in which order, and why the others are left out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kartoteka.engine import queue
from kartoteka.engine.memory import Calendar, Level
from kartoteka.library.models import Deck
from kartoteka.look.words import in_figures
from kartoteka.modes.base import Value
from kartoteka.people.models import Person
from kartoteka.study import exams
from kartoteka.study.candidates import Candidate, candidates
from kartoteka.study.learners import calendar_of, pace_of
from kartoteka.study.models import Memory
from kartoteka.study.own import model_of

REASONS = {
    "empty": gettext_noop("empty side"),
    "suspended": gettext_noop("suspended"),
    "buried": gettext_noop("put off until tomorrow"),
    "starred": gettext_noop("not starred"),
    "unmastered": gettext_noop("mastered already"),
    "missed": gettext_noop("not missed last time"),
    "due": gettext_noop("not due"),
    "tag": gettext_noop("another tag"),
    "range": gettext_noop("outside the range"),
    "level": gettext_noop("another level"),
}
LEVELS: tuple[Level, ...] = ("new", "learning", "fading", "familiar", "mastered")


@dataclass(frozen=True, slots=True)
class Choice:
    """The cards of a sitting in order, which deck each is from, and how many were left out for which reason.

    ``new``: how many of the cards were never asked. ``more``: those that would come next if there were time: due ones, then new ones.
    ``for_points``: those of all these that are there only for points that are due by themselves. ``rests_ms``: how long until the first of them is to be asked, where all are in the middle of their learning step.
    """

    cards: list[str]
    decks: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    nearest: str = ""
    new: int = 0
    more: list[str] = field(default_factory=list)
    rests_ms: int = 0
    for_points: frozenset[str] = frozenset()

    @property
    def sentence(self) -> str:
        """Why nothing is left."""
        if not self.skipped:
            return _("There is no card here yet. Add one first.")
        if self.more:
            return _("What today has room for is done.")
        reasons = ", ".join(f"{in_figures(count)} {_(REASONS[reason])}" for reason, count in sorted(self.skipped.items(), key=lambda pair: -pair[1]))
        return _("No card is left under these options: %(reasons)s.") % {"reasons": reasons}


def choice_of(
    learner: Person | None, deck: Deck | None, rules: ModuleType, options: Mapping[str, Value], *, now_ms: int, seed: int, only: Collection[str] = ()
) -> Choice:
    """What a sitting that begins now would ask."""
    found = candidates(learner, deck, now_ms=now_ms)
    kept, skipped = sifted(found, options, now_ms=now_ms, only=only)
    if rules.DEAL == "queue" and not only:
        cards = _queued(learner, kept, options, now_ms=now_ms, seed=seed, found=found)
        skipped["due"] += len(kept) - len(cards)
    else:
        cards = [one.id for one in kept]
        if options.get("order") in ("shuffled", "shuffle", "random"):
            random.Random(seed).shuffle(cards)
    decks = {one.id: one.deck for one in found} if deck is None else {}
    chosen, fresh = set(cards), {one.id for one in kept if one.state is None}
    more = _more(kept if not only else sifted(found, options, now_ms=now_ms)[0], chosen, calendar_of(learner) if learner else Calendar(), now_ms)
    nearest = "" if cards or more else _nearest(found, options, now_ms, only)
    rests_ms = max(0, min((one.due_ms for one in kept if one.id in chosen), default=now_ms) - now_ms) if rules.DEAL == "queue" and not only else 0
    return Choice(
        cards,
        decks,
        {reason: count for reason, count in skipped.items() if count},
        nearest,
        len(fresh & chosen),
        more,
        rests_ms,
        _for_points(learner, kept, chosen | set(more), now_ms),
    )


def _for_points(learner: Person | None, kept: Sequence[Candidate], chosen: Collection[str], now_ms: int) -> frozenset[str]:
    """Which of these cards are asked only for some of their points; one that an exam places is asked whole."""
    found = [one for one in kept if one.for_points and one.id in chosen]
    return frozenset({one.id for one in found} - exams.belonging(learner, found, now_ms=now_ms)) if learner and found else frozenset()


def _more(kept: Sequence[Candidate], chosen: Collection[str], calendar: Calendar, now_ms: int) -> list[str]:
    """What would come after these: due cards, then new ones; of no note that is asked today already."""
    began_ms = calendar.begins(calendar.day(now_ms))
    put = {one.note for one in kept if one.id in chosen or (one.state and one.state.last_ms >= began_ms and one.due_ms > now_ms)}
    found = []
    for one in sorted((one for one in kept if one.id not in chosen and (one.state is None or one.due_ms <= now_ms)), key=lambda one: one.state is None):
        if one.note not in put:
            put.add(one.note)
            found.append(one.id)
    return found


def _queued(
    learner: Person | None, kept: Sequence[Candidate], options: Mapping[str, Value], *, now_ms: int, seed: int, found: Sequence[Candidate]
) -> list[str]:
    """What memory needs now, within the minutes: the learner's own a day, unless the options say otherwise."""
    return ordered(
        learner,
        kept,
        now_ms=now_ms,
        minutes=float(options.get("minutes") or (learner.minutes_a_day if learner else 10)),  # type: ignore[arg-type]
        new_cap=new_left(learner, kept, options, now_ms=now_ms),
        seconds=pace_of(learner) if learner else None,
        dice=random.Random(seed),
        shuffled=options.get("order") == "shuffled",
        found=found,
    )


def ordered(
    learner: Person | None,
    kept: Sequence[Candidate],
    *,
    now_ms: int,
    minutes: float,
    new_cap: int,
    seconds: queue.Seconds | None = None,
    dice: random.Random | None = None,
    shuffled: bool = False,
    found: Sequence[Candidate] = (),
) -> list[str]:
    """The cards to ask, in order: those that exams place today, then what memory would lose, in the minutes that are left.

    ``found``: every card of the sets in question, also those left out, where they were read already.
    """
    calendar = calendar_of(learner) if learner else Calendar()
    placed = exams.first_today(learner, kept, now_ms=now_ms, found=found) if learner else exams.NOTHING
    return [
        *placed.cards,
        *queue.order(
            [waiting(one) for one in kept if one.id not in placed.belong],
            now_ms=now_ms,
            calendar=calendar,
            minutes=max(0.0, minutes - placed.minutes),
            new_cap=new_cap,
            seconds=seconds,
            dice=dice,
            shuffled=shuffled,
            model=model_of(learner),
        ),
    ]


def waiting(one: Candidate) -> queue.Waiting:
    return queue.Waiting(one.id, one.note, one.state, one.position, one.due_ms)


def new_left(learner: Person | None, kept: Iterable[Candidate], options: Mapping[str, Value], *, now_ms: int) -> int:
    """How many new cards may still be met today, over all sets."""
    cap = options.get("new", learner.new_a_day if learner else 20)
    if learner is None:
        return int(cap)  # type: ignore[arg-type]
    calendar = calendar_of(learner)
    began_ms = calendar.begins(calendar.day(now_ms))
    met = Memory.objects.filter(learner=learner, first_ms__gte=began_ms).count()
    return max(0, int(cap) - met)  # type: ignore[arg-type]


def _nearest(found: Sequence[Candidate], options: Mapping[str, Value], now_ms: int, only: Collection[str]) -> str:
    """The choice of cards that would leave some: the narrowest one first."""
    for wider in ("due", "missed", "unmastered", "all"):
        if wider != options.get("cards") and sifted(found, {**options, "cards": wider}, now_ms=now_ms, only=only)[0]:
            return wider
    return ""


def filters_of(
    learner: Person | None, deck: Deck | None, options: Mapping[str, Value], names: Iterable[str], *, now_ms: int
) -> tuple[dict[str, int], list[str]]:
    """How many cards each choice of cards would leave under the other options, and the tags there are."""
    found = candidates(learner, deck, now_ms=now_ms)
    left = {name: len(sifted(found, {**options, "cards": name}, now_ms=now_ms)[0]) for name in names}
    return left, sorted({tag for one in found for tag in one.tags}, key=str.casefold)


def sifted(found: Iterable[Candidate], options: Mapping[str, Value], *, now_ms: int, only: Collection[str] = ()) -> tuple[list[Candidate], Counter[str]]:
    """Those that the options ask for, and how many are left out for which reason. Cards of another direction are not counted as left out."""
    skipped: Counter[str] = Counter()
    kept = []
    chosen, tag = str(options.get("cards", "all")), str(options.get("tag", ""))
    first, last = _range(str(options.get("range", "")))
    wanted = set(only)
    for one in found:
        if (wanted and one.id not in wanted) or not _facing(one, str(options.get("answer", "auto"))):
            continue
        reason = _left_out(one, chosen, tag, first, last, now_ms)
        if reason:
            skipped[reason] += 1
        else:
            kept.append(one)
    return kept, skipped


def _left_out(one: Candidate, chosen: str, tag: str, first: int, last: int, now_ms: int) -> str:
    checks: tuple[tuple[str, bool], ...] = (
        ("empty", not one.askable),
        ("suspended", one.suspended),
        ("buried", one.buried),
        ("starred", chosen == "starred" and not one.starred),
        ("unmastered", chosen in ("unmastered", "not-mastered") and one.level == "mastered"),
        ("missed", chosen == "missed" and (one.state is None or one.state.last_ok)),
        ("due", chosen == "due" and (one.state is None or one.due_ms > now_ms)),
        ("level", chosen in LEVELS and one.level != chosen),
        ("tag", bool(tag) and chosen in ("all", "tag") and tag not in one.tags),
        ("range", chosen in ("all", "range") and not first <= one.place <= last),
    )
    return next((reason for reason, out in checks if out), "")


def _range(text: str) -> tuple[int, int]:
    """``5-20`` as (5, 20); what is no range is everything."""
    first, _dash, last = text.replace(" ", "").replace("–", "-").partition("-")
    least = int(first) if first.isascii() and first.isdigit() else 1
    most = int(last) if last.isascii() and last.isdigit() else 10**9
    return (least, most) if text.strip() else (1, 10**9)


def _facing(one: Candidate, answer: str) -> bool:
    """Whether a card asks in the direction chosen: the definition (also by default), the term, or both."""
    if answer == "both":
        return True
    return (one.kind == "reversed") == (answer == "term")
