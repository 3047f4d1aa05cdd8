"""Runs with a time: judged from their moves in the log, kept as records, and, by choice, shown beside others'."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Min, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from kartoteka.engine.items import Side
from kartoteka.library.models import Deck
from kartoteka.look.words import in_figures
from kartoteka.modes import base
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study.desks import DRAWN, desk_of, options_of, rules_of
from kartoteka.study.log import ENTRY, Entry, standing
from kartoteka.study.marks import chosen_by
from kartoteka.study.models import Chosen, Review, Run, Sitting

GRAPH = 8  # runs on a graph of one's own
PLACES = 10
NO_SET = UUID(int=0)
SEEN_BEFORE = gettext_noop("This board was dealt by its draw number and may have been seen before, so this time is no record.")
SHOWN = "shown"  # the option by which others may see one's times


@dataclass(frozen=True, slots=True)
class Missed:
    """A pair that was looked for in the wrong place: its card, both its sides as they lay there, and how often."""

    card: str
    prompt: Side
    answer: Side
    times: int


@dataclass(frozen=True, slots=True)
class Point:
    """A run on the graph."""

    at_ms: int
    time_ms: int
    best: bool = False
    now: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One person's best time beside others'."""

    number: int
    name: str
    time_ms: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Result:
    """How a run went: ``before`` the record until then, ``faster_ms`` by how much this one beats it (less than 0: misses it)."""

    run: base.Run
    missed: list[Missed] = field(default_factory=list)
    before: Run | None = None
    points: list[Point] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    shown: bool = False

    @property
    def faster_ms(self) -> int | None:
        return self.before.time_ms - self.run.time_ms if self.before and self.run.ranked else None

    @property
    def record(self) -> bool:
        return self.run.ranked and (self.before is None or self.run.time_ms < self.before.time_ms)


def moves_of(sitting: Sitting) -> list[base.Move]:
    """The moves of a run that count, in order; their times by the server's clock."""
    rows = Review.objects.filter(learner_id=sitting.learner_id, sitting_id=sitting.id).values_list(*ENTRY, "client_ms", "offset_ms", "received_ms")
    read = {row[0]: (Entry(*row[: len(ENTRY)]), *row[len(ENTRY) :]) for row in rows}
    counted = standing(entry for entry, *_times in read.values())
    moves = []
    for entry in counted:
        _entry, client_ms, offset_ms, received_ms = read[entry.id]
        note = str(entry.response.get("text", ""))
        moves.append(base.Move(bool(entry.outcome and entry.outcome >= 0.5), client_ms + offset_ms, received_ms, entry.took_ms, note))
    return moves


def judged(sitting: Sitting) -> base.Run:
    """What a run was worth, from the log alone."""
    desk = desk_of(sitting, 0)
    only = {"cards": "only"} if sitting.extra.get("only") else {}
    run: base.Run = rules_of(sitting.mode).run(
        moves_of(sitting), pairs=len(desk.hand), dealt_ms=desk.dealt_ms or sitting.began_ms, options={**options_of(sitting), **only}
    )
    return replace(run, ranked=False, fair=False, why=SEEN_BEFORE) if run.ranked and sitting.extra.get(DRAWN) else run


def keep_run(sitting: Sitting) -> None:
    """Keeps a finished run, where its mode has runs and this one is possible."""
    rules = rules_of(sitting.mode)
    if not hasattr(rules, "run") or sitting.deck_id is None:
        return
    run = judged(sitting)
    if not run.kept or rules.ask(desk_of(sitting)):
        Run.objects.filter(learner_id=sitting.learner_id, sitting_id=sitting.id).delete()
        return
    values = {name: getattr(run, name) for name in ("kind", "size", "direction", "elapsed_ms", "wrong", "time_ms", "ranked", "fair")}
    values |= {"deck_id": sitting.deck_id, "mode": sitting.mode, "at_ms": sitting.over_ms or sitting.last_ms, "shown": shown_by(sitting.learner, sitting)}
    Run.objects.update_or_create(learner_id=sitting.learner_id, sitting_id=sitting.id, defaults=values)


def shown_by(learner: Person, sitting: Sitting) -> bool:
    """Whether a learner lets others see their times in this set; a guest has no name to show."""
    row = Chosen.objects.filter(learner=learner, deck_id=sitting.deck_id or NO_SET, mode=sitting.mode).first()
    return bool(row and row.values.get(SHOWN)) and not learner.is_guest


@action
def show_runs(learner: Person, deck: Deck, mode: str, *, shown: bool) -> None:
    """Lets others see one's best time in a set, or no longer."""
    values = {**chosen_by(learner, deck, mode), SHOWN: shown}
    Chosen.objects.update_or_create(learner=learner, deck_id=deck.id, mode=mode, defaults={"values": values})
    show_as_chosen(learner, deck.id, mode, shown=shown)


