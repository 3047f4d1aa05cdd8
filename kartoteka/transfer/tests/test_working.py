"""Work in the background says how far it is, stops when it is asked to, and leaves nothing half done."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.transfer import actions, proposals, working
from kartoteka.transfer.models import Proposal

TABLE = b"term,definition\n" + b"".join(b"word %d,meaning %d\n" % (n, n) for n in range(700))


def test_work_runs_apart_and_its_progress_can_be_seen() -> None:
    id, seen, go = uuid7(), [], threading.Event()
    proposals.folder(id).mkdir(parents=True)

    def work() -> None:
        working.tell("keeping", 30, 40)
        seen.append(working.progress_of(id))
        go.wait(5)

    assert working.start(id, work)
    assert not working.start(id, work)
    go.set()
    assert working.settled(id, patience_s=5)
    assert [(progress.step, progress.percent) for progress in seen] == [("keeping", 75)]


def test_work_that_is_cancelled_stops_at_its_next_look_and_its_folder_goes() -> None:
    id, begun, stopped = uuid7(), threading.Event(), []
    proposals.folder(id).mkdir(parents=True)

    def work() -> None:
        begun.set()
        try:
            for _ in range(500):
                threading.Event().wait(0.01)
                working.go_on()
        except working.Cancelled:
            stopped.append(True)
            raise

    working.start(id, work)
    assert begun.wait(5)
    working.cancel(id)
    assert working.settled(id, patience_s=5)
    assert stopped
    assert not proposals.folder(id).exists()


def test_nobody_is_watched_where_nothing_runs_in_the_background() -> None:
    working.go_on()
    working.tell("reading")
    numbers: list[int] = []
    assert list(working.Watched.over(range(600), numbers.append)) == list(range(600))
    assert numbers == [0, 250, 500]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is done where it is asked for, since another thread would not see what a test has not committed."""
    monkeypatch.setattr(working, "start", lambda _id, work: work())


def test_a_large_file_is_read_and_kept_in_the_background(anna: Person, at_once: None) -> None:
    proposal = actions.take(anna, name="words.csv", pieces=[TABLE[:99], TABLE[99:]])
    proposal.refresh_from_db()
    assert (proposal.work, proposal.format, proposal.size) == ("", "csv", len(TABLE))
    actions.accept_later(proposal)
    proposal.refresh_from_db()
    assert proposal.report["counts"]["new"] == 700
    assert proposal.work == ""


def test_a_large_file_that_cannot_be_read_says_why(anna: Person, at_once: None) -> None:
    proposal = actions.take(anna, name="x.bin", pieces=[b"\0\1\2" * 1000])
    proposal.refresh_from_db()
    assert proposal.format == ""
    assert "This is not text" in proposal.wrong


def test_what_was_open_when_the_server_stopped_is_taken_up_again(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "start", lambda _id, _work: False)  # killed before it began
    reading = actions.take(anna, name="words.csv", pieces=[TABLE])
    keeping = actions.propose(anna, name="few.csv", data=b"term,definition\na,b\n")
    actions.accept_later(keeping)
    monkeypatch.setattr(working, "start", lambda _id, work: work())
    assert actions.resume() == 2
    reading.refresh_from_db()
    assert (reading.work, reading.format) == ("", "csv")
    assert Deck.objects.filter(owner=anna).count() == 1
    assert actions.resume() == 0


def test_keeping_that_is_cancelled_keeps_nothing(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = tuple(BundleNote({"term": f"word {n}", "definition": "d"}) for n in range(600))
    proposal = actions.propose(anna, name="words", bundle=Bundle("text", (BundleDeck("Words", notes),)))
    looks = iter(range(100))

    def go_on() -> None:
        if next(looks) == 2:
            raise working.Cancelled

    monkeypatch.setattr(working, "go_on", go_on)
    with pytest.raises(working.Cancelled):
        actions.accept(proposal, now_ms=1)
    assert not Deck.objects.exists()
    assert Proposal.objects.get().accepted_at is None


def test_who_throws_it_away_stops_the_work(anna: Person) -> None:
    proposal = actions.propose(anna, name="few.csv", data=b"term,definition\na,b\n")
    begun, ended = threading.Event(), []

    def work() -> None:
        begun.set()
        for _ in range(500):
            threading.Event().wait(0.01)
            working.go_on()
        ended.append(True)

    working.start(proposal.id, partial(work))
    assert begun.wait(5)
    actions.discard(proposal)
    assert working.settled(proposal.id, patience_s=5)
    assert not ended
