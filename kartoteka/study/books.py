"""The rows that a batch of answers speaks of: read at once, moved in memory, written at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Item
from kartoteka.engine.memory import MemoryState
from kartoteka.engine.questions import Question
from kartoteka.library import queries as library
from kartoteka.modes.base import Desk, card_of
from kartoteka.people import days
from kartoteka.people.models import Person
from kartoteka.store.columns import uuid_of
from kartoteka.study import rows, tallies
from kartoteka.study.accepting import Marks
from kartoteka.study.asked import not_asked, question_on, question_on_paper
from kartoteka.study.cards import CardBook
from kartoteka.study.desks import FROM_HAND, Pool, deck_of_card, laid
from kartoteka.study.facts import judged_of
from kartoteka.study.given import Given
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import NOBODY_KNOWS_YET, Entry, hand_number
from kartoteka.study.models import Memory, Sitting
from kartoteka.study.own import model_of
from kartoteka.study.refusals import NotAsked
from kartoteka.study.summing import Sums


class Books:
    """What is there already, and what comes to it. Which rows an answer makes is not known here."""

    def __init__(self, learner: Person, givens: Sequence[Given], *, now_ms: int, offset_ms: int, time_zone: str) -> None:
        self.learner, self.now_ms, self.offset_ms = learner, now_ms, offset_ms
        self.time_zone = time_zone if time_zone in days.zones() else ""
        self.calendar, self.model = calendar_of(learner), model_of(learner)
        self.sums = Sums()  # by how much what counts has changed the sums of the days
        self._read_log(givens)
        self._read_hands(givens)
        self._read_cards(givens)
        self.marks = Marks(learner.id, self.cards)
        self.new: list[dict[str, Any]] = []  # rows for the log
        self.progress: dict[UUID, list[int]] = {}  # deck → [answers more, took_ms more, first_ms, last_ms]
        self.desks: dict[tuple[UUID, int], Desk] = {}
        self.back_on: dict[UUID, int] = {}  # sitting → the hand that an undone answer lies in

    def _read_log(self, givens: Sequence[Given]) -> None:
        ids = {given.id for given in givens}
        ids |= {target for given in givens for target in (given.takes_back, given.overturns) if target}
        found = rows.speaking_of(self.learner, ids)
        self.used = {entry.id for _owner, entry in found if entry.id in ids}  # also another learner's: an id is used once
        self.mine = {entry.id: entry for owner, entry in found if entry.id in ids and owner == self.learner.id}
        self.backs = {entry.takes_back: entry for owner, entry in found if entry.takes_back in ids and owner == self.learner.id}

    def _read_hands(self, givens: Sequence[Given]) -> None:
        numbers = {hand_number(given.question) for given in givens if given.question}
        numbers |= {hand_number(entry.question) for entry in self.mine.values()}
        self.sittings, self.hands = rows.sittings(self.learner, {given.sitting for given in givens}, numbers)

    def _read_cards(self, givens: Sequence[Given]) -> None:
        asked = [(given.sitting, given.question) for given in givens if given.question]
        asked += [(entry.sitting_id, entry.question) for entry in self.mine.values() if entry.sitting_id]
        decks: dict[UUID, UUID] = {}
        for sitting, question in asked:
            hand, card = self.hands.get((sitting, hand_number(question))), card_of(question)
            if hand and card in hand.cards:
                decks[uuid_of(card)] = deck_of_card(self.sittings[sitting], hand, card)
        self.items = library.items_known(decks)
        memories = rows.memories(self.learner, decks)
        self.cards = {card: self._opened(card, deck, memories.get(card)) for card, deck in decks.items()}
        lying = rows.near(self.learner, decks, self.sittings)
        early = [entry for entry in lying if entry.card_id == NOBODY_KNOWS_YET]
        card_of_answer = {entry.id: entry.card_id for entry in lying} if early else {}
        for entry in lying:
            own = self.cards.get(card_of_answer.get(entry.takes_back or entry.id, NOBODY_KNOWS_YET) if entry in early else entry.card_id)
            if own is not None:
                own.near.append(entry)
        for known in rows.answered_before(self.learner, [book.card for book in self.cards.values() if not book.kept]):
            self.cards[known].unread = True

    def _opened(self, card: UUID, deck: UUID, kept: tuple[MemoryState, int] | None) -> CardBook:
        return CardBook(self.learner, card, deck, self.calendar, model=self.model, kept=kept, sums=self.sums, alone=self._alone(card))

    def _alone(self, card: UUID) -> bool:
        item = self.items.get(card.hex)
        return item is not None and item.siblings == 0

    def _book(self, card: UUID, deck: UUID) -> CardBook:
        if card not in self.cards:
            book = self.cards[card] = self._opened(card, deck, rows.memories(self.learner, [card]).get(card))
            book.unread = not book.kept and card in rows.answered_before(self.learner, [card])
        return self.cards[card]

    def _latest(self, entry: Entry | None) -> Entry | None:
        """The row that stands in an answer's place now; one that takes it back, if that is what came last."""
        while entry is not None:
            back = self.backs.get(entry.id) or next(iter(rows.that_take_back(self.learner, [entry.id])), None)
            if back is None:
                break
            entry = back
        return entry

    def _sitting(self, given: Given) -> Sitting:
        sitting = self.sittings.get(given.sitting)
        if sitting is None:
            raise NotAsked(_("This sitting is not there. Open the set again; what was saved stays saved."))
        return sitting

    def _question(self, sitting: Sitting, given: Given) -> tuple[Question, Mapping[str, Item]]:
        """The question again, and the pool it was drawn from."""
        place, card = (sitting.id, hand_number(given.question)), card_of(given.question)
        desk = self.desks.get(place) or self._desk(sitting, place)
        if desk is None or card not in desk.hand:
            raise not_asked()
        if desk.paper:
            return question_on_paper(desk.paper, given.question), desk.items
        if card not in self.items:
            raise NotAsked(_("This card is no longer in the set."))
        near = [entry for entry in self.cards[uuid_of(card)].near if entry.sitting_id == sitting.id]
        return question_on(desk, sitting, near, given.question), desk.items

    def _desk(self, sitting: Sitting, place: tuple[UUID, int]) -> Desk | None:
        """The desk of a hand before any answer, laid once for all answers to it; ``None``: no such hand was dealt."""
        hand = self.hands.get(place)
        if hand is None:
            return None
        desk = self.desks[place] = laid(sitting, hand, Pool(sitting, hand, self.items), ())
        return desk

    def _count(self, deck: UUID, grown: tuple[int, int], at_ms: int) -> None:
        more = self.progress.setdefault(deck, [0, 0, at_ms, at_ms])
        more[0], more[1] = more[0] + grown[0], more[1] + grown[1]
        more[2], more[3] = min(more[2], at_ms), max(more[3], at_ms)

    def _keep(self, entry: Entry, sitting: Sitting, given: Given, *, deck: UUID, hand: int, qtype: str, verdict: Verdict | None) -> None:
        self.used.add(entry.id)
        self.mine[entry.id] = entry
        self.new.append(
            {
                **entry._asdict(),
                "learner_id": self.learner.id,
                "deck_id": deck,
                "hand": hand,
                "mode": sitting.mode,
                "qtype": qtype,
                "client_ms": given.client_ms,
                "received_ms": self.now_ms,
                "offset_ms": self.offset_ms,
                "time_zone": self.time_zone or self.learner.time_zone,
                "day": self.calendar.day(entry.at_ms),
                "verdict": verdict.label if verdict else "",
                "judged": judged_of(verdict) if verdict else {},
                "mistaken_for": UUID(verdict.mistaken_for) if verdict and verdict.mistaken_for else None,
            }
        )

    def write(self) -> None:
        """Everything that moved, in a statement a table."""
        if not self.new:
            return
        rows.add_reviews(self.new)
        moved = [book for book in self.cards.values() if book.moved]
        if gone := [book.card for book in moved if book.kept and book.state is None]:
            Memory.objects.filter(learner=self.learner, card_id__in=gone).delete()
        rows.save_memories(self.learner, [(book.card, book.deck, book.state, book.upto_ms, book.due_ms, book.first_ms) for book in moved if book.state])
        for deck, (answers, took_ms, first_ms, last_ms) in self.progress.items():
            tallies.add_progress(self.learner, deck, answers=answers, took_ms=took_ms, first_ms=first_ms, last_ms=last_ms)
        tallies.add_sums(self.learner, self.sums.moved())
        late = {review["deck_id"] for review in self.new if review["at_ms"] < self.now_ms - tallies.SETTLED_MS}
        tallies.drop_sheets(self.learner, late)
        rows.touch_sittings(self.learner, {review["sitting_id"] for review in self.new if review["sitting_id"]}, self.now_ms)
        for sitting_id, hand in self.back_on.items():
            lies = hand >= self.sittings[sitting_id].extra.get(FROM_HAND, hand + 1)  # beside the one on the desk
            Sitting.objects.filter(learner=self.learner, id=sitting_id).update(over_ms=None, **({} if lies else {"hand": hand}))
