"""Study analytics: people and cards as rows, a column for each thing that exists, every figure counted from the log."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka.engine.memory import DAY_MS, Level, Mastery, MemoryState, leech, recall
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study import desks
from kartoteka.study.answers import Answer, answers
from kartoteka.study.attempts import tests_words
from kartoteka.study.candidates import memories_of
from kartoteka.study.confusing import confusions
from kartoteka.study.learners import calendar_of
from kartoteka.study.models import Progress
from kartoteka.study.own import model_of
from kartoteka.study.runs import best_words
from kartoteka.study.standing import Standing, standing_of

RETENTION_DAYS = 30


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: in words, and as a number to sort by (``None``: nothing yet)."""

    key: str
    title: str
    words: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A learner's row. ``mode_of`` in a cell's key opens the answers behind it."""

    person: Person
    name: str
    mastery: Mastery
    levels: Mapping[Level, int]
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card's row. ``recall`` now, ``due_ms`` and ``stability`` in days where it is remembered at all."""

    card: str
    note: str
    term: str
    level: Level
    recall: float | None
    due_ms: int | None
    stability: float | None
    asked: int
    right: int
    missed: int
    took_ms: int
    last_ms: int | None
    last_passed: bool | None
    lapses: int
    leech: bool
    by_mode: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    overrated: str = ""  # the way to study in which it was missed after it was sorted to Know
    confused: Sequence[str] = ()  # the terms of the cards it is taken for


def modes_shown() -> dict[str, str]:
    """The modes that have a column, with their titles: those that exist and keep a score or ask memory."""
    return {
        name: _(getattr(rules, "COLUMN", rules.TITLE))
        for name, rules in desks.modes().items()
        if rules.DEAL == "queue" or hasattr(rules, "figures") or hasattr(rules, "run") or hasattr(rules, "compose")
    }


def columns() -> list[Column]:
    """Name, mastery, a column for each mode that has figures, minutes, last studied."""
    return [
        Column("name", _("Name")),
        Column("mastery", _("Mastery")),
        *(Column(mode, title) for mode, title in modes_shown().items()),
        Column("minutes", _("Minutes")),
        Column("last", _("Last studied")),
    ]


def people_of(deck: Deck, viewer: Person | None, now_ms: int, standing: Standing | None = None) -> list[PersonRow]:
    """The people whose figures this viewer may see: themselves; nobody before their first answer. ``standing``: theirs, where it is known already."""
    progress = Progress.objects.filter(learner=viewer, deck_id=deck.id, answers__gt=0).first() if viewer else None
    if viewer is None or progress is None:
        return []
    standing = standing or standing_of(viewer, deck, now_ms)
    given = answers(viewer, deck)
    cells = []
    for mode, title in modes_shown().items():
        rules = desks.modes()[mode]
        if rules.DEAL == "queue":
            cells.append(Cell(mode, title, _spaced_words(standing.due, true_retention(given, now_ms)), float(standing.due)))
        elif hasattr(rules, "compose"):
            cells.append(Cell(mode, title, *tests_words(viewer, deck.id)))
        elif hasattr(rules, "run"):
            cells.append(Cell(mode, title, *best_words(viewer, deck, mode)))
        else:
            cells.append(Cell(mode, title, *_figures(rules.figures(given))))
    minutes = progress.took_ms / 60_000
    cells.append(Cell("minutes", _("Minutes"), str(round(minutes)) if minutes >= 1 else _("under 1"), minutes))
    days = calendar_of(viewer).day(now_ms) - calendar_of(viewer).day(progress.last_ms)
    ago = _("today") if days <= 0 else ngettext("yesterday", "%(n)d days ago", days) % {"n": days}
    cells.append(Cell("last", _("Last studied"), ago, float(progress.last_ms)))
    return [PersonRow(viewer, _("You"), standing.mastery, standing.levels, cells)]


def _figures(found: tuple[str, Mapping[str, int], float]) -> tuple[str, float]:
    """A mode's own figures: its words with their numbers, and the number to sort by."""
    words, numbers, value = found
    return (_(words) % numbers, value) if value else (_("not yet"), 0.0)


def _spaced_words(due: int, kept: tuple[int, int]) -> str:
    right, asked = kept
    words = ngettext("%(n)d due", "%(n)d due", due) % {"n": due}
    return f"{words} · {_('%(percent)d %% kept') % {'percent': round(100 * right / asked)}}" if asked else words


def true_retention(given: Sequence[Answer], now_ms: int) -> tuple[int, int]:
    """Of the cards asked again on a later day, in the last 30 days: how many were recalled, of how many."""
    last_day: dict[str, int] = {}
    right = asked = 0
    for one in reversed(given):
        if not one.proves:
            continue
        before = last_day.get(one.card)
        if before is not None and one.day > before and one.at_ms >= now_ms - RETENTION_DAYS * DAY_MS:
            asked += 1
            right += one.passed
        last_day[one.card] = one.day
    return right, asked


