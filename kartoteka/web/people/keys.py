"""Keys: what each does while studying, and another one for it where somebody wants that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kartoteka.people import actions
from kartoteka.web.learner import someone
from kartoteka.web.study.moments import now_ms

ACTIONS = {
    "Space": gettext_lazy("turn over, continue"),
    "ArrowLeft": gettext_lazy("before; Still learning"),
    "ArrowRight": gettext_lazy("after; Know"),
    "1": gettext_lazy("first answer; Forgot"),
    "2": gettext_lazy("second answer; Hard"),
    "3": gettext_lazy("third answer; Got it"),
    "4": gettext_lazy("fourth answer; Easy"),
    "t": gettext_lazy("true"),
    "f": gettext_lazy("false; full screen"),
    "s": gettext_lazy("star"),
    "h": gettext_lazy("hint"),
    "a": gettext_lazy("hear it"),
    "d": gettext_lazy("don’t know"),
    "o": gettext_lazy("overturn the mark"),
    "u": gettext_lazy("undo"),
    "e": gettext_lazy("edit the card"),
    "w": gettext_lazy("why this card now"),
    "b": gettext_lazy("not today"),
    "x": gettext_lazy("set aside"),
    "m": gettext_lazy("more cards, while all of these wait"),
    "n": gettext_lazy("count it as wrong"),
    "g": gettext_lazy("flag"),
    "p": gettext_lazy("turn pages by themselves"),
    "?": gettext_lazy("list of keys"),
}
LABELS = {"ArrowLeft": "←", "ArrowRight": "→", "ArrowUp": "↑", "ArrowDown": "↓"}
NAMED = {label: name for name, label in LABELS.items()} | {name.lower(): name for name in (*LABELS, "Space", "Home", "End", "PageUp", "PageDown", "Insert")}
TAKEN = frozenset("56789")  # more answers than four


@dataclass(frozen=True, slots=True)
class Row:
    """One thing a key does. ``usual``: its key as we made it; ``label``: the key it has now, as a person reads it."""

    usual: str
    words: str
    label: str
    usual_label: str

    @property
    def changed(self) -> bool:
        return self.label != self.usual_label


def label_of(name: str) -> str:
    return LABELS.get(name, name.upper() if len(name) == 1 else name)


def name_of(text: str) -> str:
    """The key that somebody wrote or pressed: ``s``, ``Space``, ``←``; empty where it can be none."""
    text = text.strip()
    return NAMED.get(text.lower(), text.lower() if len(text) == 1 and text.isprintable() and text not in TAKEN else "")


def rows_of(kept: Mapping[str, str]) -> list[Row]:
    return [Row(usual, str(words), label_of(kept.get(usual, usual)), label_of(usual)) for usual, words in ACTIONS.items()]


def wrong_with(chosen: Mapping[str, str]) -> str:
    """Why these keys cannot be: one that does two things; empty where they can."""
    does: dict[str, str] = {}
    for usual, words in ACTIONS.items():
        key = chosen.get(usual, usual)
        if key in does:
            return _("“%(key)s” cannot be both “%(one)s” and “%(other)s”. Choose another key for one of them.") % {
                "key": label_of(key), "one": does[key], "other": words,
            }  # fmt: skip
        does[key] = str(words)
    return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: Any) -> HttpResponse:
    """All keys on one page; those that are changed are kept with the learner."""
    if request.method != "POST":
        return _page(request, rows_of(request.learner.keys if request.learner else {}))
    chosen: dict[str, str] = {}
    wrong = ""
    for usual, words in ACTIONS.items():
        text = "" if "reset" in request.POST else request.POST.get(f"key-{usual}", "")[:20]
        name = name_of(text) if text.strip() else usual
        if not name:
            wrong = wrong or _("“%(key)s” cannot be the key for “%(words)s”. Choose a letter, a sign, Space or an arrow; Enter, Esc and 5 to 9 have their work.") % {
                "key": text.strip(), "words": words,
            }  # fmt: skip
        elif name != usual:
            chosen[usual] = name
    if wrong := wrong or wrong_with(chosen):
        return _page(request, rows_of(chosen), wrong=wrong)
    request.learner = actions.prefer(someone(request), now_ms=now_ms(), keys=chosen)
    messages.success(request, _("Saved."))
    return redirect("change_keys")


def _page(request: Any, rows: list[Row], *, wrong: str = "") -> HttpResponse:
    return render(
        request, "web/people/keys.html", {"rows": rows, "wrong": wrong, "any_changed": any(row.changed for row in rows)}, status=422 if wrong else 200
    )
