"""Tests on paper: what should be on one, the paper while it is written on, and what a device saves of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kartoteka.engine.questions import Question
from kartoteka.library import access
from kartoteka.library.models import Deck
from kartoteka.store.refusals import Refusal
from kartoteka.study import actions, attempts, papers, queries
from kartoteka.study.given import LONGEST_TEXT
from kartoteka.study.models import Draft, Paper, Sitting
from kartoteka.study.refusals import NothingToAsk
from kartoteka.web.learner import someone
from kartoteka.web.study import marked
from kartoteka.web.study.choosing import everyone_of, fields, keep_usual
from kartoteka.web.study.counting import CHUNK, INDEX, SAMPLES, SMALL_PAPER, chunked
from kartoteka.web.study.moments import dice, draw, draw_in, now_ms

CHIPS = (10, 20)
MOST_CHANGES = 1000


def on_paper(mode: str) -> bool:
    return hasattr(queries.rules_of(mode), "compose")


def said_in(params: Any) -> dict[str, Any]:
    """The fields of the sheet as options: a number of one's own goes before the chips, and types stand for themselves."""
    found = {name: params.getlist(name) if name == "types" else params[name] for name in params}
    if str(found.get("other", "")).strip():
        found["n"] = found["other"]
    if found.get("n") == "all":
        found["n"] = "0"
    if isinstance(found.get("types"), list) and len(found["types"]) == 1:
        found["types"] = found["types"][0]
    return found


def setup(request: Any, deck: Deck, mode: str, *, only: Sequence[str]) -> HttpResponse:
    """What should be on it, and what would be."""
    at_ms, rules, params = now_ms(), queries.rules_of(mode), said_in(request.GET)
    values = queries.options_for(request.learner, deck, mode, params)
    seed = drawn if (drawn := draw_in(params)) is not None else draw()
    mix, choice = papers.preview(request.learner, deck, mode, values, now_ms=at_ms, seed=seed, only=only)
    begun = attempts.open_paper(request.learner, deck.id)
    shown = {field.name: field for field in fields(rules, request.learner, deck, values, at_ms=at_ms)}
    context = {
        "deck": deck,
        "mode": mode,
        "title": _(rules.TITLE),
        "values": values,
        "fields": shown,
        "switches": [field for field in shown.values() if field.kind == "switch"],
        "kinds": _kinds(rules, values, mix),
        "mix": mix,
        "most": (most := _most(rules, values, mix.most, len(choice.cards))),
        "chips": [n for n in CHIPS if n < most],
        "other": values["n"] if values["n"] not in (0, *CHIPS) else "",
        "preview": mix_words(mix),
        "nothing": choice.sentence if not choice.cards else _("No question can be made of these cards as they are chosen."),
        "nearest": urlencode({"cards": choice.nearest}) if choice.nearest else "",
        "seed": seed,
        "only": ",".join(only),
        "begun": begun,
        **everyone_of(request.learner, deck, mode),
        "attempts": marked.attempt_rows(request.learner, deck, many=10),
    }
    return render(request, f"modes/{mode}/home.html", context)


def _most(rules: Any, values: Mapping[str, Any], most: int, cards: int) -> int:
    """How many questions there could be of all cards; where only some were looked at, as many of the others too."""
    looked = papers.looked_at(values)
    return most if cards <= looked else min(round(most * cards / looked), next(option.most for option in rules.OPTIONS if option.name == "n"))


def _kinds(rules: Any, values: Mapping[str, Any], mix: Any) -> list[tuple[str, str, bool, int, str]]:
    """Each kind of question: name, label, chosen, how many cards it could ask, and why none where there is none."""
    labels = next(option.choices for option in rules.OPTIONS if option.name == "types")
    found = []
    for name, label in labels:
        kind = rules.NAMES[name]
        legal = mix.legal.get(kind, 0)
        found.append((name, _(label), name in values["types"], legal, "" if legal else _(rules.REASONS[kind])))
    return found


def mix_words(mix: Any) -> str:
    """“6 multiple choice, 5 true or false, 1 matching of 5, 3 typed, 1 list of 6 points”."""
    counts = mix.counts
    parts = [
        ngettext("%(n)d multiple choice", "%(n)d multiple choice", counts.get("choice", 0)) % {"n": counts.get("choice", 0)} if counts.get("choice") else "",
        ngettext("%(n)d true or false", "%(n)d true or false", counts.get("tf", 0)) % {"n": counts.get("tf", 0)} if counts.get("tf") else "",
        _matching_words(mix.blocks),
        ngettext("%(n)d typed", "%(n)d typed", counts.get("typed", 0)) % {"n": counts.get("typed", 0)} if counts.get("typed") else "",
        _list_words(mix.lists),
        ngettext("%(n)d to judge yourself", "%(n)d to judge yourself", counts.get("self", 0)) % {"n": counts.get("self", 0)} if counts.get("self") else "",
    ]
    return ", ".join(part for part in parts if part)


