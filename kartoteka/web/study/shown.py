"""What a study page shows: for its templates, and the same as data for its island."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kartoteka.library import access
from kartoteka.library.models import Deck
from kartoteka.look import words
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.models import Sitting
from kartoteka.web.study import boards, papers
from kartoteka.web.study.counting import SAMPLES

MINUTE_MS = 60_000
TEN_MINUTES_MS = 600_000
USUAL_MS = 12_000  # an answer's usual time, until this visit has its own
Shown = Mapping[str, Any]


def page(request: Any, sitting: Sitting, *, at_ms: int, written: str | None = None) -> HttpResponse:
    """The card that is open now; between rounds the piles; at the end what became of it all. ``written``: an answer to be marked beside the card's own."""
    if papers.on_paper(sitting.mode):
        return papers.page(request, sitting, at_ms=at_ms)
    laid = actions.go_on(sitting, now_ms=at_ms)
    sitting.refresh_from_db()
    deck = access.deck_to_study(request.learner, sitting.deck_id) if sitting.deck_id else None
    context = _frame(request, sitting, deck, laid, at_ms) | {"doors": _doors(sitting, deck)}
    context |= boards.context_of(request, sitting, over=laid["over"] or not laid["questions"], data=context["data"])
    told = None if "board" in context["data"] or "run" in context else _told(request, sitting, at_ms)
    if told is None and (laid["over"] or not laid["questions"]):
        return render(request, f"modes/{sitting.mode}/end.html", context | _end(request.learner, sitting, deck, at_ms))
    tally = laid["counts"].get("round")
    if told is None and tally and not tally["begun"] and request.GET.get("go") != "1":
        return render(request, f"modes/{sitting.mode}/round.html", context | _round(sitting, deck, tally, at_ms))
    asked = _question(request, sitting, laid, at_ms, context["data"])
    if written is not None and asked["question"]:
        asked |= _written(sitting, asked["question"], written)
    return render(request, f"modes/{sitting.mode}/page.html", context | asked | _beside(request, sitting, asked["question"], told, context["choices"]))


def _told(request: Any, sitting: Sitting, at_ms: int) -> Shown | None:
    """How the answer went that a plain form has just given."""
    try:
        id = UUID(request.GET.get("told", ""))
    except ValueError:
        return None
    found = queries.answer_of(sitting, id)
    if found is None:
        return None
    question = queries.one_shown(sitting, found.question, now_ms=at_ms)
    lacks = question["line"] == "points" and any(point["mark"] != "covered" for point in found.shown["points"])
    return {"id": found.id, "question": question, "verdict": found.shown, "lacks": lacks}


def _beside(request: Any, sitting: Sitting, question: Shown | None, told: Shown | None, options: Shown) -> dict[str, Any]:
    """What stands beside the question: how the last answer went, the hint asked for, the levels of the set."""
    rung = request.GET.get("hint", "")
    hint = None
    if question and told is None and options.get("hints") and rung in ("1", "2", "3", "4"):
        hint = queries.hint_of(queries.question_of(sitting, question["id"]), int(rung))
    wrong = told is not None and told["verdict"]["label"] in ("wrong", "close")
    return {
        "told": told,
        "asked": told["question"] if told else question,
        "hint": hint,
        "again": wrong,
        "retype": bool(wrong and options.get("retype")),
        "labels": ("right", "close", "wrong", "unsure"),
    }


