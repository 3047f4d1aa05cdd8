"""Mnemosyne 1: items with a question, an answer and a category; ``.inv`` and ``.tr.1`` behind an id tie the sides of one fact together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kartoteka.formats.base import Findings, Said, Unreadable
from kartoteka.formats.markup import Element, children, text_at
from kartoteka.formats.mnemosyne.facts import Fact
from kartoteka.formats.mnemosyne.pickles import Thing

_TIED = re.compile(r"(.*?)(\.inv|\.tr\.\d+)?\Z", re.S)
_SCHEDULE = {"gr": "grade", "e": "ease", "ac_rp": "acquired", "rt_rp": "reps", "lps": "lapses", "l_rp": "last_day", "n_rp": "due_day"}
_IN_PICKLE = {
    "grade": "grade",
    "easiness": "ease",
    "acq_reps": "acquired",
    "ret_reps": "reps",
    "lapses": "lapses",
    "last_rep": "last_day",
    "next_rep": "due_day",
}


@dataclass(slots=True)
class Item:
    question: str
    answer: str
    id: str
    category: str
    schedule: dict[str, Any]
    where: str
    line: int | None = None


def items_in_xml(root: Element, findings: Findings) -> Iterator[Item]:
    if (version := root.get("core_version") or "1") != "1":
        findings.say("another version", Said("This file says it is of version %(version)s; it was read as version 1.", version=version[:20]), root.sourceline)
    start = _number(root.get("time_of_start")) or 0
    for number, item in enumerate(children(root, "item"), start=1):
        schedule = _dated({ours: value for theirs, ours in _SCHEDULE.items() if (value := _number(item.get(theirs))) is not None}, start)
        question, answer = text_at(item, "Q"), text_at(item, "A")
        if not question and not answer:
            findings.say(
                "cards with nothing on them", Said("Card %(number)s has nothing on either side. It was left out.", number=number), item.sourceline, "refused"
            )
            continue
        yield Item(question, answer, (item.get("id") or "").strip(), text_at(item, "cat"), schedule, f"line {item.sourceline}", item.sourceline)


def items_in_pickle(found: Any) -> Iterator[Item]:
    """The items of a ``.mem`` file: the last of its three lists."""
    lists = found if isinstance(found, list) else []
    begun = (thing.state.get("time") for thing in lists if isinstance(thing, Thing))
    start = next((time for time in begun if isinstance(time, int | float)), 0)
    things = [thing for part in lists if isinstance(part, list) for thing in part if isinstance(thing, Thing) and "q" in thing.state]
    if not things:
        raise Unreadable(Said("There are no cards in this Mnemosyne file."))
    for number, thing in enumerate(things, start=1):
        category = thing.state.get("cat")
        named = category.state.get("name", "") if isinstance(category, Thing) else ""
        schedule = _dated({ours: value for theirs, ours in _IN_PICKLE.items() if isinstance(value := thing.state.get(theirs), int | float)}, start)
        yield Item(str(thing.state.get("q") or ""), str(thing.state.get("a") or ""), str(thing.state.get("id") or ""), str(named), schedule, f"card {number}")


def of_items(items: Iterator[Item], findings: Findings) -> list[Fact]:
    """Facts: items that stand for two directions of the same are one."""
    facts: dict[str, Fact] = {}
    for number, item in enumerate(items, start=1):
        found = _TIED.match(item.id)
        base, tie = (found[1], found[2] or "") if found else (item.id, "")
        key = base or f"\0{number}"
        fact = facts.get(key)
        if fact is None or (1 if not tie else 2) in fact.views:
            fact = Fact(base if fact is None else item.id, tags=[item.category], where=item.where, line=item.line)
            facts[key if key not in facts else f"{key}\0{number}"] = fact
        if not tie:
            fact.data.update({"f": item.question, "b": item.answer})
            fact.views[1] = item.schedule
            continue
        fact.views[2] = item.schedule
        if tie.startswith(".tr"):
            _with_third_side(fact, item)
        elif not fact.data:
            fact.data = {"f": item.answer, "b": item.question}
    for fact in facts.values():
        fact.views.setdefault(1, {})
        if 2 not in fact.views and not fact.views[1]:
            fact.views = {}
    return list(facts.values())


def _with_third_side(fact: Fact, item: Item) -> None:
    """``tr``: the meaning is asked for, the foreign word and how it is said are the answer."""
    foreign, _end, said = item.answer.partition("\n")
    fact.data = {"f": fact.data.get("f") or foreign, "p_1": said, "m_1": item.question}


def _dated(schedule: dict[str, Any], start_s: float) -> dict[str, Any]:
    """Days since the collection began, as moments too, where it says when that was."""
    if 0 < start_s < 2**33:
        schedule |= {f"{name}_s": start_s + schedule[f"{name}_day"] * 86_400 for name in ("last", "due") if 0 <= schedule.get(f"{name}_day", -1) < 100_000}
    return schedule


def _number(said: str | None) -> float | int | None:
    try:
        value = float(said or "")
    except ValueError:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
