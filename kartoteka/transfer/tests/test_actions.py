"""Propose, look, accept: all of it or nothing, and again without doubling."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from kartoteka.formats.base import Unreadable
from kartoteka.library import access, adding
from kartoteka.library import actions as library
from kartoteka.library import queries as library_queries
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere, TooMuch
from kartoteka.transfer import actions, keeping, proposals, queries
from kartoteka.transfer.actions import NothingToKeep
from kartoteka.transfer.models import Proposal

pytestmark = pytest.mark.django_db
NOW = 1_764_000_000_000
CELLS = b"Osmosis\tWater moves\nDiffusion\tParticles spread\nEnzyme\tMakes it faster\n"


def terms(deck: Deck) -> list[str]:
    return [note.term_text for note in library_queries.notes_of(deck)]


def brought(owner: Person, data: bytes = CELLS, **more: Any) -> actions.Report:
    return actions.accept(actions.propose(owner, name="cells.txt", data=data, **more), now_ms=NOW)


def test_a_proposal_changes_nothing_until_it_is_accepted(anna: Person) -> None:
    proposal = actions.propose(anna, data=CELLS)
    assert not access.decks_of(anna).exists()
    assert proposals.source(proposal.id).read_bytes() == CELLS
    report = actions.accept(proposal, now_ms=NOW)
    assert report.counts == {"new": 3, "same": 0, "changed": 0, "refused": 0}
    assert terms(access.decks_of(anna).get()) == ["Osmosis", "Diffusion", "Enzyme"]
    assert not proposals.folder(proposal.id).exists()


def test_the_same_again_updates_instead_of_doubling(anna: Person) -> None:
    first = brought(anna, title="Cells")
    again = brought(anna, CELLS.replace(b"Water moves", b"Water moves through a membrane") + b"Ribosome\tBuilds proteins\n", title="Cells")
    assert again.counts == {"new": 1, "same": 2, "changed": 1, "refused": 0}
    assert again.decks[0].id == first.decks[0].id
    assert len(terms(access.decks_of(anna).get())) == 4


def test_a_set_is_compared_once_when_it_is_updated(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    brought(anna, title="Cells")
    looks: list[Deck] = []

    class Counted(adding.Pairs):
        def __init__(self, deck: Deck) -> None:
            looks.append(deck)
            super().__init__(deck)

    monkeypatch.setattr(adding, "Pairs", Counted)
    assert brought(anna, CELLS.replace(b"Water moves", b"Water"), title="Cells").counts == {"new": 0, "same": 2, "changed": 1, "refused": 0}
    assert len(looks) == 1


def test_too_much_is_said_before_a_card_is_made_ready(anna: Person, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, values={**settings.ENVIRONMENT.values, "KARTOTEKA_ACCOUNT_CARDS": 2})
    proposal = actions.propose(anna, data=CELLS)
    bundle = queries.bundle_of(proposal)
    said = "That would be 3 more cards. You can keep 2 here, and 2 are left."
    assert queries.too_much(proposal, bundle, queries.plan_of(proposal, bundle)).startswith(said)
    with monkeypatch.context() as at_once:
        at_once.setattr(library, "make_ready", None)
        with pytest.raises(TooMuch, match=said):
            actions.accept(proposal, now_ms=NOW)
    plan = queries.plan_of(proposal, bundle)
    assert queries.too_much(actions.decide(proposal, leave_out=[plan.decks[0].lines[0].key]), bundle, plan) == ""
    assert actions.accept(proposal, now_ms=NOW).counts["new"] == 2


def test_what_the_new_file_lacks_stays(anna: Person) -> None:
    brought(anna, title="Cells")
    brought(anna, b"Osmosis\tWater moves\n", title="Cells")
    assert terms(access.decks_of(anna).get()) == ["Osmosis", "Diffusion", "Enzyme"]


def test_a_changed_card_keeps_its_id_and_so_its_answers(anna: Person) -> None:
    brought(anna, title="Cells")
    before = Note.objects.get(term_text="Osmosis").id
    brought(anna, CELLS.replace(b"Water moves", b"Other"), title="Cells")
    assert Note.objects.get(term_text="Osmosis").id == before


def test_accepting_twice_counts_once(anna: Person) -> None:
    proposal = actions.propose(anna, data=CELLS)
    same = Proposal.objects.get(id=proposal.id)
    first = actions.accept(proposal, now_ms=NOW)
    assert actions.accept(same, now_ms=NOW).decks == first.decks
    assert actions.accept(Proposal.objects.get(id=proposal.id), now_ms=NOW).counts == first.counts
    assert access.decks_of(anna).count() == 1


def test_an_error_in_the_middle_leaves_nothing(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = actions.propose(anna, data=CELLS)

    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(keeping, "_adopt", fail)
    with pytest.raises(RuntimeError):
        actions.accept(proposal, now_ms=NOW)
    assert not Deck.objects.exists()
    assert not Note.objects.exists()
    assert Proposal.objects.get(id=proposal.id).accepted_at is None
    monkeypatch.undo()
    assert actions.accept(proposal, now_ms=NOW).counts["new"] == 3


def test_cards_may_be_left_out_kept_as_mine_or_mended(anna: Person) -> None:
    brought(anna, title="Cells")
    proposal = actions.propose(anna, data=b"Osmosis\tOther\nRibosome\t\nVacuole\tStore\nCilium\tHair\n", title="Cells")
    actions.decide(proposal, title="Cells", leave_out=["0.2"], mine=["0.0"], mends={"0.1": {"definition": "Builds"}})
    report = actions.accept(Proposal.objects.get(id=proposal.id), now_ms=NOW)
    assert report.counts == {"new": 2, "same": 1, "changed": 0, "refused": 0}
    assert terms(access.decks_of(anna).get()) == ["Osmosis", "Diffusion", "Enzyme", "Ribosome", "Cilium"]
    assert Note.objects.get(term_text="Osmosis").definition_text == "Water moves"


def test_where_nothing_can_be_kept_nothing_is(anna: Person) -> None:
    proposal = actions.propose(anna, data=CELLS)
    with pytest.raises(NothingToKeep):
        actions.accept(proposal, now_ms=NOW, leave_out=["0.0", "0.1", "0.2"])
    assert not Deck.objects.exists()


def test_other_switches_read_the_same_bytes_anew(anna: Person) -> None:
    proposal = actions.propose(anna, data=b"a,b\tc\nd,e\tf\n")
    assert queries.bundle_of(proposal).decks[0].notes[0].fields["definition"] == "c"
    actions.again(proposal, {"between": "comma"})
    assert queries.bundle_of(proposal).decks[0].notes[0].fields["term"] == "a"
    assert Proposal.objects.get(id=proposal.id).options == {"between": "comma"}


@pytest.mark.parametrize("data", [b"", b" \n ", b"\xef\xbb\xbf"])
def test_nothing_is_refused_and_leaves_no_trace(anna: Person, data: bytes) -> None:
    with pytest.raises(Unreadable):
        actions.propose(anna, data=data)
    assert not Proposal.objects.exists()
    assert not any((Path(settings.DATA) / "proposals").glob("*"))


def test_a_proposal_is_its_owner_s_alone(anna: Person, cleo: Person) -> None:
    proposal = actions.propose(anna, data=CELLS)
    assert queries.proposal_of(anna, proposal.id) == proposal
    for other in (cleo, None):
        with pytest.raises(NotThere):
            queries.proposal_of(other, proposal.id)


def test_a_discarded_proposal_is_gone_with_its_bytes(anna: Person) -> None:
    proposal = actions.propose(anna, data=CELLS)
    actions.discard(proposal)
    assert not proposals.folder(proposal.id).exists()
    with pytest.raises(NotThere):
        actions.accept(proposal, now_ms=NOW)


def test_undecided_proposals_do_not_pile_up(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "UNDECIDED_AT_ONCE", 2)
    made = [actions.propose(anna, data=CELLS) for _ in range(4)]
    assert list(Proposal.objects.order_by("made_at")) == made[2:]
    assert not proposals.folder(made[0].id).exists()


def test_what_a_kill_left_behind_is_taken_away(anna: Person) -> None:
    kept = actions.propose(anna, data=CELLS)
    lost = proposals.keep_source(Deck().id, CELLS)
    actions.prune(now_s=time.time() + 2 * 86_400)
    assert not lost.exists()
    assert proposals.source(kept.id).exists()


def test_the_ready_set_comes_once_and_is_public(anna: Person, cleo: Person) -> None:
    decks = actions.first_sets(anna, now_ms=NOW)
    assert [(deck.term_lang, deck.definition_lang) for deck in decks] == [("en", "en"), ("de", "de")]
    assert actions.first_sets(anna, now_ms=NOW) == decks
    shapes = []
    for deck in decks:
        notes = library_queries.notes_of(deck)
        assert notes.count() == 24
        assert access.deck_to_study(cleo, deck.id) == deck
        shapes.append([(note.definition.count("<ul>"), note.definition.count("<li>")) for note in notes])
    assert shapes[0] == shapes[1], "card for card the same set"
    library.bin_deck(decks[0])
    assert actions.first_sets(anna, now_ms=NOW) == decks[1:]


def test_the_real_page_comes_in_exactly(anna: Person, samples: Path) -> None:
    report = brought(anna, (samples / "formats" / "knowt_seed" / "seed_000.txt").read_bytes())
    assert (report.format, report.counts["new"], report.decks[0].title) == ("knowt", 32, "Stalin rise to power")


@pytest.mark.django_db(transaction=True)
def test_accepting_through_the_writer_commits_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = Person.objects.create(name=f"Anna {random.randrange(10**9)}")
    proposal = actions.propose(owner, data=CELLS)
    monkeypatch.setattr(keeping, "_adopt", lambda *args, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.accept(proposal, now_ms=NOW)
    actions._discard([])  # the writer answers this only after what failed is rolled back
    assert not Deck.objects.exists()
    monkeypatch.undo()
    assert actions.accept(proposal, now_ms=NOW).counts["new"] == 3
    assert (Deck.objects.count(), Note.objects.count()) == (1, 3)