def _matching_words(blocks: Sequence[Sequence[str]]) -> str:
    if not blocks:
        return ""
    sizes = _(" and ").join(str(size) for size in sorted({len(block) for block in blocks}, reverse=True))
    return ngettext("%(n)d matching of %(sizes)s", "%(n)d matchings of %(sizes)s", len(blocks)) % {"n": len(blocks), "sizes": sizes}


def _list_words(lists: Sequence[int]) -> str:
    if not lists:
        return ""
    return ngettext("%(n)d list with %(points)d points", "%(n)d lists with %(points)d points", len(lists)) % {"n": len(lists), "points": sum(lists)}


def start(request: Any, deck: Deck, mode: str, *, only: Sequence[str]) -> HttpResponse:
    """The paper is written as it was shown, the choices are kept, and it lies there."""
    raw = request.POST if request.method == "POST" else request.GET
    params = said_in(raw)
    values = queries.options_for(request.learner, deck, mode, params)
    learner = someone(request)
    afresh = request.method == "POST" or params.get("afresh") == "1"
    try:
        sitting = actions.sit(
            learner,
            deck=deck,
            mode=mode,
            options=values,
            now_ms=now_ms(),
            dice=dice(),
            afresh=afresh,
            only=only,
            seed=draw_in(params),
        )
    except NothingToAsk as nothing:
        messages.warning(request, str(nothing))
        return redirect("sit", deck.id, mode)
    if request.method == "POST" and "types" in params:
        actions.choose(learner, deck, mode, values)
        keep_usual(request, deck, mode, values)
    return redirect("paper_as", sitting.id, "print") if "print" in params else redirect("sitting", sitting.id)


@dataclass(frozen=True, slots=True)
class Part:
    """One question as it stands on the page, or the pairs of one matching. ``first``…``last``: its numbers."""

    first: int
    last: int
    questions: list[Placed]
    changed: str = ""

    @property
    def one(self) -> Placed:
        return self.questions[0]


@dataclass(frozen=True, slots=True)
class Placed:
    """A question with its number, what stands on it, and, once it is marked, how it went."""

    number: int
    question: Question
    said: Mapping[str, Any]
    flagged: bool
    mark: marked.Marked | None = None

    @property
    def answered(self) -> bool:
        return bool(self.said) or self.mark is not None


def parts_of(questions: Sequence[Question], drafts: Mapping[str, Draft], marks: Mapping[str, marked.Marked], changed: Mapping[str, str]) -> list[Part]:
    """The questions of a paper in order; the pairs of a matching are one part."""
    found: list[Part] = []
    for number, question in enumerate(questions, 1):
        draft = drafts.get(question.id)
        placed = Placed(number, question, draft.response if draft else {}, bool(draft and draft.flagged), marks.get(question.id))
        block = question.extra.get("block") if question.qtype == "match" else None
        if block is not None and found and found[-1].one.question.extra.get("block") == block and found[-1].one.question.qtype == "match":
            before = found.pop()
            found.append(Part(before.first, number, [*before.questions, placed], before.changed or changed.get(question.item.id, "")))
        else:
            found.append(Part(number, number, [placed], changed.get(question.item.id, "")))
    return found


