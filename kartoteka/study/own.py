"""The memory model a learner studies by: their own where one was fitted and kept, else the published one."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from uuid import UUID

from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.evidence import Noise
from kartoteka.engine.state import KNOWN_BEFORE, PLAIN_MODEL, Model
from kartoteka.people.models import Person
from kartoteka.study.models import Fit

MOST = 2000  # models kept in memory, some 4 kB each
_known: OrderedDict[UUID, Model] = OrderedDict()  # a fit never changes, so nothing here is ever out of date


def model_of(learner: Person | None) -> Model:
    """What a learner's memories go by. It costs nothing where it was asked before."""
    return PLAIN_MODEL if learner is None else model_with(learner.fit_id)


def model_with(fit_id: UUID | None) -> Model:
    """The model of one fit; the published one where there is none."""
    if fit_id is None:
        return PLAIN_MODEL
    found = _known.get(fit_id)
    if found is None:
        row = Fit.objects.filter(id=fit_id).first()
        if row is None or not row.weights6:
            return PLAIN_MODEL
        found = _known[fit_id] = model_in(row)
        if len(_known) > MOST:
            _known.popitem(last=False)
    return found


def unknown(fit_id: UUID) -> None:
    """Says that a fit is about to be settled: what an attempt that was rolled back had come to is not remembered."""
    _known.pop(fit_id, None)


def model_in(fit: Fit) -> Model:
    """The model that a row keeps."""
    kinds = tuple((str(kind), Noise(*numbers)) for kind, numbers in fit.modes.get("kinds", {}).items())
    return Model.of(fit.weights6, fit.weights7, _beliefs(fit.beliefs), kinds, float(fit.modes.get("known", KNOWN_BEFORE)))


def kept_of(model: Model) -> dict[str, Any]:
    """A model as a row keeps it; ``model_in`` gives the same one back, to the last bit."""
    beliefs = model.beliefs
    return {
        "weights6": list(model.six.w),
        "weights7": list(model.seven.w),
        "beliefs": {"b": list(beliefs.b), "u": beliefs.u, "day": beliefs.day} if beliefs else {},
        "modes": {"kinds": {kind: list(noise) for kind, noise in model.kinds}, "known": model.known} if model.kinds or model.known != KNOWN_BEFORE else {},
    }


def _beliefs(kept: dict[str, Any]) -> Beliefs | None:
    if not kept:
        return None
    b0, b1, b2, b3, b4, b5 = (float(one) for one in kept["b"])
    return Beliefs((b0, b1, b2, b3, b4, b5), float(kept["u"]), int(kept["day"]))
