"""`kartoteka study`: study a set right in the terminal, through the same actions as the pages."""

from __future__ import annotations

import random
import sys
import textwrap
import time
from typing import Any
from uuid import UUID

import click

from kartoteka.cli.who import person_named
from kartoteka.engine.questions import Question, Response
from kartoteka.library import access
from kartoteka.library.models import Deck
from kartoteka.modes.base import ready
from kartoteka.people.models import Person
from kartoteka.shelf import parts
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.actions import Given

RATINGS = {"": 3, "1": 1, "2": 2, "3": 3, "4": 4}
PILES = {"": 3, "1": 1, "2": 3}
QUIT, UNDO = ("q", "quit", "\x1b"), ("u", "undo")
WIDTH = 78


class Left(Exception):
    """The learner leaves, or the pipe is empty. Everything is saved."""


@click.command()
@click.argument("deck")
@click.option("--mode", type=click.Choice(list(parts("modes", "rules"))), default="spaced", show_default=True, help="The way to study.")
@click.option("--user", metavar="NAME", help="Who studies. Default: the owner of this instance.")
@click.option("--set", "chosen", multiple=True, metavar="OPTION=VALUE", help="An option of the mode, such as --set cards=starred. May be given again.")
@click.option("--afresh", is_flag=True, help="Begin anew instead of going on where you left off.")
def study(deck: str, mode: str, user: str | None, chosen: tuple[str, ...], afresh: bool) -> None:
    """Study a set in the terminal. DECK is its id or its title.

    \b
    Enter   show the answer; then: got it, or the next card
    1       forgot / still learning        2  hard / know
    3       got it                         4  easy
    u       undo the last answer           q  leave (everything is saved)

    Answers may also come from a pipe, a line each: yes "" | kartoteka study "Birds"
    """
    person = person_named(user)
    found = _deck(person, deck)
    rules = parts("modes", "rules")[mode]
    options = queries.options_for(person, found, mode, dict(_option(one, rules) for one in chosen))
    sitting = actions.sit(person, deck=found, mode=mode, options=options, now_ms=_now_ms(), dice=random.Random(), afresh=afresh)
    click.echo(f"{found.title} · {rules.TITLE}")
    try:
        _go(person, sitting, rules)
    except Left:
        click.echo("\nLeft. Every answer is saved.")
    _end(sitting)


def _deck(person: Person, named: str) -> Deck:
    try:
        return access.deck_to_study(person, UUID(named))
    except ValueError:
        own = list(access.decks_of(person))
    exact = [one for one in own if one.title.casefold() == named.casefold()]
    near = exact or [one for one in own if named.casefold() in one.title.casefold()]
    if len(near) == 1:
        return near[0]
    if not near:
        raise click.ClickException(f"There is no set called “{named}”. `kartoteka deck list` shows yours.")
    raise click.ClickException(f"Several sets are called like “{named}”: " + ", ".join(f"{one.title} ({one.id})" for one in near[:5]))


def _option(said: str, rules: Any) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    known = [option.name for option in rules.OPTIONS]
    if not equals or name not in known:
        raise click.UsageError(f"--set takes OPTION=VALUE, where OPTION is one of: {', '.join(known)}")
    return name, value


def _go(person: Person, sitting: Any, rules: Any) -> None:
    """Question after question until none is left; a card that should wait is put early where nothing else is open."""
    while True:
        open_now = queries.next_questions(sitting)
        if not open_now:
            if not actions.deal(sitting, now_ms=_now_ms()):
                return
            continue
        began_ms = _now_ms()
        question = ready(open_now, began_ms) or open_now[0]
        _show(sitting, question)
        response = _asked(person, sitting, question, rules)
        if response is None:
            _undo(person, sitting)
            sitting.refresh_from_db()
            continue
        given = Given(uuid7(), sitting.id, question.id, response, _now_ms(), took_ms=_now_ms() - began_ms)
        told = actions.answer(person, given, now_ms=_now_ms())
        if told.status == "refused":
            click.echo(told.why, err=True)


def _asked(person: Person, sitting: Any, question: Question, rules: Any) -> Response | None:
    """What the learner did; ``None``: they want the last answer undone."""
    turned = question.direction == "reversed"
    back = question.item.front if turned else question.item.back
    if (said := _line("\n[Enter: show the answer · u: undo · q: leave] ")) in UNDO:
        return None
    click.echo("\n" + _indented(back.text))
    if question.qtype == "look":
        said = _line("\n[Enter: next · u: undo · q: leave] ")
        return None if said in UNDO else Response(flipped=True)
    piles = rules.DEAL == "order"
    keys = PILES if piles else RATINGS
    while said not in keys or not said:
        said = _line("\n" + (_pile_line() if piles else _rating_line(person, sitting, question)))
        if said in UNDO:
            return None
        if said in keys:
            break
        click.echo("That is none of these.", err=True)
    return Response(rating=keys[said], flipped=True)


def _pile_line() -> str:
    return "[1: still learning · 2 or Enter: know · u: undo · q: leave] "


def _rating_line(person: Person, sitting: Any, question: Question) -> str:
    does = queries.buttons_of(person, question, now_ms=_now_ms())
    return f"[1: forgot, {does['1']['words']} · 2: hard, {does['2']['words']} · Enter: got it, {does['3']['words']} · 4: easy, {does['4']['words']} · u · q] "


def _show(sitting: Any, question: Question) -> None:
    counts = queries.counts(sitting)
    front = question.item.back if question.direction == "reversed" else question.item.front
    again = " · again" if question.again else ""
    click.echo("\n" + "─" * 40 + f"\n{counts['position']}/{counts['n']}{again}\n\n{_indented(front.text)}")


def _indented(text: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False) for line in text.splitlines())


def _line(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line or line.strip().lower() in QUIT:
        raise Left
    return line.strip().lower()


def _undo(person: Person, sitting: Any) -> None:
    told = actions.undo(person, sitting, id=uuid7(), now_ms=_now_ms())
    click.echo("Undone." if told and told.status == "stored" else "There is nothing to undo.")


def _end(sitting: Any) -> None:
    sitting.refresh_from_db()
    counts = queries.counts(sitting)
    left = counts["left"]
    click.echo(f"{counts['done']} of {counts['n']} cards done" + (f", {left} left." if left else "."))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
