"""An answer comes in: asked again, graded, weighed, added to the log, and the memory moved. One code path for one and for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.appealing import OVERTURNABLE, kept_of, overturned
from kartoteka.engine.evidence import RECALL_KINDS, succeeds
from kartoteka.engine.grading import NotAnAnswer, grade
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Evidence
from kartoteka.library import queries as library
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.store.columns import uuid_of
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import Refusal, TooMuch
from kartoteka.store.writer import action
from kartoteka.study import rows
from kartoteka.study.books import Books
from kartoteka.study.clocks import corrected
from kartoteka.study.desks import entries_of, hands_on, paper_of
from kartoteka.study.facts import beside, proved, said, writable_given
from kartoteka.study.given import LONGEST_MS, MOST_AT_ONCE, Given, Told, not_too_long
from kartoteka.study.learners import at_the_desk
from kartoteka.study.log import MISTAKEN, NOBODY_KNOWS_YET, SHOWN, Entry, hand_number, response_of, standing
from kartoteka.study.models import Hand, Sitting
from kartoteka.study.refusals import NotAsked

WRITTEN = ("typed", "points")  # questions to which nothing written is no answer


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
        raise TooMuch(_("That is more than %(most)s answers at once. Send them in parts.") % {"most": in_figures(MOST_AT_ONCE)})
    learner = at_the_desk(learner, now_ms=now_ms, time_zone=time_zone)
    books = _Answers(learner, givens, now_ms=now_ms, offset_ms=0 if sent_ms is None else now_ms - sent_ms, time_zone=time_zone)
    told = {}
    for index in sorted(range(len(givens)), key=lambda i: (givens[i].client_ms, givens[i].id)):
        told[index] = books.take(givens[index])
    books.write()
    return [told[index] for index in range(len(givens))]


@action
def undo(learner: Person, sitting: Sitting, *, id: UUID, now_ms: int) -> Told | None:
    """Takes back the newest answer of a sitting that still stands; ``None``: there is none. Also long after the sitting's end."""
    together = [hand.number for hand in hands_on(sitting)]  # what was answered in them goes to and fro
    hands = Hand.objects.filter(learner=learner, sitting=sitting, dealt_ms__gt=0).order_by("-number").values_list("number", flat=True)
    for numbers in sorted({tuple(together) if number in together else (number,) for number in hands}, reverse=True):
        lying = list({entry.id: entry for number in numbers for entry in entries_of(sitting, number)}.values())
        if counted := standing(lying):
            last = counted[-1]
            gone = {entry.takes_back for entry in lying if entry.takes_back}
            spares = [e for e in lying if e.group == last.group and not e.undoes and e.id != last.id and e.id not in gone]
            backs = [Given(id, sitting.id, client_ms=now_ms, takes_back=last.id)]
            backs += [Given(uuid7(), sitting.id, client_ms=now_ms, takes_back=spare.id) for spare in spares]
            return answer_many(learner, backs, now_ms=now_ms)[0]
    return None