def page(request: Any, sitting: Sitting, *, at_ms: int) -> HttpResponse:
    """The paper while it is written on; once it is handed in, its marks."""
    paper = papers.run_out(request.learner, sitting, now_ms=at_ms)
    if paper.handed_ms is not None:
        return marked.page(request, sitting, paper, at_ms=at_ms)
    questions, drafts = queries.paper_of(sitting), papers.drafts_on(paper)
    values = queries.options_from(queries.rules_of(sitting.mode), {}, sitting.options)
    marks = marked.marks(sitting, questions) if values["each"] else {}
    parts = parts_of(questions, drafts, marks, papers.changed_since(questions))
    placed = [one for part in parts for one in part.questions]
    answered, flagged = sum(one.answered for one in placed), sum(one.flagged for one in placed)
    left_ms = papers.left_ms(paper, at_ms)
    context = {
        "sitting": sitting,
        "deck": access.deck_to_study(request.learner, paper.deck_id),
        "mode": sitting.mode,
        "title": _(queries.rules_of(sitting.mode).TITLE),
        "paper": paper,
        "chunks": chunked(parts, SMALL_PAPER, CHUNK),
        "index": chunked(placed, 0, INDEX),
        "values": values,
        "n": len(placed),
        "answered": answered,
        "open": len(placed) - answered,
        "flagged": flagged,
        "left_ms": left_ms,
        "left_min": max(1, -(-left_ms // 60_000)) if left_ms else 0,
        "samples": SAMPLES,
        "data": {
            "sitting": str(sitting.id),
            "now_ms": at_ms,
            "left_ms": left_ms,
            "stopped": paper.stopped_ms is not None,
            "exam": bool(values["exam"]),
            "sounds": bool(values["sounds"]),
            "ids": paper.ids,
        },
    }
    return render(request, f"modes/{sitting.mode}/page.html", context)


@require_POST
def paper(request: Any, id: UUID) -> HttpResponse:
    """What was changed on a paper: from its island as JSON, or the whole sheet as a plain form, which may also hand it in."""
    sitting, at_ms = queries.sitting_of(request.learner, id), now_ms()
    if request.content_type == "application/json":
        return _saved(request, sitting, at_ms)
    learner, on = request.learner, papers.paper_on(sitting)
    does = request.POST.get("do", "save")
    papers.save(learner, sitting, list(_changes(request.POST, on, at_ms)), now_ms=at_ms)
    name, _dash, number = does.partition("-")
    place = int(number) if number.isascii() and number.isdigit() and 0 < int(number) <= len(on.ids) else 0
    if does == "hand_in":
        papers.hand_in(learner, sitting, now_ms=at_ms)
        return redirect("sitting", sitting.id)
    if does in ("stop", "go_on"):
        papers.stop_clock(learner, sitting, now_ms=at_ms, stop=does == "stop")
    elif name == "check" and place:
        try:
            if papers.check(learner, sitting, on.ids[place - 1], now_ms=at_ms) is None:
                messages.info(request, _("Answer the question first."))
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    return redirect(f"{reverse('sitting', args=[sitting.id])}{f'#q{place}' if place else ''}")


def _changes(form: Any, on: Paper, at_ms: int) -> list[papers.Change]:
    """What a plain form says otherwise than what is kept, of the questions that stood on it (a circle that is not filled sends nothing)."""
    kept, found = papers.drafts_on(on), []
    stood = set(form.getlist("on"))
    flag = form.get("do", "")
    for number, question in enumerate(on.ids, 1):
        if str(number) not in stood:
            continue
        kind = question.split(".")[2]
        raw = form.get(f"a-{number}", "")[:LONGEST_TEXT]
        said: dict[str, Any] = (
            {"text": raw} if kind in ("typed", "points") else {"rating": int(raw) if raw in ("1", "3") else None} if kind == "self" else {"choice": raw}
        )
        draft = kept.get(question)
        was = draft.flagged if draft else False
        turned = flag == f"flag-{number}"
        before = draft.response if draft else {}
        now = {name: value for name, value in said.items() if value and str(value).strip()}
        if now != before or turned:
            found.append(papers.Change(question, at_ms, said if now != before else None, not was if turned else None))
    return found


def _saved(request: Any, sitting: Sitting, at_ms: int) -> HttpResponse:
    try:
        body = json.loads(request.body)
        changes = [_change(one) for one in body.get("changes", [])[:MOST_CHANGES]]
        sent_ms = int(body["sent_ms"]) if "sent_ms" in body else None
        left = int(body.get("left", 0))
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"error": _("This could not be read.")}, status=400)
    saved = papers.save(
        request.learner,
        sitting,
        changes,
        now_ms=at_ms,
        sent_ms=queries.clocks.sent_ms(request.session.session_key or request.learner.id, sent_ms, now_ms=at_ms),
        left=left,
    )
    handed = saved.handed
    if body.get("hand_in") is True and not handed:
        papers.hand_in(request.learner, sitting, now_ms=at_ms)
        handed = True
    return JsonResponse({"kept": saved.kept, "late": saved.late, "left_ms": saved.left_ms, "handed": handed, "answered": saved.answered})


def _change(one: Mapping[str, Any]) -> papers.Change:
    response, flagged = one.get("response"), one.get("flagged")
    if response is not None and not isinstance(response, dict):
        raise TypeError
    return papers.Change(str(one["question"])[:120], int(one["at_ms"]), response, flagged if isinstance(flagged, bool) else None)
