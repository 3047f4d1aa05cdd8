"""An answer comes in: asked again, graded, weighed, added to the log, and the memory moved. One code path for one and for many."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.appealing import OVERTURNABLE, To, kept_of, overturned
from kartoteka.engine.evidence import FACTS, LAST_RUNG, RECALL_KINDS
from kartoteka.engine.grading import LEARNER, NotAnAnswer, Verdict, grade
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Evidence, MemoryState
from kartoteka.engine.questions import Question, Response
from kartoteka.library import queries as library
from kartoteka.modes.base import Answered, Desk, card_of, find
from kartoteka.people import days
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import Refusal, TooMuch
from kartoteka.store.texts import writable
from kartoteka.store.writer import action
from kartoteka.study import rows
from kartoteka.study.accepting import judged_by
from kartoteka.study.cards import CardBook
from kartoteka.study.clocks import corrected
from kartoteka.study.desks import Pool, deck_of_card, entries_of, laid, paper_of, rules_of
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.log import MISTAKEN, NOBODY_KNOWS_YET, Entry, answered, hand_number, response_of, standing, turn_of
from kartoteka.study.models import Hand, Memory, Sitting
from kartoteka.study.own import model_of
from kartoteka.study.refusals import NotAsked
from kartoteka.study.sums import Sums

MOST_AT_ONCE = 500
LONGEST_MS = 86_400_000  # an answer that took longer than a day was left lying
LONGEST_TEXT = 20_000
MOST_TURNS = 1000  # a hand is over long before a card came up so often
Status = Literal["stored", "there", "refused"]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given: which question of which sitting, and what the learner did; or which answer it takes back.

    ``overturns``: the answer whose mark the learner settles otherwise: ``to`` right or wrong, else by the ticks of the response; ``accept``: what was written
    is right from now on.
    """

    id: UUID
    sitting: UUID
    question: str = ""
    response: Response = field(default_factory=Response)
    client_ms: int = 0
    took_ms: int = 0
    takes_back: UUID | None = None
    overturns: UUID | None = None
    to: To | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an answer. ``before`` and ``after``: the card's memory; ``why``: a sentence where it was not stored.

    ``question``: what was asked; ``instead``: the card whose answer was given instead; ``accepted``: for whom what was written is right from now on.
    """

    id: UUID
    status: Status
    why: str = ""
    verdict: Verdict | None = None
    before: MemoryState | None = None
    after: MemoryState | None = None
    question: Question | None = None
    instead: Item | None = None
    response: Response | None = None
    accepted: str = ""


@action
def answer(learner: Person, given: Given, *, now_ms: int, sent_ms: int | None = None, time_zone: str = "") -> Told:
    """Keeps one answer: a batch of one."""
    return answer_many(learner, [given], now_ms=now_ms, sent_ms=sent_ms, time_zone=time_zone)[0]


@action
def answer_many(learner: Person, givens: Sequence[Given], *, now_ms: int, sent_ms: int | None = None, time_zone: str = "") -> list[Told]:
    """Keeps answers, in the order of their own times, and says for each what became of it. One bad answer never spoils the others.

    ``sent_ms``: the device's clock when it sent them, so that a wrong clock can be corrected.
    """
    if len(givens) > MOST_AT_ONCE:
        raise TooMuch(_("That is more than %(most)d answers at once. Send them in parts.") % {"most": MOST_AT_ONCE})
    learner = at_the_desk(learner, now_ms=now_ms, time_zone=time_zone)
    books = _Books(learner, givens, now_ms=now_ms, offset_ms=0 if sent_ms is None else now_ms - sent_ms, time_zone=time_zone)
    told = {}
    for index in sorted(range(len(givens)), key=lambda i: (givens[i].client_ms, givens[i].id)):
        told[index] = books.take(givens[index])
    books.write()
    return [told[index] for index in range(len(givens))]


@action
def undo(learner: Person, sitting: Sitting, *, id: UUID, now_ms: int) -> Told | None:
    """Takes back the newest answer of a sitting that still stands; ``None``: there is none. Also long after the sitting's end."""
    hands = Hand.objects.filter(learner=learner, sitting=sitting, dealt_ms__gt=0).order_by("-number").values_list("number", flat=True)
    for number in hands:
        lying = entries_of(sitting, number)
        if counted := standing(lying):
            last = counted[-1]
            gone = {entry.takes_back for entry in lying if entry.takes_back}
            spares = [e for e in lying if e.group == last.group and not e.undoes and e.id != last.id and e.id not in gone]
            backs = [Given(id, sitting.id, client_ms=now_ms, takes_back=last.id)]
            backs += [Given(uuid7(), sitting.id, client_ms=now_ms, takes_back=spare.id) for spare in spares]
            return answer_many(learner, backs, now_ms=now_ms)[0]
    return None


