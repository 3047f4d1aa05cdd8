"""Study analytics: people and cards as rows, a column for each thing that exists, every figure counted from the log."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka.engine.formulas import in_words
from kartoteka.engine.memory import Level, Mastery, MemoryState, leech, recall
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.study import desks
from kartoteka.study.answers import answers
from kartoteka.study.attempts import tests_words
from kartoteka.study.candidates import memories_of
from kartoteka.study.confusing import confusions
from kartoteka.study.learners import calendar_of
from kartoteka.study.models import Progress
from kartoteka.study.own import model_of
from kartoteka.study.runs import best_words
from kartoteka.study.sheets import CardSum, card_sums
from kartoteka.study.standing import Standing, standing_of
from kartoteka.study.sums import days_of, judged_in

RETENTION_DAYS = 30
NONE = CardSum()


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: in words, and as a number to sort by (``None``: nothing yet). ``papers``: tests stand behind it, not single answers."""

    key: str
    title: str
    words: str
    value: float | None = None
    papers: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A learner's row. ``mode_of`` in a cell's key opens the answers behind it."""

    person: Person
    name: str
    mastery: Mastery
    levels: Mapping[Level, int]
    cells: Sequence[Cell]


class ModeSum(NamedTuple):
    """A card in one mode: right of how many asked, and how the last answer went."""

    right: int
    asked: int
    last_passed: bool


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
    by_mode: Mapping[str, ModeSum] = field(default_factory=dict)
    tags: Sequence[str] = ()
    overrated: str = ""  # the way to study in which it was missed after it was sorted to Know
    confused: Sequence[str] = ()  # the terms of the cards it is taken for

    @property
    def minutes(self) -> float:
        return self.took_ms / 60_000

    @property
    def stability_days(self) -> int:
        return max(1, round(self.stability or 0))


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


def card_columns() -> list[Column]:
    """The columns of a card's row; ``kind`` says what stands in a mode's: its answers, what the card is confused with, or when it comes next."""
    kinds = {mode: _kind(desks.modes()[mode]) for mode in modes_shown()}
    return [
        Column("name", _("Name")),
        Column("mastery", _("Mastery")),
        Column("asked", _("Answers")),
        *(Column(mode, title, kinds[mode]) for mode, title in modes_shown().items()),
        Column("minutes", _("Minutes")),
        Column("last", _("Last studied")),
    ]


def _kind(rules: ModuleType) -> str:
    return "due" if rules.DEAL == "queue" else "confused" if hasattr(rules, "run") else "answers"


def people_of(deck: Deck, viewer: Person | None, now_ms: int, standing: Standing | None = None) -> list[PersonRow]:
    """The people whose figures this viewer may see: themselves; nobody before their first answer. ``standing``: theirs, where it is known already."""
    progress = Progress.objects.filter(learner=viewer, deck_id=deck.id, answers__gt=0).first() if viewer else None
    if viewer is None or progress is None:
        return []
    standing = standing or standing_of(viewer, deck, now_ms)
    cells = []
    for mode, title in modes_shown().items():
        rules = desks.modes()[mode]
        if rules.DEAL == "queue":
            cells.append(Cell(mode, title, _spaced_words(standing.due, true_retention(viewer, deck, now_ms)), float(standing.due)))
        elif hasattr(rules, "compose"):
            cells.append(Cell(mode, title, *tests_words(viewer, deck.id), papers=True))
        elif hasattr(rules, "run"):
            cells.append(Cell(mode, title, *best_words(viewer, deck, mode)))
        else:
            cells.append(Cell(mode, title, *_figures(_figures_in(viewer, deck, mode, rules, now_ms))))
    minutes = progress.took_ms / 60_000
    cells.append(Cell("minutes", _("Minutes"), in_figures(round(minutes)) if minutes >= 1 else _("under 1"), minutes))
    days = calendar_of(viewer).day(now_ms) - calendar_of(viewer).day(progress.last_ms)
    ago = _("today") if days <= 0 else ngettext("yesterday", "%(n)d days ago", days) % {"n": days}
    cells.append(Cell("last", _("Last studied"), ago, float(progress.last_ms)))
    return [PersonRow(viewer, _("You"), standing.mastery, standing.levels, cells)]


def _figures_in(viewer: Person, deck: Deck, mode: str, rules: ModuleType, now_ms: int) -> tuple[str, Mapping[str, int], float]:
    """What a mode makes of its answers: how many cards were recalled in it, on how many days, in how many answers."""
    answers, _took_ms, days = judged_in(viewer, deck.id, mode)
    recalled = sum(1 for one in card_sums(viewer, deck.id, now_ms).values() if mode in one.by_mode and one.by_mode[mode][2]) if answers else 0
    found: tuple[str, Mapping[str, int], float] = rules.figures(recalled=recalled, days=days, answers=answers)
    return found


def _figures(found: tuple[str, Mapping[str, int], float]) -> tuple[str, float]:
    """A mode's own figures: its words with their numbers, and the number to sort by."""
    words, numbers, value = found
    return (_(words) % {name: in_figures(count) for name, count in numbers.items()}, value) if value else (_("not yet"), 0.0)


def _spaced_words(due: int, kept: tuple[int, int]) -> str:
    right, asked = kept
    words = ngettext("%(n)s due", "%(n)s due", due) % {"n": in_figures(due)}
    return f"{words} · {_('%(percent)d %% kept') % {'percent': round(100 * right / asked)}}" if asked else words


