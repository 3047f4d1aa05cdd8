"""The options of a mode: shown as a sheet or a page, remembered for this set and this learner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kartoteka.library import access
from kartoteka.library.models import Deck
from kartoteka.modes.base import Option, Value
from kartoteka.people.models import Person
from kartoteka.shelf import parts
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, queries
from kartoteka.web.learner import someone
from kartoteka.web.study.moments import draw, draw_in, now_ms


def memory_mode() -> str:
    """The mode that asks what memory needs. Raises ``NotThere`` where no mode does."""
    found = next((name for name, rules in parts("modes", "rules").items() if rules.DEAL == "queue"), "")
    if not found:
        raise NotThere(_("There is no mode here that asks what is due."))
    return found


@dataclass(frozen=True, slots=True)
class Field:
    """An option as a form shows it. ``choices``: (value, label, how many cards it would leave or ``None``, chosen)."""

    name: str
    label: str
    help: str
    kind: str
    value: Value
    choices: list[tuple[str, str, int | None, bool]]
    least: int = 0
    most: int = 0
    fixed: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def options(request: Any, deck: UUID, mode: str) -> HttpResponse:
    return _options(request, access.deck_to_study(request.learner, deck), mode)


@require_http_methods(["GET", "HEAD", "POST"])
def options_for_all(request: Any) -> HttpResponse:
    return _options(request, None, memory_mode())


def _options(request: Any, deck: Deck | None, mode: str) -> HttpResponse:
    rules = queries.rules_of(mode)
    learner: Person | None = request.learner
    at_ms = now_ms()
    today = queries.today_date(learner, at_ms)
    wrong = _wrong_date(rules, request.POST, today)
    if request.method == "POST" and not wrong:
        values = queries.options_for(learner, deck, mode, request.POST, afresh=True)
        actions.choose(someone(request), deck, mode, values)
        keep_usual(request, deck, mode, values)
        return _begins(deck, mode, values, draw_in(request.POST))
    chosen = queries.options_for(learner, deck, mode, request.POST if wrong else request.GET)
    context = {
        "deck": deck,
        "mode": mode,
        "wrong": wrong,
        "first_date": (today + dt.timedelta(days=1)).isoformat(),
        "title": _(rules.TITLE),
        "fields": (shown := fields(rules, learner, deck, chosen, at_ms=at_ms)),
        "seed": _draw(request, rules, deck, mode, shown),
        "resumes": getattr(rules, "RESUMES", True),
        **everyone_of(learner, deck, mode),
        "may_start_over": queries.sat_today(learner, deck, mode, now_ms=at_ms) is not None,
    }
    return render(request, f"web/study/{'options_sheet' if 'sheet' in request.GET else 'options'}.html", context, status=422 if wrong else 200)


def _wrong_date(rules: Any, params: Mapping[str, Any], today: dt.date) -> str:
    """What is wrong with a date that was sent, in a sentence: it cannot be read, or is over."""
    for option in rules.OPTIONS:
        text = str(params.get(option.name, "")).strip() if option.kind == "date" else ""
        try:
            over = bool(text) and dt.date.fromisoformat(text) <= today
        except ValueError:
            return _("Write the date as year, month and day, such as 2027-06-12.")
        if over:
            return _("%(label)s: choose a date after today, or leave it empty.") % {"label": _(option.label)}
    return ""


def _draw(request: Any, rules: Any, deck: Deck | None, mode: str, shown: Iterable[Field]) -> int | None:
    """The number of the order that begins with these options: of the address, of the visit that is open, else a new one. ``None``: a single card has no order."""
    if any(option.name == "order" for option in rules.OPTIONS) and not any(field.name == "order" for field in shown):
        return None
    drawn = draw_in(request.GET)
    drawn = queries.open_draw(request.learner, deck, mode) if drawn is None else drawn
    return draw() if drawn is None else drawn


def _begins(deck: Deck | None, mode: str, values: Mapping[str, Value], drawn: int | None) -> HttpResponse:
    """To what was chosen: a mode begins with it, and does not go on with what was left open; one with a page of its own shows that."""
    rules = queries.rules_of(mode)
    response = redirect("sit", deck.id, mode) if deck else redirect("today")
    params = {"start": 1} if deck and rules.DEAL != "queue" and not hasattr(rules, "compose") else {}
    if drawn is not None and values.get("order") == "shuffled":
        params["seed"] = drawn
    if params:
        response["Location"] += f"?{urlencode(params)}"
    return response


def everyone_of(learner: Person | None, deck: Deck | None, mode: str) -> dict[str, Any]:
    """For the owner of a set: for whom the options are, as it is now; for others: whether some are fixed."""
    mine = deck is not None and access.owns(learner, deck)
    return {"everyone": queries.usual_of(deck, mode).said if mine else None, "fixed": queries.fixed_for(learner, deck, mode)}


def keep_usual(request: Any, deck: Deck | None, mode: str, values: Mapping[str, Value]) -> None:
    """The owner has said for whom these options are; who is not the owner says nothing by it."""
    said = request.POST.get("everyone")
    if deck is not None and said in ("", "usual", "fixed") and access.owns(request.learner, deck) and (said or queries.usual_of(deck, mode).said):
        actions.make_usual(deck, mode, values, said)


def fields(rules: Any, learner: Person | None, deck: Deck | None, chosen: Mapping[str, Value], *, at_ms: int) -> list[Field]:
    names = [value for option in rules.OPTIONS if option.name == "cards" for value, _label in option.choices]
    left, tags = queries.filters_of(learner, deck, chosen, names, now_ms=at_ms)
    fixed = queries.fixed_for(learner, deck, next((name for name, one in queries.modes().items() if one is rules), ""))
    found = []
    for option in rules.OPTIONS:
        if (option.name == "tag" and not tags) or (option.name == "order" and left.get("all", 2) < 2):
            continue  # no tags to choose from, or a single card, which has no order
        one = _field(option, chosen[option.name], left if option.name == "cards" else {}, tags if option.name == "tag" else [])
        found.append(replace(one, fixed=option.name in fixed))
    return found


def _field(option: Option, value: Value, left: Mapping[str, int], tags: list[str]) -> Field:
    choices = [(name, _(label), left.get(name), name == value) for name, label in option.choices]
    kind = option.kind
    if left:
        choices = [choice for choice in choices if choice[2] or choice[3] or choice[0] in ("all", "starred", "due")]
    if tags:
        kind, choices = "choice", [("", _("Any"), None, not value), *((tag, tag, None, tag == value) for tag in tags)]
    return Field(option.name, _(option.label), _(option.help) if option.help else "", kind, value, choices, option.least, option.most)