class _Books:
    """The rows a batch of answers speaks of: read at once, moved in memory, written at once."""

    def __init__(self, learner: Person, givens: Sequence[Given], *, now_ms: int, offset_ms: int, time_zone: str) -> None:
        self.learner, self.now_ms, self.offset_ms = learner, now_ms, offset_ms
        self.time_zone = time_zone if time_zone in days.zones() else ""
        self.calendar, self.model = calendar_of(learner), model_of(learner)
        self._read_log(givens)
        self._read_hands(givens)
        self._read_cards(givens)
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
                decks[rows.uuid_of(card)] = deck_of_card(self.sittings[sitting], hand, card)
        self.items = library.items_known(decks)
        memories = rows.memories(self.learner, decks)
        near: dict[UUID, list[Entry]] = {card: [] for card in decks}
        lying = rows.near(self.learner, decks, self.sittings)
        card_of_answer = {entry.id: entry.card_id for entry in lying}
        for entry in lying:
            own = entry.card_id if entry.card_id in near else card_of_answer.get(entry.takes_back or entry.id, NOBODY_KNOWS_YET)
            near.get(own, []).append(entry)
        unread = rows.answered_before(self.learner, [card for card in decks if card not in memories])
        self.cards = {
            card: CardBook(self.learner, card, deck, self.calendar, model=self.model, kept=memories.get(card), near=near[card], unread=card in unread)
            for card, deck in decks.items()
        }

    def take(self, given: Given) -> Told:
        """One answer. What is wrong with it is told; it never reaches the others."""
        given = _writable(given)
        if given.id in self.used:
            if given.id in self.mine:
                return Told(given.id, "there", _("This answer was already there."))
            return Told(given.id, "refused", _("This id is taken. Every answer needs an id of its own."))
        try:
            if given.overturns:
                return self._overturn(given, given.overturns)
            return self._take_back(given, given.takes_back) if given.takes_back else self._answer(given)
        except (Refusal, NotAnAnswer) as refusal:
            return Told(given.id, "refused", str(refusal))

    def _answer(self, given: Given) -> Told:
        sitting = self._sitting(given)
        if len(given.response.text) > LONGEST_TEXT:
            raise NotAsked(_("That answer is longer than %(most)d characters. Write what matters of it.") % {"most": LONGEST_TEXT})
        question, pool = self._question(sitting, given)
        question, verdict = judged_by(self.learner.id, question, given.response)
        at_ms = corrected(given.client_ms, offset_ms=self.offset_ms, now_ms=self.now_ms)
        evidence = _proved(sitting, question, verdict, given.response, at_ms)
        book = self.cards[rows.uuid_of(question.item.id)]
        entry = Entry(
            id=given.id,
            card_id=book.card,
            sitting_id=sitting.id,
            question=given.question,
            at_ms=at_ms,
            took_ms=min(max(given.took_ms, 0), LONGEST_MS),
            outcome=verdict.score,
            response=said(given.response, verdict),
            evidence={name: getattr(evidence, name) for name in FACTS} if evidence else {},
            takes_back=None,
            verdict=verdict.label,
            mode=sitting.mode,
        )
        before = book.state
        back = self.backs.get(given.id)
        self._keep(entry, sitting, given, deck=book.deck, hand=hand_number(given.question), qtype=question.qtype, verdict=verdict)
        self._count(book.deck, book.add([entry, back] if back else [entry], proof=evidence), at_ms)
        instead = pool.get(verdict.mistaken_for) if verdict.mistaken_for else None
        if back or book.counts(entry.id):
            if instead is not None and not back and evidence is not None and evidence.kind in RECALL_KINDS:
                self._intrude(instead, entry, sitting, given)
            return Told(given.id, "stored", "", verdict, before, book.state, question, instead, given.response)
        why = _("This question was answered already; the first answer counts.")
        return Told(given.id, "there", why, verdict, before, book.state, question, instead, given.response)

    def _overturn(self, given: Given, target_id: UUID) -> Told:
        """The learner settles a mark otherwise: a new row stands in the answer's place, at its time, and keeps what was judged before."""
        sitting, target = self._sitting(given), self._latest(self.mine.get(target_id))
        if target is None or target.undoes or target.sitting_id != sitting.id or target.card_id not in self.cards:
            raise NotAsked(_("There is no such answer to overturn. It may have been taken back."))
        question, pool = self._question(sitting, replace(given, question=target.question))
        if question.qtype not in OVERTURNABLE and not (question.qtype == "match" and paper_of(sitting)):  # on a board a move is a move
            raise NotAsked(_("You judged this yourself. Take it back instead, and answer again."))
        said_then = response_of(target)
        before, first = self.cards[target.card_id], grade(question, replace(said_then, ticks={}))
        response = replace(said_then, ticks={} if given.to else {**said_then.ticks, **given.response.ticks})
        verdict = overturned(first, given.to) if given.to else grade(question, response)
        evidence = _proved(sitting, question, verdict, response, target.at_ms)
        entry = target._replace(
            id=given.id,
            outcome=verdict.score,
            response=said(response, verdict) | ({"overturned": given.to} if given.to else {}),
            evidence={name: getattr(evidence, name) for name in FACTS} if evidence else {},
            takes_back=target.id,
            verdict=verdict.label,
        )
        state = before.state
        self.backs[target.id] = entry
        self._keep(entry, sitting, given, deck=before.deck, hand=hand_number(target.question), qtype=question.qtype, verdict=verdict)
        self.new[-1]["judged"] = {"layer": verdict.layer, "overturned": {"id": str(target.id), **kept_of(first)}}
        self._count(before.deck, before.add([entry]), target.at_ms)
        self._take_back_beside(target, entry, sitting, given)
        instead = pool.get(verdict.mistaken_for) if verdict.mistaken_for else None
        return Told(given.id, "stored", "", verdict, state, before.state, question, instead)

    def _latest(self, entry: Entry | None) -> Entry | None:
        """The row that stands in an answer's place now; one that takes it back, if that is what came last."""
        while entry is not None:
            back = self.backs.get(entry.id) or next(iter(rows.that_take_back(self.learner, [entry.id])), None)
            if back is None:
                break
            entry = back
        return entry

    def _intrude(self, other: Item, entry: Entry, sitting: Sitting, given: Given) -> None:
        """A row of its own on the card whose answer was given to another: half a miss, which its replay finds in its own log."""
        book = self._book(UUID(other.id), UUID(other.deck))
        evidence = Evidence("intrusion", 0.0, sitting.mode, at_ms=entry.at_ms, sitting=sitting.id.hex)
        facts = {name: getattr(evidence, name) for name in FACTS}
        row = Entry(beside(entry.id), book.card, None, MISTAKEN, entry.at_ms, 0, None, {"for": entry.card_id.hex}, facts, None)
        if row.id not in self.used:
            self._keep(row, sitting, given, deck=book.deck, hand=-1, qtype="intrusion", verdict=None)
            book.add([row])

    def _book(self, card: UUID, deck: UUID) -> CardBook:
        if card not in self.cards:
            kept = rows.memories(self.learner, [card]).get(card)
            unread = kept is None and card in rows.answered_before(self.learner, [card])
            self.cards[card] = CardBook(self.learner, card, deck, self.calendar, model=self.model, kept=kept, near=(), unread=unread)
        return self.cards[card]

    def _take_back_beside(self, target: Entry, back: Entry, sitting: Sitting, given: Given) -> None:
        """What an answer left on another card goes with it."""
        found = next((entry for owner, entry in rows.by_id([beside(target.id)]) if owner == self.learner.id), None)
        if found is None or beside(back.id) in self.used or any(rows.that_take_back(self.learner, [found.id])):
            return
        book = self._book(found.card_id, sitting.deck_id or NOBODY_KNOWS_YET)
        row = Entry(beside(back.id), found.card_id, None, MISTAKEN, back.at_ms, 0, None, {}, {}, found.id)
        self._keep(row, sitting, given, deck=book.deck, hand=-1, qtype="", verdict=None)
        book.add([row])

    def _take_back(self, given: Given, target_id: UUID) -> Told:
        sitting = self._sitting(given)
        target = self.mine.get(target_id)
        if (target is None and target_id in self.used) or (target and (target.undoes or target.sitting_id != sitting.id)):
            raise NotAsked(_("There is no such answer to take back."))
        if target_id in self.backs:
            last = self._latest(self.backs[target_id])
            if target and last and last.overturns:  # what stands in its place goes
                target, target_id = last, last.id
        if target_id in self.backs:
            return Told(given.id, "there", _("This answer was taken back already."))
        at_ms = corrected(given.client_ms, offset_ms=self.offset_ms, now_ms=self.now_ms)
        book = self.cards.get(target.card_id) if target else None
        card = book.card if book else NOBODY_KNOWS_YET
        entry = Entry(given.id, card, sitting.id, "", at_ms, 0, None, {}, {}, target_id)
        self.backs[target_id] = entry
        hand = hand_number(target.question) if target else -1
        deck = book.deck if book else sitting.deck_id or NOBODY_KNOWS_YET
        self._keep(entry, sitting, given, deck=deck, hand=hand, qtype="", verdict=None)
        if book is None:
            return Told(given.id, "stored")
        before = book.state
        assert target is not None
        self._count(book.deck, book.add([entry]), target.at_ms)
        self._take_back_beside(target, entry, sitting, given)
        self.back_on[sitting.id] = hand
        return Told(given.id, "stored", "", None, before, book.state)

    def _sitting(self, given: Given) -> Sitting:
        sitting = self.sittings.get(given.sitting)
        if sitting is None:
            raise NotAsked(_("This sitting is not there. Open the set again; what was saved stays saved."))
        return sitting

    def _question(self, sitting: Sitting, given: Given) -> tuple[Question, Mapping[str, Item]]:
        """The question again, as the desk asks it: of its card alone first, which needs one item; else of the whole hand. And the pool it was drawn from."""
        hand = self.hands.get((sitting.id, hand_number(given.question)))
        card = card_of(given.question)
        if hand is None or card not in hand.cards:
            raise NotAsked(_("This sitting does not ask that question. Load the page again; what was saved stays saved."))
        if paper := paper_of(sitting):
            return _on_paper(paper, given.question), Pool(sitting, hand, self.items)
        if card not in self.items:
            raise NotAsked(_("This card is no longer in the set."))
        near = [entry for entry in self.cards[rows.uuid_of(card)].near if entry.sitting_id == sitting.id]
        ask, desk = rules_of(sitting.mode).ask, self._desk(sitting, hand)
        found = _asked(ask, desk, answered(standing(near)), given.question)
        if found is None:  # a question that more than its own card decides
            everything = {entry.id: entry for entry in (*entries_of(sitting, hand.number), *near)}
            lying = answered(standing(everything.values()))
            found = find(ask, replace(desk, answered=_before(given.question, lying)), given.question)
        if found is None:
            raise NotAsked(_("This sitting does not ask that question. Load the page again; what was saved stays saved."))
        return found, desk.items

    def _desk(self, sitting: Sitting, hand: Hand) -> Desk:
        """The desk of a hand before any answer, laid once for all answers to it."""
        place = sitting.id, hand.number
        if place not in self.desks:
            self.desks[place] = laid(sitting, hand, Pool(sitting, hand, self.items), ())
        return self.desks[place]

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

    def _sums(self) -> Sums:
        """By how much this batch changed the sums of the days."""
        sums = Sums()
        for book in self.cards.values():
            sums.merge(book.sums)
        return sums

    def write(self) -> None:
        """Everything that moved, in a statement a table."""
        if not self.new:
            return
        rows.add_reviews(self.new)
        moved = [book for book in self.cards.values() if book.moved]
        if gone := [book.card for book in moved if book.kept and book.state is None]:
            Memory.objects.filter(learner=self.learner, card_id__in=gone).delete()
        kept = {book.card: (book.deck, book.state, book.upto_ms, book.due_ms) for book in moved if book.state}
        rows.save_memories(self.learner, kept, known={book.card for book in moved if book.kept})
        for deck, (answers, took_ms, first_ms, last_ms) in self.progress.items():
            rows.add_progress(self.learner, deck, answers=answers, took_ms=took_ms, first_ms=first_ms, last_ms=last_ms)
        rows.add_sums(self.learner, self._sums().moved())
        rows.touch_sittings(self.learner, {review["sitting_id"] for review in self.new if review["sitting_id"]}, self.now_ms)
        for sitting_id, hand in self.back_on.items():
            Sitting.objects.filter(learner=self.learner, id=sitting_id).update(hand=hand, over_ms=None)


