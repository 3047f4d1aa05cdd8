"""The tests of a set that were taken: those handed in, the one that is begun, and what they say in a few words."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.people.models import Person
from kartoteka.study.models import Paper
from kartoteka.study.papers import answered_of


def attempts(learner: Person | None, deck_id: UUID, *, many: int | None = None) -> list[Paper]:
    """The tests of a set that were handed in, the latest first, without their questions."""
    if learner is None:
        return []
    rows = Paper.objects.filter(learner=learner, deck_id=deck_id, handed_ms__isnull=False, possible__gt=0).defer("questions", "ids")
    return list(rows.order_by("-began_ms")[:many])


def open_paper(learner: Person | None, deck_id: UUID) -> tuple[Paper, int] | None:
    """The test of a set that was begun last, if it is not handed in, and how many of its questions have an answer."""
    if learner is None:
        return None
    paper = Paper.objects.filter(learner=learner, deck_id=deck_id).defer("questions").order_by("-began_ms").first()
    if paper is None or paper.handed_ms is not None:
        return None
    return paper, answered_of(paper.learner_id, paper.id)


def percent(paper: Paper) -> int:
    return round(100 * (paper.earned or 0) / paper.possible) if paper.possible else 0


def best_percent(learner: Person | None, deck_id: UUID) -> int | None:
    return max((percent(paper) for paper in attempts(learner, deck_id)), default=None)


def tests_words(learner: Person | None, deck_id: UUID) -> tuple[str, float | None]:
    """The last, the best, and how many: for the column of analytics, and the best as a number to sort by."""
    found = attempts(learner, deck_id)
    if not found:
        return "", None
    best = max(percent(paper) for paper in found)
    return _("last %(last)d %% · best %(best)d %% · %(n)d×") % {"last": percent(found[0]), "best": best, "n": len(found)}, float(best)