def _frame(request: Any, sitting: Sitting, deck: Deck | None, laid: Shown, at_ms: int) -> dict[str, Any]:
    rules = queries.rules_of(sitting.mode)
    options = queries.options_from(rules, {}, sitting.options)
    urls = {
        "here": reverse("sitting", args=[sitting.id]),
        "answer": reverse("answer", args=[sitting.id]),
        "undo": reverse("undo", args=[sitting.id]),
        "judge": reverse("judge", args=[sitting.id]),
        "appeal": reverse("appeal", args=[sitting.id]),
        "finish": reverse("finish", args=[sitting.id]),
        "more": reverse("meet_more", args=[sitting.id]),
        "mark": reverse("mark", args=[sitting.id]),
        "leave": leave_of(sitting, deck),
        "options": reverse("options", args=[deck.id, sitting.mode]) if deck else reverse("today_options"),
        "afresh": reverse("sit", args=[deck.id, sitting.mode]) if deck else reverse("today"),
    }
    return {
        "sitting": sitting,
        "deck": deck,
        "mode": sitting.mode,
        "title": _(rules.TITLE),
        "place": deck.shown_title if deck else _("All sets"),
        "counts": laid["counts"],
        "choices": options,
        "urls": urls,
        "may_edit": deck is None or access.owns(request.learner, deck),
        "skipped": [(count, _(queries.REASONS[reason])) for reason, count in sitting.skipped.items() if reason in queries.REASONS],
        "skipped_cards": sum(count for reason, count in sitting.skipped.items() if reason in ("empty", "suspended", "buried")),
        "answer_id": uuid7(),
        "since": at_ms,
        "bars": "web/study/outbox.html",
        "islands": ["web/study/island-outbox.js"],
        "samples": SAMPLES,
        "letters": SimpleLazyObject(lambda: queries.letters_of(sitting)),
        "levels": SimpleLazyObject(lambda: queries.standing_of(sitting.learner, deck, at_ms).levels if deck else {}),
        "data": {
            "sitting": str(sitting.id),
            "mode": sitting.mode,
            "now_ms": at_ms,
            "questions": laid["questions"],
            "counts": laid["counts"],
            "options": {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()},
            "urls": urls,
            "rules": getattr(rules, "ISLAND", {}),
        },
    }


def leave_of(sitting: Sitting, deck: Deck | None) -> str:
    """Where one came from: the set, or the day."""
    if deck is None:
        return reverse("today")
    return reverse("set", args=[deck.id])


def _question(request: Any, sitting: Sitting, laid: Shown, at_ms: int, data: dict[str, Any]) -> dict[str, Any]:
    questions: Sequence[Shown] = laid["questions"]
    sooner = request.GET.get("now") == "1"
    question = next((one for one in questions if sooner or one["after_ms"] + one["wait_ms"] <= at_ms), None)
    waiting = [{**one, "minutes": _whole_minutes(one["after_ms"] + one["wait_ms"] - at_ms)} for one in questions] if question is None else []
    context: dict[str, Any] = {
        "question": question,
        "shown": request.GET.get("shown") == "1",
        "waiting": waiting,
        "sooner": sooner,
        "going": request.GET.get("go") == "1",
        "answered": sum(laid["counts"].get(name, 0) for name in ("first_asked", "met", "for_points")),
        "wait_minutes": min((one["minutes"] for one in waiting), default=0),
        "more": min(actions.FEW, laid["counts"].get("more", 0)),
        "minutes_left": minutes_left(laid["counts"], questions),
        "missed_minutes": max(1, round((at_ms - question["after_ms"]) / MINUTE_MS)) if question and question["again"] else 0,
    }
    context["place_in"] = context["answered"] + (1 if question and question["turn"] == 0 else 0)
    if question is not None and question["qtype"] == "look":
        context |= _looked_at(request, sitting, question, laid["counts"], at_ms, data)
    return context | {"data": data}


def _written(sitting: Sitting, question: Shown, text: str) -> dict[str, Any]:
    """The answer beside what was written, with the grade that this suggests."""
    if not text.strip():
        return {"shown": True}
    marked = queries.judged(sitting, question["id"], text)
    points = marked["verdict"]["points"] if marked["verdict"] else []
    return {"shown": True, "marked": {**marked, "text": text, "points": points if len(points) > 1 else []}}


def _looked_at(request: Any, sitting: Sitting, question: Shown, counts: Shown, at_ms: int, data: dict[str, Any]) -> dict[str, Any]:
    """The whole hand to turn pages in, and the card that is looked at: the one asked for, else the next one."""
    hand = queries.whole_hand(sitting, now_ms=at_ms)
    wanted = request.GET.get("card", "") or question["card"]
    place = next((i for i, one in enumerate(hand) if one["card"] == wanted), next(i for i, one in enumerate(hand) if one["card"] == question["card"]))
    before = sitting.hand * actions.HAND
    unseen = {one.id for one in queries.next_questions(sitting)}
    looked = [one["card"] for one in hand if one["id"] not in unseen]
    data |= {"hand": hand, "at": place, "before": before, "questions": [], "looked": looked}
    return {
        "question": hand[place],
        "open": hand[place]["id"] in unseen,
        "position": before + place + 1,
        "previous": hand[place - 1]["card"] if place else "",
        "following": hand[place + 1]["card"] if place + 1 < len(hand) else "",
    }


