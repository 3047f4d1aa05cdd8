"""What the preview shows: every card of the source with what becomes of it, the switches, and the sets it could go to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka.engine.formulas import in_words
from kartoteka.engine.notes import side_of
from kartoteka.engine.text import plain
from kartoteka.formats import letters
from kartoteka.formats.base import Bundle, BundleNote, Problem
from kartoteka.library import access
from kartoteka.library.clean import clean
from kartoteka.library.models import Deck
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.transfer import reader
from kartoteka.transfer.models import Proposal
from kartoteka.transfer.plan import Line, Plan
from kartoteka.transfer.saying import told as in_words_with_place
from kartoteka.web.transfer.switches import Switch, switches_of

PAGE = 200  # new cards on one page; all others are kept unless looked at
SAME_SHOWN, REFUSED_SHOWN, SETS_OFFERED, DIFF_WORDS = 100, 100, 200, 600
MORE_SIGNS = 80  # of a further field
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One card as the preview shows it; its sides are clean HTML."""

    key: str
    place: str
    term: str
    definition: str
    kind: str
    why: str = ""
    keep: bool = True
    mine: bool = False
    lacks: str = ""
    changes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    points: int = 0
    term_text: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything on the page."""

    plan: Plan
    what: str
    title: str
    into: Deck | None
    several: bool
    sets: Sequence[Deck]
    switches: Sequence[Switch]
    letters: Switch | None
    broken: Sequence[tuple[str, str]]
    formats: Sequence[tuple[str, str]]
    new: Sequence[Row]
    changed: Sequence[Row]
    refused: Sequence[Row]
    same: Sequence[Row]
    unmendable: Sequence[Problem]
    problems: Sequence[Problem]
    ignored: Sequence[str]
    start: int
    counts: dict[str, int]
    kept: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def button(self) -> str:
        return _keep(self.kept).replace("%n", str(self.kept)) if self.kept else _("Go to the set")

    @property
    def words(self) -> dict[str, str]:
        """The button's words by plural form, with “%n” for the number: the page counts on as cards are unticked."""
        return {form: _keep(count) for form, count in (("one", 1), ("few", 2), ("many", 5), ("other", 10))}

    @property
    def summary(self) -> str:
        """What would happen, in a few words."""
        mine = sum(row.mine for row in self.changed)
        parts = (
            (self.counts["new"], ngettext("%s new", "%s new", self.counts["new"])),
            (self.counts["changed"] - mine, ngettext("%s changed", "%s changed", self.counts["changed"] - mine)),
            (mine, ngettext("%s kept as yours", "%s kept as yours", mine)),
            (self.counts["same"], ngettext("%s the same", "%s the same", self.counts["same"])),
            (self.counts["refused"], ngettext("%s left out until mended", "%s left out until mended", self.counts["refused"])),
        )
        said = ", ".join(words % in_figures(many) for many, words in parts if many)
        return f"{said}." if said else ""

    @property
    def last(self) -> int:
        return self.start + len(self.new)

    @property
    def more(self) -> int:
        return max(0, self.counts["new"] - self.last)

    @property
    def next_many(self) -> int:
        return min(PAGE, self.more)

    @property
    def hidden_refusals(self) -> bool:
        return len(self.refused) + len(self.unmendable) < self.counts["refused"]

    @property
    def before(self) -> int | None:
        return max(0, self.start - PAGE) if self.start else None


def shown(proposal: Proposal, bundle: Bundle, plan: Plan, owner: Person, start: int = 0) -> Shown:
    """The preview of a plan, its new cards from ``start`` on."""
    out, mine = set(proposal.decided.get("leave_out", ())), set(proposal.decided.get("mine", ()))
    new, changed, refused, same = (plan.of(fate) for fate in ("new", "changed", "refused", "same"))
    start = start if 0 <= start < len(new) else 0
    first = plan.decks[0] if plan.decks else None
    told = {line.why for line in refused}
    switches = switches_of(bundle)
    unmendable = [problem for problem in plan.problems if problem.severity == "refused" and problem.what not in told]
    return Shown(
        plan=plan,
        what=_what(bundle, plan),
        title=first.deck.title if first else "",
        into=first.into if first else None,
        several=len(plan.decks) > 1,
        sets=list(access.decks_of(owner)[:SETS_OFFERED]),
        switches=[switch for switch in switches if switch.name != letters.SWITCH],
        letters=next((switch for switch in switches if switch.name == letters.SWITCH), None),
        broken=[(before, after) for before, after in bundle.extra.get(letters.SWITCH, ())],
        formats=list(reader.formats().items()),
        new=[_row(line, keep=line.key not in out) for line in new[start : start + PAGE]],
        changed=[_row(line, mine=line.key in mine) for line in changed[:PAGE]],
        refused=[_row(line) for line in refused[:REFUSED_SHOWN]],
        same=[_row(line) for line in same[:SAME_SHOWN]],
        unmendable=[_said(problem) for problem in unmendable[:REFUSED_SHOWN]],
        problems=[_said(problem) for problem in plan.problems if problem.severity != "refused" and not letters.about(problem)],
        ignored=bundle.ignored,
        start=start,
        counts={"new": len(new), "changed": len(changed), "same": len(same), "refused": plan.counts.get("refused", 0)},
        kept=sum(line.key not in out for line in new) + sum(line.key not in mine for line in changed),
    )


