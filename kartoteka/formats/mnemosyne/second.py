"""Mnemosyne 2's exchange form: ``openSM2sync`` with a log of tags, facts and cards."""

from __future__ import annotations

from typing import Any

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.markup import Element, children, name_of, text_at, text_of
from kartoteka.formats.mnemosyne.facts import Fact

_TAG, _FACT, _CARD = "10", "16", "6"
_SCHEDULE = {"gr": "grade", "e": "ease", "ac_rp": "acquired", "rt_rp": "reps", "lps": "lapses", "l_rp": "last_s", "n_rp": "due_s"}


def facts_in(root: Element, findings: Findings) -> list[Fact]:
    tags: dict[str, str] = {}
    facts: dict[str, Fact] = {}
    for entry in children(root, "log"):
        kind, id = entry.get("type"), (entry.get("o_id") or "").strip()
        if kind == _TAG:
            tags[id] = text_at(entry, "name")
        elif kind == _FACT:
            data = {name_of(side).removeprefix("___"): text_of(side) for side in entry if name_of(side)}
            facts[id or f"\0{len(facts)}"] = Fact(id, "", data, where=f"line {entry.sourceline}", line=entry.sourceline)
        elif kind == _CARD:
            _give_card(entry, facts, tags, findings)
    for fact in facts.values():
        fact.kind = fact.kind or "1"
        if not any(value.strip() for value in fact.data.values()):
            findings.say("cards with nothing on them", Said("A card here has nothing on any side. It was left out."), fact.line, "refused")
    return [fact for fact in facts.values() if any(value.strip() for value in fact.data.values())]


def _give_card(entry: Element, facts: dict[str, Fact], tags: dict[str, str], findings: Findings) -> None:
    fact = facts.get((entry.get("fact") or "").strip())
    if fact is None:
        findings.say("cards without a fact", Said("A card here belongs to a fact that the file does not hold. It was left out."), entry.sourceline)
        return
    fact.kind = fact.kind or (entry.get("card_t") or "1")
    last = (entry.get("fact_v") or "").rsplit(".", 1)[-1]
    schedule: dict[str, Any] = {}
    for theirs, ours in _SCHEDULE.items():
        try:
            schedule[ours] = float(entry.get(theirs) or "")
        except ValueError:
            continue
    view = int(last) if last.isdecimal() and len(last) < 4 else 1
    fact.views[len(fact.views) + 1 if fact.kind.startswith("5") else view] = schedule
    for tag in (entry.get("tags") or "").split(","):
        if tag.strip() and (named := tags.get(tag.strip(), "")):
            fact.tags.append(named)