def _on_paper(paper: Iterable[Question], question: str) -> Question:
    """The question as it was frozen, whatever became of its card."""
    found = next((one for one in paper if one.id == question), None)
    if found is None:
        raise NotAsked(_("This sitting does not ask that question. Load the page again; what was saved stays saved."))
    return found


def _asked(ask: Callable[[Desk], Sequence[Question]], desk: Desk, lying: Sequence[Answered], question: str) -> Question | None:
    """The question on a desk of its card alone, after the earlier turns that are known; else after as many misses.

    An earlier turn may not have arrived yet, or another device has answered it otherwise: after a miss every mode asks again.
    """
    alone = (card_of(question),)
    for known in (lying, ()):
        if found := next((one for one in ask(replace(desk, hand=alone, answered=_before(question, known))) if one.id == question), None):
            return found
    return None


def _before(question: str, lying: Sequence[Answered]) -> tuple[Answered, ...]:
    """A desk's answers as they were when this question came up: of its card the earlier turns, those unknown as misses."""
    card, turn = card_of(question), turn_of(question)
    known = {answer.turn: answer for answer in lying if answer.card == card}
    stem = question.rpartition(".")[0]
    own = (known.get(n) or Answered(f"{stem}.{n}", card, 0.0, 1, True, 0, n) for n in range(min(turn, MOST_TURNS)))
    return (*own, *(answer for answer in lying if answer.card != card))


