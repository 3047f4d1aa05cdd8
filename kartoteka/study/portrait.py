"""What was learned of a learner's memory, in plain words: beside what is usual, how much better it foretells, and the versions to go back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from kartoteka.engine.evidence import USUAL, Evidence, Noise
from kartoteka.engine.foreign import stability7
from kartoteka.engine.memory import DAY_MS, Calendar, MemoryState, observe
from kartoteka.engine.state import KNOWN_BEFORE, PLAIN_MODEL, Model, days_until
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.study.fits import NEEDED, answers_of
from kartoteka.study.fitting import Progress, progress_of
from kartoteka.study.models import Fit
from kartoteka.study.own import model_of

NEAR = 0.08  # within so much of what is usual it is as usual
WEEK_DAYS, WELL_DAYS = 7.0, 30.0  # the cards that are spoken of: kept for a week so far, and for a month
CHOICES = {"choice": 4, "tf": 2, "matching": 4}
KINDS = {
    "choice": (
        gettext_noop("A right multiple-choice answer proves more with you than usual."),
        gettext_noop("A right multiple-choice answer proves less with you than usual."),
    ),
    "tf": (
        gettext_noop("A right true-or-false answer proves more with you than usual."),
        gettext_noop("A right true-or-false answer proves less with you than usual."),
    ),
    "matching": (gettext_noop("A right match proves more with you than usual."), gettext_noop("A right match proves less with you than usual.")),
    "sorting": (
        gettext_noop("When you sort a card to Know, you are right more often than usual."),
        gettext_noop("When you sort a card to Know, you are right less often than usual."),
    ),
}


@dataclass(frozen=True, slots=True)
class Version:
    """A look at the learner's memory. ``better``: by how many hundredths it was surprised less than what was in use before."""

    number: int
    state: str
    when: dt.datetime
    answers: int
    words: str
    better: int | None
    in_use: bool
    usable: bool


@dataclass(frozen=True, slots=True)
class OwnMemory:
    """``number``: the version in use, 0: the published one. ``sentences``: what was learned; empty: nothing of one's own is in use."""

    number: int
    headline: str
    sentences: Sequence[str]
    versions: Sequence[Version]
    answers: int
    needed: int
    progress: Progress | None

    @property
    def in_use(self) -> Version | None:
        return next((one for one in self.versions if one.in_use), None)

    @property
    def latest(self) -> Version | None:
        """What came of the last look."""
        return next(iter(self.versions), None)


def own_memory(learner: Person) -> OwnMemory:
    """All there is to say of it."""
    rows = list(Fit.objects.filter(learner=learner).order_by("-number"))
    waiting = any(row.state == Fit.State.WAITING for row in rows)
    versions = [_version(row, learner) for row in rows if row.state != Fit.State.WAITING]
    number = next((one.number for one in versions if one.in_use), 0)
    model = model_of(learner)
    return OwnMemory(
        number,
        _headline(model) if number else _("Your cards come back as it suits most people"),
        sentences_of(model) if number else (),
        versions,
        answers_of(learner),
        NEEDED,
        progress_of(learner) or (Progress() if waiting else None),
    )


def _version(row: Fit, learner: Person) -> Version:
    better = None if row.before is None or row.after is None or not row.before else round(100 * (row.before - row.after) / row.before)
    when = dt.datetime.fromtimestamp(row.at_ms / 1000, dt.UTC)
    return Version(row.number, row.state, when, row.answers, _came_of(row, better), better, row.id == learner.fit_id, row.state == Fit.State.KEPT)


def _came_of(row: Fit, better: int | None) -> str:
    """What came of a look, in a sentence."""
    if row.state == Fit.State.KEPT:
        if better:
            return ngettext("It foretold your later answers %(n)d %% better.", "It foretold your later answers %(n)d %% better.", better) % {"n": better}
        return _("It foretold your later answers a little better.")
    if row.state == Fit.State.REFUSED:
        return _("What your answers show would not have foretold better yet. Everything stayed as it was.")
    if row.state == Fit.State.FEW:
        return ngettext(
            "%(n)s answer was given on a later day; %(needed)s are needed.", "%(n)s answers were given on a later day; %(needed)s are needed.", row.scored
        ) % {"n": in_figures(row.scored), "needed": in_figures(NEEDED)}
    return _("This could not be finished. Everything stayed as it was.")


@dataclass(frozen=True, slots=True)
class Spans:
    """Days until nine in ten are left: of a card met once, of one kept for a week and recalled again, and of a well known one that was missed."""

    new: float
    again: float
    missed: float


def spans_of(model: Model) -> Spans:
    first = observe(None, Evidence("rating", 1.0, "", 3), Calendar(), model)
    assert first is not None
    return Spans(days_until(first, 0.9, model), _after(model, WEEK_DAYS, 3), _after(model, WELL_DAYS, 1))


def _after(model: Model, days: float, rating: int) -> float:
    """How long a card is kept after an answer on the day on which nine in ten are left."""
    state = MemoryState(days, 5.0, stability7(days, model.seven), 5.0, 0, 0)
    after = observe(state, Evidence("rating", float(rating > 1), "", rating, at_ms=round(days) * DAY_MS), Calendar(), model)
    assert after is not None
    return days_until(after, 0.9, model)


def _headline(model: Model) -> str:
    own, usual = spans_of(model), spans_of(PLAIN_MODEL)
    ratio = (own.new / usual.new * own.again / usual.again) ** 0.5
    if ratio > 1.5:
        return _("You remember much longer than most")
    if ratio > 1 + NEAR:
        return _("You remember a little longer than most")
    if ratio < 1 / 1.5:
        return _("You forget much faster than most")
    if ratio < 1 - NEAR:
        return _("You forget a little faster than most")
    return _("You forget about as most people do")


def sentences_of(model: Model) -> list[str]:
    """What a model says of its learner."""
    own, usual = spans_of(model), spans_of(PLAIN_MODEL)
    found = [
        _("A new card you knew once: %(own)s until one in ten is gone, where %(usual)s are usual.") % _both(own.new, usual.new),
        _("A card you kept for a week and knew again: %(own)s, where %(usual)s are usual.") % _both(own.again, usual.again),
        _("A card you kept for a month and missed: %(own)s, where %(usual)s are usual.") % _both(own.missed, usual.missed),
    ]
    for kind, noise in model.kinds:
        if kind in KINDS:
            more, less = _proves(noise, kind), _proves(USUAL[kind], kind)
            if abs(more - less) > 0.02:
                found.append(_(KINDS[kind][0 if more > less else 1]))
    if abs(model.known - KNOWN_BEFORE) > 0.05:
        found.append(
            _("Of new cards you know about %(own)d %% before the first question; %(usual)d %% are usual.")
            % {"own": round(100 * model.known), "usual": round(100 * KNOWN_BEFORE)}
        )
    return found


def _proves(noise: Noise, kind: str) -> float:
    """How likely it was known, after a right answer to a card of which that was anybody's guess."""
    return (1 - noise.slip) / (1 - noise.slip + noise.guess(CHOICES.get(kind, 0)))


def _both(own: float, usual: float) -> dict[str, str]:
    return {"own": span_words(own), "usual": span_words(usual)}


def span_words(days: float) -> str:
    """A span of time, rounded as one would say it."""
    if days < 1:
        hours = max(1, round(24 * days))
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if days < 60:
        whole = round(days)
        return ngettext("%(n)d day", "%(n)d days", whole) % {"n": whole}
    if days < 730:
        months = round(days / 30.4)
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = round(days / 365.25)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
