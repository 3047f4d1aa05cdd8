"""What a person decided on the preview: switches, title, which set, which cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from uuid import UUID

from django.http import QueryDict

from kartoteka.transfer.models import Proposal

NEW = "new"
SWITCH, OTHER, MEND, CHANGED = "switch.", "other.", "mend.", "take."


@dataclass(frozen=True, slots=True)
class Decided:
    """A preview's form, read. ``target`` is the id of a set, "new", or empty where the page did not ask."""

    title: str | None
    target: str
    format: str
    switches: Mapping[str, str]
    leave_out: frozenset[str] = frozenset()
    mine: frozenset[str] = frozenset()
    mends: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def into(self) -> UUID | None:
        try:
            return UUID(self.target)
        except ValueError:
            return None


def decided(post: QueryDict, proposal: Proposal) -> Decided:
    """Reads the form. Cards that this page did not show keep what was decided about them before."""
    shown, before = set(post.getlist("shown")), proposal.decided
    leave_out = (set(before.get("leave_out", ())) - shown) | (shown - set(post.getlist("keep")))
    asked = {name.removeprefix(CHANGED) for name in post if name.startswith(CHANGED)}
    mine = (set(before.get("mine", ())) - asked) | {key for key in asked if post[f"{CHANGED}{key}"] == "mine"}
    return Decided(
        title=post.get("title"),
        target=post.get("target", ""),
        format=post.get("format", "") or proposal.format,
        switches=_switches(post),
        leave_out=frozenset(leave_out),
        mine=frozenset(mine),
        mends={**before.get("mends", {}), **_mends(post)},
    )


def _switches(post: QueryDict) -> dict[str, str]:
    """The select boxes, and over them another sign that was typed; ``\\n`` and ``\\t`` may be written so."""
    switches = {name.removeprefix(SWITCH): str(post[name]) for name in post if name.startswith(SWITCH)}
    typed = {name.removeprefix(OTHER): str(post[name]).replace("\\n", "\n").replace("\\t", "\t")[:20] for name in post if name.startswith(OTHER)}
    return {**switches, **{name: sign for name, sign in typed.items() if sign and name in switches}}


def _mends(post: QueryDict) -> dict[str, dict[str, str]]:
    """Sides written on the page: ``mend.0.31.definition``; plain words become HTML here, once."""
    mends: dict[str, dict[str, str]] = {}
    for name in post:
        written = str(post[name]).strip().replace("\r\n", "\n")
        if not name.startswith(MEND) or not written:
            continue
        key, _dot, side = name.removeprefix(MEND).rpartition(".")
        if side in ("term", "definition"):
            mends.setdefault(key, {})[side] = escape(written, quote=False).replace("\n", "<br>")
    return mends


def other_switches(form: Decided, proposal: Proposal, choices: Mapping[str, str]) -> dict[str, str]:
    """The reader's options this form asks for, where they differ from how the proposal was read; else empty."""
    asked = {name: value for name, value in form.switches.items() if value != choices.get(name)}
    if not asked and form.format == proposal.format:
        return {}
    if form.format != proposal.format:
        return {"format": form.format}
    return {**proposal.options, **asked}