def _whole_minutes(ms: int) -> int:
    whole: int = -(-ms // MINUTE_MS)
    return max(1, whole)


def minutes_left(counts: Shown, questions: Sequence[Shown]) -> int:
    """About how long the rest takes, from this visit's own pace."""
    pace = counts.get("took_ms", 0) / counts["answers"] if counts.get("answers", 0) >= 3 else USUAL_MS
    left = counts.get("left", 0) + sum(1 for one in questions if one["again"])
    minutes: float = left * pace / MINUTE_MS
    return max(1, round(minutes))


def _round(sitting: Sitting, deck: Deck | None, tally: Shown, at_ms: int) -> dict[str, Any]:
    """The round that is over, where the mode says which cards it had; else the pile that is the next one, with what stands on its cards."""
    if deck is not None and "cards" in tally:
        took_ms = queries.counts(sitting).get("took_ms", 0)
        ten = sitting.options.get("goal") == "ten" and took_ms >= TEN_MINUTES_MS
        return {"round": queries.round_of(sitting, deck, tally, now_ms=at_ms), "minutes_up": ten}
    pile = queries.put(sitting, now_ms=at_ms, many=actions.HAND)
    return {"pile": pile, "pile_ids": ",".join(card["card"] for card in pile)}


def _end(learner: Person, sitting: Sitting, deck: Deck | None, at_ms: int) -> dict[str, Any]:
    found = queries.ended(sitting, now_ms=at_ms)
    context: dict[str, Any] = {"ended": found, "recalled": found.cards - found.missed, "date": queries.today_date(learner, at_ms)}
    context["starred"] = queries.starred_in(learner, deck) if deck else 0
    rules = queries.rules_of(sitting.mode)
    if deck is not None and getattr(rules, "DAILY", False):
        context["ahead"] = queries.ahead_of(learner, deck, at_ms)
    if rules.DEAL == "queue":
        choice = queries.choice_of(learner, deck, rules, queries.options_from(rules, {}, sitting.options), now_ms=at_ms, seed=0)
        today = queries.today_in(learner, deck, at_ms) if deck else queries.today_of(learner, at_ms)
        waiting = {one.item.id for one in rules.ask(queries.desk_of(sitting))}  # in the middle of their step
        context |= {
            "today": today,
            "tomorrow": today.forecast[1] if len(today.forecast) > 1 else 0,
            "five": [card for card in (*choice.cards, *choice.more) if card not in waiting][: actions.FEW],
        }
        context["tomorrow_minutes"] = context["tomorrow"] * (found.seconds_a_card or USUAL_MS / 1000) / 60
    return context


def _doors(sitting: Sitting, deck: Deck | None) -> list[tuple[str, str, str]]:
    """The other ways to study this set: name, title, address."""
    if deck is None:
        return []
    return [(name, _(rules.TITLE), reverse("sit", args=[deck.id, name])) for name, rules in queries.modes().items() if name != sitting.mode]


def reasons(learner: Person, deck: Deck, card: UUID, *, at_ms: int) -> dict[str, Any]:
    """Why a card is asked now, with what its curve needs."""
    found = queries.why(learner, card, at_ms)
    got_it = next((one for one in found.outcomes if one.rating == 3), None)
    days = got_it.days if got_it else None
    curve = {
        "past": found.curve,
        "future": found.future,
        "target": found.target,
        "next_days": days if days and days >= 1 else None,
        "next_on": _date(at_ms, days) if days and days >= 1 else "",
        "sentence": found.sentence,
    }
    return {"why": found, "curve": curve if found.curve else None}


def _date(at_ms: int, days: float) -> str:
    then = dt.datetime.fromtimestamp(at_ms / 1000, tz=timezone.get_current_timezone()) + dt.timedelta(days=days)
    return words.day(then, "short")