def _proved(sitting: Sitting, question: Question, verdict: Verdict, response: Response, at_ms: int) -> Evidence | None:
    """What an answer proves, with when and where it was given."""
    evidence: Evidence | None = rules_of(sitting.mode).weigh(question, verdict)
    if evidence is None:
        return None
    hints = max(evidence.hint_rungs, min(response.hints, LAST_RUNG))
    return replace(evidence, at_ms=at_ms, sitting=sitting.id.hex, mode=sitting.mode, hint_rungs=hints)


def judged_of(verdict: Verdict) -> dict[str, Any]:
    """How a verdict came about, as far as a ladder of judging was climbed: a learner's own judgement needs no more than itself."""
    if verdict.layer == LEARNER:
        return {}
    return {"layer": verdict.layer, "confidence": verdict.confidence, **({"features": dict(verdict.features)} if verdict.features else {})}


def _writable(given: Given) -> Given:
    """The same answer as every database writes it."""
    said = given.response
    if not (said.text or said.choice or said.pairs or said.ticks):
        return given
    plain = replace(said, text=writable(said.text), choice=writable(said.choice), pairs=_each(said.pairs), ticks=_each(said.ticks))
    return given if plain == said else replace(given, response=plain)


def _each(said: Mapping[str, str]) -> dict[str, str]:
    return {writable(name): writable(value) for name, value in said.items()}