def _said(problem: Problem) -> Problem:
    return replace(problem, what=in_words_with_place(problem))


def _keep(count: int) -> str:
    return ngettext("Keep %(n)s card", "Keep %(n)s cards", count) % {"n": "%n"}


def _what(bundle: Bundle, plan: Plan) -> str:
    """One sentence: what this is and how much of it there is."""
    cards, title = sum(plan.counts.values()), reader.formats().get(bundle.format, "")
    found = ngettext("%(cards)s card", "%(cards)s cards", cards) % {"cards": in_figures(cards)}
    what = _("%(format)s, %(found)s.") % {"format": _(title), "found": found} if title else f"{found}."
    left = len(bundle.ignored)
    return f"{what} " + _left_out(left) if left else what


def _left_out(lines: int) -> str:
    return ngettext(
        "%(lines)d line is the page’s own button or counter; it stays out.",
        "%(lines)d lines are the page’s own buttons and counters; they stay out.",
        lines,
    ) % {"lines": lines}


def _row(line: Line, *, keep: bool = True, mine: bool = False) -> Row:
    term, definition = (clean(line.note.fields.get(name, "")) for name in ("term", "definition"))
    front, back = side_of(term, plain(term)), side_of(definition, plain(definition))
    if front.kind == "quote":
        kind = _("quote")
    elif len(back.points) > 1:
        kind = ngettext("%d point", "%d points", len(back.points)) % len(back.points)
    else:
        kind = {"short": _("short"), "media": _("picture or sound"), "cloze": _("fill in")}.get(back.kind, "")
    return Row(
        key=line.key,
        place=line.place,
        term=term,
        definition=definition,
        kind=kind if line.fate != "refused" else "",
        why=line.why,
        keep=keep,
        mine=mine,
        lacks="" if not line.why or (front.empty and back.empty) else "definition" if back.empty else "term",
        changes=tuple(_changes(line, term, definition)) if line.fate == "changed" else (),
        points=len(back.points),
        term_text=" ".join(front.said.split()),
        more=tuple(_more(line.note)),
    )


def _more(note: BundleNote) -> Iterator[str]:
    """What comes along with a card beside its two sides: further fields, tags, answers given elsewhere."""
    for name, raw in note.fields.items():
        words = " ".join(in_words(plain(html := clean(raw)), html).split()) if name not in ("term", "definition") else ""
        if words:
            yield f"{name}: {words if len(words) <= MORE_SIGNS else words[: MORE_SIGNS - 1].rstrip() + '…'}"
    if note.tags:
        yield " ".join(f"#{tag}" for tag in note.tags)
    if reviews := sum(len(card.reviews) for card in note.cards):
        yield ngettext("%s answer", "%s answers", reviews) % in_figures(reviews)


def _changes(line: Line, term: str, definition: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Each side and each further field that differs, word by word (kept, mine, theirs), and tags that would be added."""
    assert line.mine is not None
    for name, mine, theirs in (("term", line.mine.term_text, plain(term)), ("definition", line.mine.definition_text, plain(definition))):
        if name == "term" and mine == theirs:
            continue
        yield name, tuple(_diff(mine, theirs))
    for name, raw in line.note.fields.items():
        mine, theirs = plain(line.mine.fields.get(name, "")), plain(clean(raw))
        if name not in ("term", "definition") and mine != theirs:
            yield name, (("same", f"{name}: "), *_diff(mine, theirs))
    if fresh := [f"#{tag}" for tag in line.note.tags if tag not in line.mine.tags]:
        yield "tags", (("ins", " ".join(fresh)),)


def _diff(mine: str, theirs: str) -> Iterator[tuple[str, str]]:
    a, b = _WORDS.findall(mine), _WORDS.findall(theirs)
    if len(a) > DIFF_WORDS or len(b) > DIFF_WORDS:
        yield from (("del", mine), ("ins", theirs))
        return
    for what, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(a[i1:i2])
            continue
        if i2 > i1:
            yield "del", "".join(a[i1:i2])
        if j2 > j1:
            yield "ins", "".join(b[j1:j2])


def told(report: Any) -> str:
    """What came of it, in one sentence for the set's page."""
    counts = report.counts
    parts = [
        ngettext("%s new card", "%s new cards", counts["new"]) % in_figures(counts["new"]) if counts["new"] else "",
        ngettext("%s changed", "%s changed", counts["changed"]) % in_figures(counts["changed"]) if counts["changed"] else "",
        ngettext("%s the same", "%s the same", counts["same"]) % in_figures(counts["same"]) if counts["same"] else "",
        ngettext("%s left out", "%s left out", counts["refused"]) % in_figures(counts["refused"]) if counts["refused"] else "",
    ]
    return _("Kept: %(parts)s.") % {"parts": ", ".join(part for part in parts if part)}
