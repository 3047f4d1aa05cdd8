"""A model of a learner's own, from all their answers: kept only where it would have predicted their later ones better than the one in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from math import log
from typing import Literal, NamedTuple

from kartoteka.engine.evidence import USUAL, Evidence, Noise, chances
from kartoteka.engine.fitting import HELD_OUT, LEAST, curves_for
from kartoteka.engine.fsrs import AGAIN
from kartoteka.engine.kinds import kinds_for, known_for
from kartoteka.engine.memory import observe
from kartoteka.engine.mixed import Answer, learned, ratings_of
from kartoteka.engine.predicting import SAFEST, Curves
from kartoteka.engine.state import Calendar, MemoryState, Model, recall

LARGE = 40_000  # answers that a learner is judged by
RECALLED = ("rating", "typed")  # answers that say plainly whether it was remembered
Step = Literal["fitting", "checking", "learning"]
Tell = Callable[[Step, int, int], None]
Outcome = Literal["kept", "refused", "few"]


class Own(NamedTuple):
    """What came of it. ``before``, ``after``: how surprising the later answers were (log loss) by the model in use, and by the best one found."""

    outcome: Outcome
    model: Model | None
    scored: int
    before: float | None = None
    after: float | None = None


class Foretold(NamedTuple):
    """An answer on a later day: its place in the log, the chance of recall that the pages would have shown, and whether it was right."""

    place: int
    card: str
    evidence: Evidence
    chance: float
    right: bool


def own(answers: Sequence[Answer], calendar: Calendar, in_use: Model, tell: Tell = lambda _step, _done, _of: None) -> Own:
    """Fitted on what came before the last fifth, compared on that fifth as the pages would have foretold it, made anew from everything where it was better."""
    scored = len(scored_in(answers, calendar))
    if scored < LEAST:
        return Own("few", None, scored)
    some = some_of(answers)
    if len(places := scored_in(some, calendar)) < LEAST:
        some, places = answers, scored_in(answers, calendar)
    answers = some
    since = places[len(places) - max(1, round(len(places) * HELD_OUT))]
    early = answers[:since]
    tell("fitting", 0, 2)
    trial = curves_for(ratings_of(early, calendar))
    choices = list(dict.fromkeys([Curves(), Curves(in_use.six, in_use.seven), *([trial] if trial else [])]))
    before = surprise(answers, calendar, in_use, since)
    found: list[tuple[float, int, Model]] = []
    for done, curves in enumerate(choices):
        tell("checking", done, len(choices))
        for model in (learned(early, calendar, Model(*curves)), Model(*curves)):
            found.append((surprise(answers, calendar, model, since), done, model))
    after, which, model = min(found, key=lambda one: one[:2])
    more = _with_kinds(early, calendar, model)
    if more is not None and (loss := surprise(answers, calendar, more, since)) < after:
        after, model = loss, more
    if after >= before:
        return Own("refused", None, scored, before, after)
    tell("fitting", 1, 2)
    curves = (curves_for(ratings_of(answers, calendar)) if choices[which] == trial else None) or choices[which]
    tell("learning", 0, 1)
    kept = learned(answers, calendar, Model(*curves))
    if model.kinds or model.known != kept.known:
        kept = _with_kinds(answers, calendar, kept) or kept
    return Own("kept", kept, scored, before, after)


def some_of(answers: Sequence[Answer], most: int = LARGE) -> Sequence[Answer]:
    """Of a long log all answers to some of its cards, always the same ones: they say as much about a learner as all would."""
    counts = Counter(one.card for one in answers)
    if len(answers) <= most:
        return answers
    chosen: set[str] = set()
    left = most
    for card in sorted(counts, key=lambda card: sha256(card.encode()).digest()):
        left -= counts[card]
        if left < 0 and chosen:
            break
        chosen.add(card)
    return [one for one in answers if one.card in chosen]


def _with_kinds(answers: Sequence[Answer], calendar: Calendar, model: Model) -> Model | None:
    """The same model with what this learner's kinds of answers are worth; ``None``: there are too few of each."""
    kinds, known = kinds_for(answers, calendar, model), known_for(answers)
    return replace(model, kinds=kinds, known=known) if kinds or known != model.known else None


def scored_in(answers: Sequence[Answer], calendar: Calendar) -> list[int]:
    """The places of recalls on a later learner-day than the last answer to that card that proved anything."""
    last: dict[str, int] = {}
    found = []
    for place, (card, evidence) in enumerate(answers):
        if evidence.kind == "exposure":
            continue
        day = calendar.day(evidence.at_ms)
        if evidence.kind in RECALLED and card in last and day > last[card]:
            found.append(place)
        if evidence.kind != "intrusion":
            last[card] = day
    return found


def foretold(answers: Sequence[Answer], calendar: Calendar, model: Model, kinds: Mapping[str, object] = dict.fromkeys(RECALLED)) -> Iterator[Foretold]:
    """What the pages would have said before each answer of these kinds on a later day."""
    states: dict[str, MemoryState | None] = {}
    for place, (card, evidence) in enumerate(answers):
        state = states.get(card)
        if state is not None and evidence.kind in kinds and calendar.day(evidence.at_ms) > calendar.day(state.last_ms):
            yield Foretold(place, card, evidence, recall(state, evidence.at_ms, calendar, model), right(evidence))
        states[card] = observe(state, evidence, calendar, model)


def right(evidence: Evidence) -> bool:
    return evidence.grade > AGAIN if evidence.kind == "rating" else evidence.outcome >= 0.5


def surprise(answers: Sequence[Answer], calendar: Calendar, model: Model, since: int) -> float:
    """Mean log loss of the recalls on a later day from the ``since``-th answer on, as the pages would have foretold them."""
    total, n = 0.0, 0
    own = dict(model.kinds)
    for one in foretold(answers, calendar, model):
        if one.place < since:
            continue
        noise = own.get(one.evidence.kind) or USUAL.get(one.evidence.kind) or Noise(0.0, 0.0, 1.0)
        guess = noise.guess(chances(one.evidence) or 0)
        p = one.chance * (1 - noise.slip) + (1 - one.chance) * guess
        p = min(max(p if one.right else 1 - p, SAFEST), 1 - SAFEST)
        total, n = total - log(p), n + 1
    return total / n if n else 0.0
