"""Whatever comes into a library is proposed, looked at, and accepted; and decks go out again."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.library import actions as library
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotThere, Refusal
from kartoteka.store.writer import action
from kartoteka.study import actions as study
from kartoteka.transfer import everything, homecoming, proposals, queries, reader, working
from kartoteka.transfer.keeping import NothingToKeep as NothingToKeep
from kartoteka.transfer.keeping import Prepared, keep, make_ready
from kartoteka.transfer.models import Proposal
from kartoteka.transfer.plan import Plan, compare
from kartoteka.transfer.ready import READY
from kartoteka.transfer.reports import DeckReport, Report, look, refused, told
from kartoteka.transfer.saying import in_words

UNDECIDED_DAYS = 7
UNDECIDED_AT_ONCE = 20  # a person's; older ones go, so that pasting can't fill the disk
READING, KEEPING = "reading", "keeping"
WRITTEN_BY_HAND = ("text", "csv")


def propose(
    owner: Person,
    *,
    name: str = "",
    data: bytes = b"",
    path: Path | None = None,
    options: Mapping[str, str] | None = None,
    format: str = "",
    bundle: Bundle | None = None,
    title: str = "",
) -> Proposal:
    """Reads what came in (``data``, or a file at ``path``) and keeps it aside to be looked at; a bundle already made (a draft) is taken as it is.

    Raises ``Unreadable`` with one sentence where it cannot be read.
    """
    return proposed(owner, name=name, data=data, path=path, options=options, format=format, bundle=bundle, title=title)[0]


def proposed(
    owner: Person,
    *,
    name: str = "",
    data: bytes = b"",
    path: Path | None = None,
    options: Mapping[str, str] | None = None,
    format: str = "",
    bundle: Bundle | None = None,
    title: str = "",
) -> tuple[Proposal, Bundle]:
    """A proposal, and what was read for it: who goes on at once need not read it again."""
    id, chosen = uuid7(), dict(options or {})
    try:
        kept = proposals.keep_file(id, path) if path else proposals.keep_source(id, data)
        data = path.read_bytes() if path and path.stat().st_size <= reader.AT_ONCE_BYTES else data
        size = path.stat().st_size if path else len(data)
        found = bundle or read(
            Source(name=name, data=data if size <= reader.AT_ONCE_BYTES else None, path=kept, folder=proposals.media(id)),
            chosen,
            format=format,
            out=proposals.what_was_read(id),
        )
        if not proposals.what_was_read(id).is_file():
            proposals.keep_bundle(id, found)
        proposal = _propose(Proposal(id=id, owner=owner, name=name[:255], size=size, format=found.format, options=chosen, title=" ".join(title.split())[:200]))
    except BaseException:
        proposals.forget(id)
        raise
    _tidy(owner)
    return proposal, found


def take(owner: Person, *, name: str, pieces: Iterable[bytes], into: UUID | None = None) -> Proposal:
    """Takes a large file in, to be read in the background; the proposal says when it can be looked at, or why not."""
    id = uuid7()
    try:
        size = proposals.keep_pieces(id, pieces).stat().st_size
        proposal = _propose(Proposal(id=id, owner=owner, name=name[:255], size=size, into=into, work=READING))
    except BaseException:
        proposals.forget(id)
        raise
    _tidy(owner)
    working.start(id, partial(_read_on, id))
    return proposal


def accept_later(proposal: Proposal) -> None:
    """Keeps a proposal in the background, as it was decided; it says itself what came of it."""
    _at_work(proposal.id, KEEPING)
    working.start(proposal.id, partial(_keep_on, proposal.id))


def resume() -> int:
    """Takes up what was being read or kept when the server stopped; gives how many there were."""
    open_work = dict(Proposal.objects.filter(accepted_at=None).exclude(work="").values_list("id", "work"))
    for id, work in open_work.items():
        working.start(id, partial(_read_on if work == READING else _keep_on, id))
    return len(open_work)


def _read_on(id: UUID) -> None:
    proposal = Proposal.objects.filter(id=id).first()
    if proposal is None:
        return
    working.tell("reading")
    try:
        bundle = read(Source(name=proposal.name, path=proposals.source(id), folder=proposals.media(id)), proposal.options)
    except Unreadable as fact:
        _at_work(id, "", wrong=in_words(fact))
    except working.Cancelled:
        raise
    except Exception:
        _at_work(id, "", wrong=_("This file could not be read. Nothing was changed."))
        raise
    else:
        proposals.keep_bundle(id, bundle)
        _at_work(id, "", format=bundle.format)


def _keep_on(id: UUID) -> None:
    proposal = Proposal.objects.select_related("owner").filter(id=id, accepted_at=None).first()
    if proposal is None:
        return
    working.tell("comparing")
    try:
        accept(proposal, now_ms=time.time_ns() // 1_000_000)
        study.look_again(proposal.owner, now_ms=time.time_ns() // 1_000_000)
    except (Refusal, Unreadable) as fact:
        _at_work(id, "", wrong=in_words(fact) if isinstance(fact, Unreadable) else str(fact))
    except working.Cancelled:
        raise
    except Exception:
        _at_work(id, "", wrong=_("This could not be kept. Nothing was changed; try again."))
        raise


@action
def _at_work(id: UUID, work: str, *, wrong: str = "", **values: str) -> None:
    Proposal.objects.filter(id=id, accepted_at=None).update(work=work, wrong=wrong, **values)


@action
def _propose(proposal: Proposal) -> Proposal:
    proposal.save(force_insert=True)
    return proposal


def read(source: Source, options: Mapping[str, str], *, format: str = "", out: Path | None = None) -> Bundle:
    """What stands in this file, and at least one card. Raises ``Unreadable`` with one sentence. ``out``: where a child leaves what it read."""
    bundle = reader.read(source, options, format=format, out=out)
    if not bundle.notes and not bundle.ambiguous:
        first = next((problem.what for problem in bundle.problems if problem.severity == "refused"), "")
        raise Unreadable(first or _nothing_in(bundle.format))
    return bundle


def _nothing_in(format: str) -> str:
    """Who wrote lines hears how to write cards; who brought another program's file hears that it is empty."""
    if format in WRITTEN_BY_HAND:
        return _("No cards were found in it. One card a line, with a tab between its two sides, works everywhere.")
    return _("This file was read as %(title)s and holds no card. Nothing was changed. Look whether it is the right one, or export it again with its cards.") % {
        "title": reader.formats().get(format, format)
    }