class _Answers(Books):
    """What each kind of answer comes to: given, overturned, taken back."""

    def take(self, given: Given) -> Told:
        """One answer. What is wrong with it is told; it never reaches the others."""
        given = writable_given(given)
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
        not_too_long(given.response.text)
        question, pool = self._question(sitting, given)
        if question.qtype in WRITTEN and not (given.response.unknown or given.response.ticks or given.response.text.strip()):
            raise NotAsked(_("Write something first, or say that you don’t know."))
        question, verdict = self.marks.judged(question, given.response)
        at_ms = corrected(given.client_ms, offset_ms=self.offset_ms, now_ms=self.now_ms)
        evidence = proved(sitting, question, verdict, given.response, at_ms)
        book = self.cards[uuid_of(question.item.id)]
        entry = Entry(
            id=given.id,
            card_id=book.card,
            sitting_id=sitting.id,
            question=given.question,
            at_ms=at_ms,
            took_ms=min(max(given.took_ms, 0), LONGEST_MS),
            outcome=verdict.score,
            response=said(given.response, verdict),
            evidence=evidence.facts() if evidence else {},
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
            if not back:
                self._show(entry, evidence, sitting, given)
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
        before = self.cards[target.card_id]
        if target.overturns:
            _as_asked, first = self.marks.judged(question, replace(said_then, ticks={}), but=target.group)
        else:
            _as_asked, first = self.marks.again(question, target)
        response = replace(said_then, ticks={} if given.to else {**said_then.ticks, **given.response.ticks})
        verdict = overturned(first, given.to) if given.to else grade(question, response)
        evidence = proved(sitting, question, verdict, response, target.at_ms)
        entry = target._replace(
            id=given.id,
            outcome=verdict.score,
            response=said(response, verdict) | ({"overturned": given.to} if given.to else {}),
            evidence=evidence.facts() if evidence else {},
            takes_back=target.id,
            verdict=verdict.label,
        )
        state = before.state
        self.backs[target.id] = entry
        self._keep(entry, sitting, given, deck=before.deck, hand=hand_number(target.question), qtype=question.qtype, verdict=verdict)
        quote = {"quote": True} if question.extra.get("quote") else {}
        self.new[-1]["judged"] = {"layer": verdict.layer, "overturned": {"id": str(target.id), **kept_of(first), **quote}}
        self.marks.settle(entry, self.new[-1]["judged"])
        self._count(before.deck, before.add([entry]), target.at_ms)
        self._take_back_beside(target, entry, sitting, given)
        self._show(entry, evidence, sitting, given)
        instead = pool.get(verdict.mistaken_for) if verdict.mistaken_for else None
        return Told(given.id, "stored", "", verdict, state, before.state, question, instead)

    def _intrude(self, other: Item, entry: Entry, sitting: Sitting, given: Given) -> None:
        """A row of its own on the card whose answer was given to another: half a miss, which its replay finds in its own log."""
        book = self._book(UUID(other.id), UUID(other.deck))
        evidence = Evidence("intrusion", 0.0, sitting.mode, at_ms=entry.at_ms, sitting=sitting.id.hex)
        row = Entry(beside(entry.id), book.card, None, MISTAKEN, entry.at_ms, 0, None, {"for": entry.card_id.hex}, evidence.facts(), None)
        if row.id not in self.used:
            self._keep(row, sitting, given, deck=book.deck, hand=-1, qtype="intrusion", verdict=None)
            book.add([row])

    def _show(self, entry: Entry, evidence: Evidence | None, sitting: Sitting, given: Given) -> None:
        """A row on each other card of the note, after a success: what they prove for the rest of the day is no news."""
        item = self.items.get(entry.card_id.hex)
        if item is None or not item.siblings or evidence is None or not succeeds(evidence):
            return
        until_ms = self.calendar.begins(self.calendar.day(entry.at_ms) + 1)
        for other in library.siblings_of(entry.card_id):
            row = Entry(beside(entry.id, other), other, None, SHOWN, entry.at_ms, 0, None, {"until": until_ms}, {}, None)
            if row.id not in self.used:
                self._keep(row, sitting, given, deck=UUID(item.deck), hand=-1, qtype=SHOWN, verdict=None)
                self._book(other, UUID(item.deck)).add([row])

    def _take_back_beside(self, target: Entry, back: Entry, sitting: Sitting, given: Given) -> None:
        """What an answer left on other cards goes with it."""
        item = self.items.get(target.card_id.hex)
        deck = UUID(item.deck) if item else NOBODY_KNOWS_YET
        for other in library.siblings_of(target.card_id) if item and item.siblings else ():
            id, taken = beside(target.id, other), beside(back.id, other)
            if taken in self.used or (id not in self.used and not any(rows.by_id([id]))):
                continue
            row = Entry(taken, other, None, SHOWN, back.at_ms, 0, None, {}, {}, id)
            self._keep(row, sitting, given, deck=deck, hand=-1, qtype="", verdict=None)
            self._book(other, deck).add([row])
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
        self.marks.drop(target_id)
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