def cards_with_figures(learner: Person, deck: Deck, now_ms: int) -> list[CardRow]:
    """A row for each card of a set, in its order; reversed cards once they were asked. A move on a board asks nothing, and is no miss."""
    calendar, model = calendar_of(learner), model_of(learner)
    states, due, level_of = memories_of(learner, deck.id, now_ms)
    given: dict[str, list[Answer]] = defaultdict(list)
    played = {mode for mode, rules in desks.modes().items() if hasattr(rules, "run")}
    for one in answers(learner, deck):
        if one.mode not in played:
            given[one.card].append(one)
    terms = dict(library.notes_of(deck).values_list("id", "term_text"))
    rows = []
    for card in library.cards_of(deck):
        if card.kind == "reversed" and card.id not in states and card.id not in given:
            continue
        state = states.get(card.id)
        rows.append(
            _card_row(card, terms.get(UUID(card.note), ""), state, given[card.id], level_of.get(card.id, "new"), due.get(card.id))
            if state is None
            else _card_row(
                card,
                terms.get(UUID(card.note), ""),
                state,
                given[card.id],
                level_of[card.id],
                due[card.id],
                now=recall(state, now_ms, calendar, model),
                sticks=leech(state, now_ms, calendar),
            )
        )
    return _with_confused(learner, deck, rows)


def _with_confused(learner: Person, deck: Deck, rows: list[CardRow]) -> list[CardRow]:
    found = confusions(learner, deck.id, {row.card for row in rows})
    terms = library.terms_of(deck, [other for others in found.values() for other in others]) if found else {}
    return [replace(row, confused=tuple(terms[other] for other in found[row.card] if other in terms)) if row.card in found else row for row in rows]


def _card_row(
    card: library.CardRow,
    term: str,
    state: MemoryState | None,
    given: list[Answer],
    level: Level,
    due: int | None,
    *,
    now: float | None = None,
    sticks: bool = False,
) -> CardRow:
    by_mode: dict[str, tuple[int, int]] = {}
    for one in given:
        right, asked = by_mode.get(one.mode, (0, 0))
        by_mode[one.mode] = right + one.passed, asked + 1
    right = sum(one.passed for one in given)
    return CardRow(
        card=card.id,
        note=card.note,
        term=term,
        level=level,
        recall=now,
        due_ms=due,
        stability=state.s6 if state else None,
        asked=len(given),
        right=right,
        missed=len(given) - right,
        took_ms=sum(one.took_ms for one in given),
        last_ms=given[0].at_ms if given else None,
        last_passed=given[0].passed if given else None,
        lapses=state.lapses if state else 0,
        leech=sticks,
        by_mode=by_mode,
        overrated=_overrated(given),
    )


def _overrated(given: Sequence[Answer]) -> str:
    """Where a card was missed after it was sorted to Know, by the learner's own judgement; empty: nowhere. ``given``: the newest first."""
    later: list[Answer] = []
    for one in given:
        if one.mode == "sorting":
            missed = [answer for answer in later if not answer.passed]
            return missed[-1].mode_title if one.passed and missed else ""
        later.append(one)
    return ""


def overrated(rows: Sequence[CardRow], many: int = 10) -> list[CardRow]:
    """Cards that were sorted to Know and missed since: the learner thinks better of them than they are."""
    return [row for row in rows if row.overrated][:many]


def hardest(rows: Sequence[CardRow], many: int = 5) -> list[CardRow]:
    """The cards missed most often, and of those as often the less well known."""
    return sorted((row for row in rows if row.missed), key=lambda row: (-row.missed, row.recall or 0.0))[:many]


CSV_HEAD = ("term", "level", "recall_now", "due_ms", "stability_days", "asked", "right", "missed", "lapses", "took_ms", "last_ms", "card", "note")


def analytics_csv(learner: Person, deck: Deck, now_ms: int) -> Iterator[str]:
    """The rows of the cards as CSV, line by line."""
    yield _line(CSV_HEAD)
    for row in cards_with_figures(learner, deck, now_ms):
        values = (row.term, row.level, row.recall, row.due_ms, row.stability, row.asked, row.right, row.missed, row.lapses, row.took_ms, row.last_ms)
        yield _line((*values, row.card, row.note))


ANSWERS_HEAD = ("id", "at_ms", "day", "card", "mode", "qtype", "rating", "verdict", "outcome", "took_ms", "flipped", "proves")


def answers_csv(learner: Person, deck: Deck) -> Iterator[str]:
    """Every answer that counts as CSV, the oldest first: what all figures are counted from."""
    yield _line(ANSWERS_HEAD)
    for one in reversed(answers(learner, deck, graded=False)):
        yield _line([getattr(one, name) for name in ANSWERS_HEAD])


def _line(values: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["" if value is None else _safe(value) for value in values])
    return out.getvalue()


def _safe(value: object) -> object:
    """A spreadsheet runs what begins with = + - @ as a formula; an apostrophe before it keeps it text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def studied_by(deck: Deck) -> int:
    """How many people have an answer there, its owner aside."""
    return Progress.objects.filter(deck_id=deck.id, answers__gt=0).exclude(learner_id=deck.owner_id).count()