def again(proposal: Proposal, options: Mapping[str, str] | None = None, *, format: str = "") -> Proposal:
    """Reads a proposal anew with other switches. Raises ``Unreadable`` where they do not fit; it then stays as it was."""
    chosen = dict(options if options is not None else proposal.options)
    kept = proposals.source(proposal.id)
    if not kept.is_file():
        raise NotThere(_("This preview has been cleared away. Nothing was changed; paste or choose the file again."))
    bundle = read(
        Source(name=proposal.name, data=kept.read_bytes() if proposal.size <= reader.AT_ONCE_BYTES else None, path=kept, folder=proposals.media(proposal.id)),
        chosen,
        format=format or proposal.format,
    )
    proposals.keep_bundle(proposal.id, bundle)
    proposal.options, proposal.format = chosen, bundle.format
    proposal.decided = {}  # other cards now: what was said about single ones no longer fits
    return _save(proposal, ("options", "format", "decided"))


def decide(
    proposal: Proposal,
    *,
    title: str | None = None,
    into: UUID | None = None,
    fresh: bool = False,
    leave_out: Collection[str] = (),
    mine: Collection[str] = (),
    mends: Mapping[str, Mapping[str, str]] | None = None,
) -> Proposal:
    """Keeps what a person has decided so far: the title, the set to update, cards to leave out or to mend."""
    proposal.title = proposal.title if title is None else " ".join(title.split())[:200]
    proposal.into, proposal.fresh, proposal.wrong = into, fresh, ""
    proposal.decided = {"leave_out": sorted(leave_out), "mine": sorted(mine), "mends": dict(mends or {})}
    return _save(proposal, ("title", "into", "fresh", "decided", "wrong"))


@action
def _save(proposal: Proposal, fields: Collection[str]) -> Proposal:
    if not Proposal.objects.filter(id=proposal.id, accepted_at=None).update(**{name: getattr(proposal, name) for name in fields}):
        raise NotThere(_("This preview is not there any more, or was kept already."))
    return proposal


def accept(proposal: Proposal, *, now_ms: int, leave_out: Collection[str] | None = None, bundle: Bundle | None = None, plan: Plan | None = None) -> Report:
    """Keeps a proposal, all of it or nothing; a second time only says again what came of it.

    ``leave_out``: keys of cards that stay out, instead of those decided before. Raises ``NothingToKeep``.
    """
    if proposal.accepted_at is not None:
        return told(proposal.report)
    try:
        bundle = bundle or queries.bundle_of(proposal)
    except NotThere:
        if report := Proposal.objects.filter(id=proposal.id, accepted_at__isnull=False).values_list("report", flat=True).first():
            return told(report)
        raise
    # Planned before the transaction, so that others wait only for what is written; what changed meanwhile is planned again.
    plan = plan or queries.plan_of(proposal, bundle)
    left_out = set(proposal.decided.get("leave_out", ()) if leave_out is None else leave_out)
    mine = set(proposal.decided.get("mine", ()))
    ready = {} if bundle.extra.get("archive") else make_ready(proposal.owner, bundle, plan, now_ms=now_ms, leave_out=left_out, mine=mine)
    report = _accept(proposal, bundle, plan, left_out, ready, now_ms=now_ms)
    proposals.forget(proposal.id)
    return report


