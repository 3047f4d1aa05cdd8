"""Options that the owner of a set has made the usual ones for all who study it, or fixed for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kartoteka.library import access
from kartoteka.library import actions as library
from kartoteka.library.models import Deck
from kartoteka.modes.base import Value
from kartoteka.people.models import Person
from kartoteka.study.desks import rules_of
from kartoteka.study.marks import chosen_by
from kartoteka.study.options import options_from
from kartoteka.study.runs import SHOWN

USUAL = "usual"  # where a set keeps them
ONES_OWN = ("cards", "tag", "range", "goal", "exam", "again", "aloud", "sounds", SHOWN)  # nobody decides these for another
For = Literal["", "usual", "fixed"]


@dataclass(frozen=True, slots=True)
class Usual:
    """``values``: by the names of options; ``fixed``: learners cannot choose otherwise."""

    values: Mapping[str, Any] = field(default_factory=dict)
    fixed: bool = False

    @property
    def said(self) -> For:
        return "fixed" if self.fixed else "usual" if self.values else ""


def usual_of(deck: Deck | None, mode: str) -> Usual:
    """What the owner of a set has said of a mode; nothing: everyone chooses from scratch."""
    kept = deck.extra.get(USUAL) if deck and isinstance(deck.extra, dict) else None
    said = kept.get(mode) if isinstance(kept, dict) else None
    values = said.get("values") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(values, dict) or not values:
        return Usual()
    return Usual({name: value for name, value in values.items() if name not in ONES_OWN}, said.get("fixed") is True)


def options_for(learner: Person | None, deck: Deck | None, mode: str, params: Mapping[str, Any], *, afresh: bool = False) -> dict[str, Value]:
    """Every option of a mode: as an address or a form says, else as this learner last chose (``afresh``: leaving that out), else as is usual in this set.

    What the owner has fixed stands for everyone else, whatever an address says.
    """
    rules, usual = rules_of(mode), usual_of(deck, mode)
    values = options_from(rules, params, {**usual.values, **({} if afresh else chosen_by(learner, deck, mode))})
    return {**values, **_fixed(usual, rules)} if fixed_for(learner, deck, mode) else values


def fixed_for(learner: Person | None, deck: Deck | None, mode: str) -> frozenset[str]:
    """The names of the options that this learner cannot change here. An owner can always."""
    usual = usual_of(deck, mode)
    if deck is None or not usual.fixed or access.owns(learner, deck):
        return frozenset()
    return frozenset(_fixed(usual, rules_of(mode)))


def _fixed(usual: Usual, rules: Any) -> dict[str, Value]:
    read = options_from(rules, usual.values)
    return {name: read[name] for name in usual.values if name in read}


def make_usual(deck: Deck, mode: str, values: Mapping[str, Value], said: For) -> None:
    """The owner makes options the usual ones of a set, fixes them, or leaves everyone to their own again. The caller has checked that the set is theirs."""
    kept = dict(deck.extra.get(USUAL) or {})
    kept.pop(mode, None)
    if said:
        shared = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if name not in ONES_OWN}
        kept[mode] = {"values": shared, "fixed": said == "fixed"}
    library.keep_extra(deck, USUAL, kept)