def said(response: Response, verdict: Verdict) -> dict[str, Any]:
    """What was said, without what was not: a look at a card keeps an empty answer. And of the verdict what later questions go by."""
    kept = {name: getattr(response, name) for name in ("rating", "text", "choice", "flipped", "hints", "unknown", "pairs", "ticks")}
    kept |= {"missed": [place for place, point in enumerate(verdict.points) if point.mark != "covered"] or _unticked(response)}
    return {name: value for name, value in kept.items() if value}


def _unticked(response: Response) -> list[int]:
    """The points that the learner did not tick, where no one else marked them."""
    return sorted(int(place) for place, mark in response.ticks.items() if mark != "covered" and place.isascii() and place.isdigit())


def beside(id: UUID) -> UUID:
    """The id of what an answer leaves on another card: always the same for the same answer."""
    digest = int.from_bytes(hashlib.sha256(b"beside" + id.bytes).digest()[:8], "big")
    return UUID(int=(id.int >> 80 << 80) | 0x7 << 76 | (digest >> 62 & 0xFFF) << 64 | 0b10 << 62 | digest & ((1 << 62) - 1))


def asked_again(sitting: Sitting, hand: Hand, question: str, near: Iterable[Entry], items: Mapping[str, Item]) -> Question | None:
    """The question of an answer that was given, as it was asked then."""
    ask, desk = rules_of(sitting.mode).ask, laid(sitting, hand, Pool(sitting, hand, items), near)
    return _asked(ask, desk, desk.answered, question) or find(ask, replace(desk, answered=_before(question, desk.answered)), question)