@action
def _accept(proposal: Proposal, bundle: Bundle, plan: Plan, leave_out: set[str], ready: Mapping[int, Prepared], *, now_ms: int) -> Report:
    row = Proposal.objects.select_for_update().select_related("owner").filter(id=proposal.id).first()
    if row is None:
        raise NotThere(_("This preview is not there any more. Nothing was changed; paste or choose the file again."))
    if row.accepted_at is not None:  # a double click
        return told(row.report)
    if (row.title, row.into, row.fresh, row.decided) != (proposal.title, proposal.into, proposal.fresh, proposal.decided) or not plan.stands(row.owner):
        plan, ready = queries.plan_of(row, bundle), {}
    if bundle.extra.get("archive"):
        report = _home(row, plan, now_ms=now_ms, leave_out=leave_out)
    else:
        report = keep(row.owner, bundle, plan, now_ms=now_ms, leave_out=leave_out, mine=set(row.decided.get("mine", ())), ready=ready)
    working.go_on()  # the last moment in which it can be cancelled
    row.accepted_at, row.report, row.decided, row.work = timezone.now(), report.json(), {}, ""
    row.save(update_fields=["accepted_at", "report", "decided", "work"])
    proposal.accepted_at, proposal.report = row.accepted_at, row.report
    return report


def _home(row: Proposal, plan: Plan, *, now_ms: int, leave_out: Collection[str]) -> Report:
    """A whole library comes home: not only its cards."""
    left_out = {str(line.note.extra["id"]) for line in plan.lines if line.key in leave_out}
    brought = homecoming.bring(row.owner, proposals.source(row.id), now_ms=now_ms, leave_out=left_out)
    decks = tuple(DeckReport(str(deck.id), deck.title, deck.description, list(deck.tags), *numbers) for deck, numbers in homecoming.counted(brought, row.owner))
    counts = {"new": brought.new["library.note"], "same": brought.there["library.note"], "changed": 0, "refused": 0}
    return Report(True, "kartoteka", decks, counts, plan.problems)


def discard(proposal: Proposal) -> None:
    """Takes a proposal away; nothing of it was kept. Work on it stops."""
    working.cancel(proposal.id)
    _discard([proposal.id])
    proposals.forget(proposal.id)


@action
def _discard(ids: Collection[UUID]) -> None:
    Proposal.objects.filter(id__in=ids, accepted_at=None).delete()


@action
def give_proposals(of: Person, to: Person) -> None:
    """What a guest was looking at is the account's they signed in to."""
    Proposal.objects.filter(owner=of).update(owner=to)


def _tidy(owner: Person) -> None:
    """Takes away what nobody decided: the oldest of this person, and everybody's of last week."""
    undecided = Proposal.objects.filter(accepted_at=None)
    late = list(undecided.filter(owner=owner).order_by("-made_at").values_list("id", flat=True)[UNDECIDED_AT_ONCE:])
    late += undecided.filter(made_at__lt=timezone.now() - timedelta(days=UNDECIDED_DAYS)).values_list("id", flat=True)
    if late:
        _discard(late)
        for id in late:
            proposals.forget(id)


def prune(*, now_s: float) -> int:
    """Takes away undecided proposals of last week, and folders that belong to none; returns how many proposals went."""
    before = timezone.now() - timedelta(days=UNDECIDED_DAYS)
    late = list(Proposal.objects.filter(accepted_at=None, made_at__lt=before).values_list("id", flat=True))
    _discard(late)
    known = {id.hex for id in Proposal.objects.filter(accepted_at=None).values_list("id", flat=True)}
    proposals.forget_others(known, older_than_s=86_400, now_s=now_s)
    return len(late)


def first_sets(owner: Person, *, now_ms: int) -> list[Deck]:
    """Brings in the ready sets of our own writing as public sets, each once: taken away, it stays away. Those that are there."""
    for one in READY:
        if not Proposal.objects.filter(owner=owner, name=one.source, accepted_at__isnull=False).exists():
            _first_set(propose(owner, name=one.source, bundle=one.bundle()), now_ms=now_ms)
    return queries.first_sets()


@action
def _first_set(proposal: Proposal, *, now_ms: int) -> None:
    accept(proposal, now_ms=now_ms)
    library.share(Deck.objects.get(owner=proposal.owner, source=proposal.name), Visibility.PUBLIC)


def write(
    deck: Deck, format: str, file: BinaryIO, options: Mapping[str, str] | None = None, *, learner: Person | None = None, now_ms: int | None = None
) -> None:
    """Writes a set to a file that other programs read. Who may do that is asked before. ``learner``: whose answers go along, where the format takes them."""
    part = queries.writer(format)
    bundle = queries.bundle_from(deck, learner, whole=getattr(part, "WHOLE", False), now_ms=now_ms or time.time_ns() // 1_000_000)
    part.write(bundle, file, dict(options or {}))


def write_all(person: Person, format: str, file: BinaryIO, options: Mapping[str, str] | None = None, *, now_ms: int) -> None:
    """Writes all sets of a person, with answers and media, to one file that other programs read. Raises ``NotThere`` where the format cannot hold them."""
    queries.whole_writer(format).write(everything.library_of(person, now_ms=now_ms), file, dict(options or {}))


__all__ = [
    "Report",
    "accept",
    "accept_later",
    "again",
    "compare",
    "decide",
    "discard",
    "first_sets",
    "give_proposals",
    "keep",
    "look",
    "propose",
    "prune",
    "read",
    "refused",
    "resume",
    "take",
    "write",
    "write_all",
]