def show_as_chosen(learner: Person, deck_id: UUID, mode: str, *, shown: bool) -> None:
    """What was chosen holds for earlier runs too."""
    Run.objects.filter(learner=learner, deck_id=deck_id, mode=mode).update(shown=shown and not learner.is_guest)


def result_of(sitting: Sitting) -> Result:
    """How a finished run went, beside one's own others and beside those of people who show theirs."""
    run = judged(sitting)
    own = list(_alike(sitting, run).exclude(sitting_id=sitting.id).order_by("-at_ms", "-id")[:200])
    before = min((one for one in own if one.ranked), key=lambda one: (one.time_ms, one.at_ms), default=None)
    points = [Point(one.at_ms, one.time_ms, best=before is not None and one.id == before.id) for one in own if one.ranked][: GRAPH - 1][::-1]
    if run.ranked:
        points.append(Point(sitting.over_ms or sitting.last_ms, run.time_ms, now=True))
    return Result(
        run=run,
        missed=_missed(sitting),
        before=before,
        points=points if len(points) > 1 else [],
        places=places(sitting.deck_id, sitting.mode, sitting.learner) if sitting.deck_id else [],
        shown=shown_by(sitting.learner, sitting),
    )


def _alike(sitting: Sitting, run: base.Run) -> QuerySet[Run]:
    rows = Run.objects.filter(learner_id=sitting.learner_id, deck_id=sitting.deck_id or NO_SET, mode=sitting.mode)
    return rows.filter(kind=run.kind, size=run.size, direction=run.direction)


def _missed(sitting: Sitting) -> list[Missed]:
    desk = desk_of(sitting, 0)
    wrong: dict[str, int] = {}
    for answer in desk.answered:
        if answer.outcome is not None and answer.outcome < 0.5:
            wrong[answer.card] = wrong.get(answer.card, 0) + 1
    rules = rules_of(sitting.mode)
    questions = {question.item.id: question for card in wrong for question in rules.ask(replace(desk, hand=(card,), answered=()))}
    return [Missed(card, questions[card].prompt, questions[card].answer, times) for card, times in wrong.items() if card in questions]


def places(deck_id: UUID, mode: str, viewer: Person | None) -> list[Place]:
    """The quickest of those who show their times, and the viewer's own place among them."""
    rows = Run.objects.filter(deck_id=deck_id, mode=mode, fair=True, shown=True, learner__is_guest=False)
    best = list(rows.values("learner_id").annotate(time=Min("time_ms")).order_by("time", "learner_id"))
    first = [(number, row) for number, row in enumerate(best, 1) if number <= PLACES or (viewer and row["learner_id"] == viewer.id)]
    people = {person.id: person for person in Person.objects.filter(id__in=[row["learner_id"] for _number, row in first])}
    return [Place(number, people[row["learner_id"]].shown_name, row["time"], viewer is not None and row["learner_id"] == viewer.id) for number, row in first]


def best_like(sitting: Sitting) -> Run | None:
    """A learner's record on boards like this one."""
    run = judged(sitting)
    return _alike(sitting, run).filter(ranked=True).exclude(sitting_id=sitting.id).order_by("time_ms").first()


def best_of(learner: Person | None, deck: Deck, mode: str) -> Run | None:
    """A learner's record in a set: under the usual conditions if there is one, else the latest kind played."""
    rows = Run.objects.filter(learner=learner, deck_id=deck.id, mode=mode, ranked=True) if learner else Run.objects.none()
    last = rows.order_by("-at_ms").first()
    if last is None:
        return None
    fair = rows.filter(fair=True).order_by("time_ms").first()
    return fair or rows.filter(kind=last.kind, size=last.size, direction=last.direction).order_by("time_ms").first()


def seconds_words(time_ms: int) -> str:
    """A time as a run shows it: 21.4 s."""
    return _("%(seconds)s s") % {"seconds": number_format(round(time_ms / 1000, 1), 1)}


def best_words(learner: Person | None, deck: Deck, mode: str) -> tuple[str, float | None]:
    """The record, on how many pairs, and how many runs there were; and the record as a number to sort by."""
    best = best_of(learner, deck, mode)
    count = Run.objects.filter(learner=learner, deck_id=deck.id, mode=mode).count() if learner else 0
    if not count:
        return "", None
    runs = ngettext("%(n)s run", "%(n)s runs", count) % {"n": in_figures(count)}
    if best is None:
        return runs, None
    return f"{seconds_words(best.time_ms)} ({best.size}) · {runs}", best.time_ms / 1000
