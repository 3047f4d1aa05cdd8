"""What an answer leaves in the log: what was said, what it proves, and how it was judged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from kartoteka.engine.grading import LEARNER, Verdict
from kartoteka.engine.hinting import rungs_taken
from kartoteka.engine.memory import Evidence
from kartoteka.engine.questions import Question, Response
from kartoteka.store.texts import writable
from kartoteka.study.desks import rules_of
from kartoteka.study.given import Given
from kartoteka.study.models import Sitting


def proved(sitting: Sitting, question: Question, verdict: Verdict, response: Response, at_ms: int) -> Evidence | None:
    """What an answer proves, with when and where it was given."""
    evidence: Evidence | None = rules_of(sitting.mode).weigh(question, verdict)
    if evidence is None:
        return None
    hints = max(evidence.hint_rungs, rungs_taken(question, response.hints))
    return evidence.given(at_ms=at_ms, sitting=sitting.id.hex, mode=sitting.mode, hint_rungs=hints)


def judged_of(verdict: Verdict) -> dict[str, Any]:
    """How a verdict came about, as far as a ladder of judging was climbed: a learner's own judgement needs no more than itself."""
    if verdict.layer == LEARNER:
        return {}
    return {"layer": verdict.layer, "confidence": verdict.confidence, **({"features": dict(verdict.features)} if verdict.features else {})}


def writable_given(given: Given) -> Given:
    """The same answer as every database writes it."""
    said = given.response
    if not (said.text or said.choice or said.pairs or said.ticks):
        return given
    plain = replace(said, text=writable(said.text), choice=writable(said.choice), pairs=_each(said.pairs), ticks=_each(said.ticks))
    return given if plain == said else replace(given, response=plain)


def _each(said: Mapping[str, str]) -> dict[str, str]:
    return {writable(name): writable(value) for name, value in said.items()}


def said(response: Response, verdict: Verdict) -> dict[str, Any]:
    """What was said, without what was not: a look at a card keeps an empty answer. And of the verdict what later questions go by."""
    everything = (
        ("rating", response.rating),
        ("text", response.text),
        ("choice", response.choice),
        ("flipped", response.flipped),
        ("hints", response.hints),
        ("unknown", response.unknown),
        ("pairs", response.pairs),
        ("ticks", response.ticks),
    )
    kept: dict[str, Any] = {name: value for name, value in everything if value}
    if (verdict.points or response.ticks) and (missed := [n for n, point in enumerate(verdict.points) if point.mark != "covered"] or _unticked(response)):
        kept["missed"] = missed
    return kept


def _unticked(response: Response) -> list[int]:
    """The points that the learner did not tick, where no one else marked them."""
    return sorted(int(place) for place, mark in response.ticks.items() if mark != "covered" and place.isascii() and place.isdigit())


def beside(id: UUID, card: UUID | None = None) -> UUID:
    """The id of what an answer leaves on another card: always the same for the same answer. ``card``: where it leaves something on several."""
    digest = int.from_bytes(hashlib.sha256(b"beside" + id.bytes + (card.bytes if card else b"")).digest()[:8], "big")
    return UUID(int=(id.int >> 80 << 80) | 0x7 << 76 | (digest >> 62 & 0xFFF) << 64 | 0b10 << 62 | digest & ((1 << 62) - 1))