def true_retention(learner: Person, deck: Deck, now_ms: int) -> tuple[int, int]:
    """Of the cards asked again on a later day, in the last 30 days: how many were recalled, of how many."""
    today = calendar_of(learner).day(now_ms)
    found = days_of(learner, today - RETENTION_DAYS + 1, today, [deck.id])
    return sum(one.kept for _place, one in found), sum(one.again for _place, one in found)


@dataclass(frozen=True, slots=True)
class Overview:
    """A set's judged answers and their time; of the cards sorted to Know, how many were asked elsewhere since, and how many of these recalled."""

    answers: int
    took_ms: int
    kept: int
    again: int
    tried: int
    recalled: int


def overview(learner: Person, deck: Deck, now_ms: int, sums: Mapping[str, CardSum]) -> Overview:
    """What stands above the cards in Study Analytics."""
    answers, took_ms, _days = judged_in(learner, deck.id)
    known = [one for one in sums.values() if one.known and one.tried]
    kept, again = true_retention(learner, deck, now_ms)
    recalled = sum(one.recalled for one in known)
    return Overview(answers, took_ms, kept, again, len(known), recalled)


def cards_with_figures(learner: Person, deck: Deck, now_ms: int, sums: Mapping[str, CardSum] | None = None) -> list[CardRow]:
    """A row for each card of a set, in its order; reversed cards once they were asked. A move on a board asks nothing, and is no miss.

    ``sums``: those of its cards, where they were counted already.
    """
    calendar, model = calendar_of(learner), model_of(learner)
    states, due, level_of = memories_of(learner, deck.id, now_ms)
    sums = card_sums(learner, deck.id, now_ms) if sums is None else sums
    terms = {id: in_words(text, term) for id, text, term in library.notes_of(deck).values_list("id", "term_text", "term")}
    rows = []
    for card in library.cards_of(deck):
        if card.kind == "reversed" and card.id not in states and card.id not in sums:
            continue
        state = states.get(card.id)
        rows.append(
            _card_row(card, terms.get(UUID(card.note), ""), state, sums.get(card.id, NONE), level_of.get(card.id, "new"), due.get(card.id))
            if state is None
            else _card_row(
                card,
                terms.get(UUID(card.note), ""),
                state,
                sums.get(card.id, NONE),
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
    given: CardSum,
    level: Level,
    due: int | None,
    *,
    now: float | None = None,
    sticks: bool = False,
) -> CardRow:
    return CardRow(
        card=card.id,
        note=card.note,
        term=term,
        level=level,
        recall=now,
        due_ms=due,
        stability=state.s6 if state else None,
        asked=given.asked,
        right=given.right,
        missed=given.asked - given.right,
        took_ms=given.took_ms,
        last_ms=given.last_ms if given.asked else None,
        last_passed=given.last_passed if given.asked else None,
        lapses=state.lapses if state else 0,
        leech=sticks,
        by_mode={mode: ModeSum(right, asked, bool(last)) for mode, (right, asked, _recalled, last) in given.by_mode.items()},
        tags=card.tags,
        overrated=desks.title_of(given.overrated),
    )


def overrated(rows: Sequence[CardRow], many: int = 10) -> list[CardRow]:
    """Cards that were sorted to Know and missed since: the learner thinks better of them than they are."""
    return [row for row in rows if row.overrated][:many]


def hardest(rows: Sequence[CardRow], many: int = 5) -> list[CardRow]:
    """The cards missed most often, and of those as often the less well known."""
    return sorted((row for row in rows if row.missed), key=lambda row: (-row.missed, row.recall or 0.0))[:many]


CARD_FACTS = ("term", "level", "recall_now", "due_ms", "stability_days", "asked", "right", "missed", "lapses", "took_ms", "last_ms", "card", "note")
ANSWER_FACTS = ("id", "at_ms", "day", "card", "mode", "qtype", "rating", "verdict", "outcome", "took_ms", "flipped", "proves")


def facts_of_cards(learner: Person, deck: Deck, now_ms: int) -> Iterator[dict[str, object]]:
    """The rows of the cards, fact by fact."""
    for row in cards_with_figures(learner, deck, now_ms):
        values = (row.term, row.level, row.recall, row.due_ms, row.stability, row.asked, row.right, row.missed, row.lapses, row.took_ms, row.last_ms)
        yield dict(zip(CARD_FACTS, (*values, row.card, row.note), strict=True))


def facts_of_answers(learner: Person, deck: Deck) -> Iterator[dict[str, object]]:
    """Every answer that counts, the oldest first: what all figures are counted from."""
    for one in reversed(answers(learner, deck, graded=False)):
        yield {name: getattr(one, name) for name in ANSWER_FACTS}


def analytics_csv(learner: Person, deck: Deck, now_ms: int) -> Iterator[str]:
    """The rows of the cards as CSV, line by line."""
    return _as_csv(CARD_FACTS, facts_of_cards(learner, deck, now_ms))


def answers_csv(learner: Person, deck: Deck) -> Iterator[str]:
    """Every answer that counts as CSV, line by line."""
    return _as_csv(ANSWER_FACTS, facts_of_answers(learner, deck))


def as_json(facts: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The same rows as one list of JSON, a row a line."""
    before = "[\n"
    for one in facts:
        yield before + json.dumps(one, ensure_ascii=False, default=str)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _as_csv(head: Sequence[str], facts: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield _line(head)
    for one in facts:
        yield _line([one[name] for name in head])


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
