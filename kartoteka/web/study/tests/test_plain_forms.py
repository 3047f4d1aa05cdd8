"""Every mode works as plain forms: start, turn over, answer, undo, end."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.urls import reverse

from kartoteka.engine.questions import Response
from kartoteka.library import actions as library
from kartoteka.library.models import Card, Deck, Note
from kartoteka.people import actions as people
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, putting, queries
from kartoteka.study.models import Memory, Review
from kartoteka.web.study.tests.conftest import DAY, MINUTE, NOON, Browser, Clock, a_deck

pytestmark = pytest.mark.django_db


def at(deck: Deck, mode: str, query: str = "") -> str:
    return reverse("sit", args=[deck.id, mode]) + query


def test_flashcards_are_looked_through_to_the_end(her: Browser, deck: Deck, clock: Clock) -> None:
    her.open(at(deck, "flashcards"))
    assert her.position == "1/5"
    assert "definition 0" not in her.html.split("<template")[0], "the answer is not on the front"
    her.open(f"{her.url}?shown=1")
    assert "definition 0" in her.html
    for n in range(2, 6):
        clock.forward(MINUTE)
        her.answer()
        assert her.position == f"{n}/5"
    clock.forward(MINUTE)
    her.answer()
    assert "You looked at 5 cards in about 5 min" in her.html
    assert not Memory.objects.exists(), "looking proves nothing"
    assert Review.objects.count() == 5


def test_flashcards_go_back_a_card_and_resume_where_one_stopped(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "flashcards")).answer().answer()
    assert her.position == "3/5"
    before = re.search(r'href="\?card=([0-9a-f]{32})" data-does="back"', her.html)
    assert before
    her.open(f"{her.url}?card={before[1]}")
    assert her.position == "2/5"
    her.answer()
    assert her.position == "3/5"
    assert Review.objects.values("card_id", "question").distinct().count() == 2, "a second look at a card is no second answer"
    assert her.open(at(deck, "flashcards")).position == "3/5"


def test_sorting_goes_by_rounds_until_everything_is_known(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting"))
    for rating in (3, 1, 3, 1, 3):
        her.answer(rating)
    assert "3 known on the first pass" in her.html
    assert "Keep going with 2" in her.html
    her.open(f"{her.url}?go=1")
    assert her.position == "1/2"
    assert "Round 2" in her.html
    her.answer(3)
    assert her.position == "2/2"
    her.answer(3)
    assert "All 5 cards sorted to Know" in her.html
    her.undo()
    assert her.position == "2/2"


def test_a_card_to_sort_can_be_starred_and_edited(her: Browser, deck: Deck, anna: Person) -> None:
    her.open(at(deck, "sorting"))
    card = her.hidden("of")
    assert f"card/{card}/?note=" in her.html
    her.send(reverse("mark", args=[her.sitting]), of=card, said="star")
    assert her.position == "1/5"
    assert 'name="said" value="unstar" aria-pressed="true"' in her.html
    assert queries.starred_in(anna, deck) == 1


def test_undo_leads_back_from_the_piles_to_the_last_card(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting"))
    for rating in (3, 1, 3, 1, 3):
        her.answer(rating)
    her.undo()
    assert her.position == "5/5"
    for _ in range(10):
        her.undo()
    assert her.position == "1/5"
    assert "There is nothing to undo." in her.html


def test_only_a_sort_after_turning_over_moves_a_memory(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting")).answer(3, flipped=False)
    assert not Memory.objects.exists()
    her.answer(3)
    assert Memory.objects.count() == 1


def test_the_first_review_meets_new_cards_and_says_so(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "spaced"))
    assert re.search(r'class="b go[^>]*>Meet 5 new cards', her.html)
    assert "Today: 5 cards" in her.html


def test_a_missed_card_comes_back_and_the_visit_ends_when_no_step_waits(her: Browser, deck: Deck, clock: Clock) -> None:
    her.send(at(deck, "spaced"))
    assert her.position == "1/5"
    her.open(f"{her.url}?shown=1")
    assert "again in ~1 min" in her.html
    assert "again in ~10 min" in her.html
    for rating in (1, 4, 4, 4, 4):
        clock.forward(5_000)
        her.answer(rating)
    assert "1 card comes back in 1 min" in her.html
    assert "Finish now, 1 card will wait" in her.html
    clock.forward(MINUTE)
    her.open(reverse("sitting", args=[her.sitting]))
    assert "Again, missed 1 min ago" in her.html
    her.answer(3)
    clock.forward(10 * MINUTE)
    her.open(reverse("sitting", args=[her.sitting])).answer(3)
    assert "5 cards met for the first time." in her.html
    her.undo()
    assert her.position == "5/5", "undo leads back over the end"


def test_who_cannot_wait_is_asked_now_or_finishes(her: Browser, deck: Deck) -> None:
    her.send(at(deck, "spaced"))
    for _ in range(5):
        her.answer(1)
    assert her.position == "5/5"
    assert 'data-does="now"' in her.html
    her.open(f"{reverse('sitting', args=[her.sitting])}?now=1")
    assert "Once more" in her.html or "Again, missed" in her.html
    her.send(reverse("finish", args=[her.sitting]))
    assert "5 wait for the next time." in her.html


def test_true_retention_stands_beside_what_was_expected(her: Browser, anna: Person, deck: Deck, clock: Clock) -> None:
    her.send(at(deck, "spaced"))
    for _ in range(5):
        her.answer(4)
    clock.forward(30 * DAY)
    assert "Review 5 cards" in her.open(at(deck, "spaced")).html
    her.send(at(deck, "spaced"))
    for rating in (3, 3, 3, 3, 1):
        her.answer(rating)
    her.send(reverse("finish", args=[her.sitting]))
    assert re.search(r"4 of 5 recalled at once\. That is 80\s%; we expected \d\d\s%\.", her.html)
    assert "Changed level" in her.html


def test_after_days_away_the_backlog_is_told_without_a_mountain(her: Browser, anna: Person, clock: Clock) -> None:
    deck = a_deck(anna, 20)
    her.send(at(deck, "spaced"))
    for _ in range(20):
        her.answer(4)
    clock.forward(60 * DAY)
    her.open(at(deck, "spaced"))
    assert "You were away 59 days. 20 cards are overdue;" in her.html
    assert "Nothing is reset." in her.html
    assert "You were away" in her.open(reverse("today")).html


def test_more_ratings_are_an_option(her: Browser, deck: Deck) -> None:
    her.send(at(deck, "spaced", "?ratings=1"), ratings="1")
    her.open(f"{her.url}?shown=1")
    assert ">Hard " in her.html
    assert ">Easy " in her.html


def test_options_are_remembered_for_the_set(her: Browser, anna: Person, deck: Deck) -> None:
    her.send(reverse("options", args=[deck.id, "sorting"]), must_flip=["0", "1"], cards="all", order="shuffled", answer="auto", steps="0", aloud="0")
    assert queries.chosen_by(anna, deck, "sorting")["must_flip"] is True
    assert "Turn it over first; then sort it." in her.html
    assert re.search(r'class="pile know"[^>]* disabled', her.html)
    assert re.search(r'name="must_flip" value="1" checked', her.open(reverse("options", args=[deck.id, "sorting"])).html)


def test_a_filter_that_leaves_nothing_says_why_and_offers_the_nearest(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "flashcards", "?cards=starred"))
    assert "5 not starred" in her.html
    assert "Take instead: Not mastered" in her.html
    offered = re.search(r'href="\?([^"]*)"', her.html.split("Take instead")[0].rsplit("<a", 1)[1])
    assert offered
    assert her.open(at(deck, "flashcards", "?" + offered[1].replace("&amp;", "&"))).position == "1/5"


def test_a_set_without_cards_offers_to_add_one(her: Browser, anna: Person) -> None:
    her.open(at(a_deck(anna, 0), "flashcards"))
    assert her.status == 200
    assert "There is no card here yet." in her.html
    assert "Add a card first" in her.html


def test_a_star_is_kept_and_a_suspended_card_leaves_the_visit(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting"))
    card = her.hidden("question").split(".")[1]
    her.send(reverse("mark", args=[her.sitting]), of=card, said="star")
    her.send(at(deck, "sorting"), cards="starred", afresh="1")
    assert her.position == "1/1"
    her.send(reverse("mark", args=[her.sitting]), of=card, said="suspend")
    assert "Card set aside." in her.html
    assert her.position == ""


def test_an_answer_sent_twice_counts_once(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting"))
    fields = {name: her.hidden(name) for name in ("id", "question", "since")}
    for _ in range(2):
        her.send(reverse("answer", args=[her.sitting]), **fields, rating="3", flipped="1")
    assert Review.objects.count() == 1
    assert her.position == "2/5"


def test_a_question_that_was_not_asked_is_refused_on_the_next_page(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting"))
    her.send(reverse("answer", args=[her.sitting]), id=str(uuid7()), question=f"0.{'0' * 32}.self.f..0", rating="3")
    assert her.status == 200
    assert "This sitting does not ask that question." in her.html


def test_a_card_edited_in_the_middle_shows_its_new_text(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "flashcards"))
    note = Note.objects.filter(deck=deck).order_by("position").first()
    assert note
    library.edit_note(note, version=note.version, term="<p>another term</p>", definition=note.definition)
    assert "another term" in her.open(her.url).html


def test_a_card_deleted_in_the_middle_is_skipped(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting"))
    note = Note.objects.filter(deck=deck).order_by("position").first()
    assert note
    library.bin_note(note)
    assert "term 1" in her.open(her.url).html
    for _ in range(4):
        her.answer(3)
    assert "sorted to Know" in her.html


def test_five_more_are_met_after_the_days_work(her: Browser, anna: Person) -> None:
    deck = a_deck(anna, 30)
    her.open(at(deck, "spaced"))
    more = re.search(r'name="only" value="([^"]*)"', her.html)
    assert more
    her.send(at(deck, "spaced"), only=more[1], afresh="1")
    assert her.position == "1/5"


def test_who_comes_when_the_day_is_done_is_offered_more_and_told_why(her: Browser, anna: Person) -> None:
    anna.new_a_day = 2
    anna.save()
    deck = a_deck(anna, 4)
    her.open(at(deck, "spaced", "?start=1"))
    her.answer(4)
    her.answer(4)
    her.open(at(deck, "spaced", "?start=1"))
    assert "What today has room for is done." in her.html
    assert "Meet 2 more cards" in her.html
    more = re.search(r'name="only" value="([^"]*)"', her.html)
    assert more
    assert her.send(at(deck, "spaced"), only=more[1], afresh="1").position == "1/2"


def test_a_visit_in_which_all_wait_says_for_what_and_how_long_and_what_to_do_meanwhile(her: Browser, deck: Deck, clock: Clock) -> None:
    her.send(at(deck, "spaced"))
    assert "a little while ago" not in her.open(at(deck, "spaced")).html, "there is something to ask"
    her.send(at(deck, "spaced"))
    for _ in range(5):
        her.answer(3)
    her.send(reverse("finish", args=[her.sitting]))
    clock.forward(2 * MINUTE)
    assert "You answered these 5 a little while ago; the first comes back in 8 min." in her.open(at(deck, "spaced")).html
    assert "You answered these 5 a little while ago" in her.open(reverse("today")).html
    her.send(at(deck, "spaced"))
    assert "5 cards come back, the first in 8 min" in her.html
    assert "You answered them a little while ago" in her.html
    assert "Meanwhile, with this set:" in her.html
    assert f'<a href="{at(deck, "flashcards")}">Flashcards</a>' in her.html
    assert "Ask them now" in her.html
    her.open(f"{her.url}?now=1")
    assert her.hidden("question")
    clock.forward(9 * MINUTE)
    assert "a little while ago" not in her.open(at(deck, "spaced")).html


def test_five_more_at_the_end_are_not_those_that_wait(her: Browser, anna: Person) -> None:
    anna.new_a_day = 2
    anna.save()
    deck = a_deck(anna, 3)
    her.open(at(deck, "spaced", "?start=1"))
    met = [her.hidden("question").split(".")[1]]
    her.answer(3)
    met.append(her.hidden("question").split(".")[1])
    her.answer(3)
    her.send(reverse("finish", args=[her.sitting]))
    more = re.search(r'name="only" value="([^"]*)"', her.html)
    assert more
    assert not set(more[1].split(",")) & set(met)
    assert "1 more" in her.html


def test_a_term_that_two_cards_have_says_which_is_meant_where_it_is_asked(her: Browser, anna: Person) -> None:
    deck = library.make_deck(anna, title="Words")
    library.add_note(deck, term="<p>Bank</p>", definition="<p>the raised edge of a river or a lake</p>")
    library.add_note(deck, term="<p>Bank</p>", definition="<p>keeps &lt;money&gt;</p>", tags=["trade"])
    library.add_note(deck, term="<p>Sea</p>", definition="<p>salt water</p>")
    her.open(at(deck, "spaced", "?start=1"))
    assert "<small>(the raised edge of …)</small>" in her.html
    her.answer(4)
    assert "<small>(trade)</small>" in her.html
    her.answer(4)
    assert "<small>(" not in her.html.split("<template")[0]
    her.open(at(deck, "flashcards"))
    assert "<small>(" not in her.html, "where nothing is asked, nothing is given away"


def test_a_term_of_two_sets_says_which_is_meant_in_a_visit_over_all_sets(her: Browser, anna: Person) -> None:
    for title, cards in (("Roads", ("the raised edge", "a word of speed")), ("Coins", ("the edge of a coin",)), ("Birds", ())):
        deck = library.make_deck(anna, title=title)
        for definition in cards:
            library.add_note(deck, term="<p>Kerb</p>", definition=f"<p>{definition}</p>")
        library.add_note(deck, term=f"<p>{title} alone</p>", definition="<p>x</p>")
    her.send(reverse("today"))
    found = json.loads(re.search(r'<script id="sitting" type="application/json">(.*?)</script>', her.html)[1])  # type: ignore[index]
    asked = {question["front"]["text"] for question in found["questions"]}
    assert asked == {
        "Kerb (Roads: the raised edge …)",
        "Kerb (Roads: a word of speed …)",
        "Kerb (Coins)",
        "Roads alone",
        "Coins alone",
        "Birds alone",
    }


def test_more_cards_met_meanwhile_are_told_apart_too(her: Browser, anna: Person, clock: Clock) -> None:
    people.prefer(anna, now_ms=NOON, minutes_a_day=1, new_a_day=1)
    for title in ("Roads", "Coins"):
        library.add_note(library.make_deck(anna, title=title), term="<p>Kerb</p>", definition=f"<p>of {title}</p>")
    her.send(reverse("today"))
    her.answer(3)
    her.send(reverse("meet_more", args=[her.sitting]))
    assert her.position == "2/2"
    assert re.search(r"Kerb</p><p><small>\((Roads|Coins)\)</small>", her.html)


def test_a_single_card_has_no_order_to_choose(her: Browser, anna: Person) -> None:
    for cards, asked in ((1, False), (2, True)):
        page = her.open(reverse("options", args=[a_deck(anna, cards).id, "flashcards"])).html
        assert ('name="order"' in page) is asked


def test_flashcards_end_with_a_test_and_with_the_starred_ones_where_there_are_some(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "flashcards"))
    her.send(reverse("mark", args=[her.sitting]), of=her.hidden("question").split(".")[1], said="star")
    for _ in range(5):
        her.answer()
    assert "Test yourself" in her.html
    assert "Only the starred one" in her.html
    assert her.send(at(deck, "flashcards"), afresh="1", cards="starred").position == "1/1"


def test_the_minutes_a_day_are_changed_where_one_plans(her: Browser, anna: Person) -> None:
    her.send(reverse("minutes"), minutes="25")
    anna.refresh_from_db()
    assert anna.minutes_a_day == 25
    assert '<option value="25" selected>25</option>' in her.html
    her.send(reverse("minutes"), minutes="no number")
    anna.refresh_from_db()
    assert anna.minutes_a_day == 25


def test_why_now_is_told_in_words_with_a_curve(her: Browser, deck: Deck, clock: Clock) -> None:
    her.send(at(deck, "spaced"))
    card = her.hidden("question").split(".")[1]
    assert "New: nothing is known about it yet." in her.open(reverse("why", args=[her.sitting if "sittings" in her.url else "", card])).html
    her.open(at(deck, "sorting")).answer(3)
    sitting = her.sitting
    clock.forward(3 * DAY)
    page = her.open(reverse("why", args=[sitting, card])).html
    assert "Estimated recall now" in page
    assert 'class="chart"' in page


def test_an_island_gets_the_next_questions_as_data(her: Browser, deck: Deck) -> None:
    her.open(at(deck, "sorting"))
    found = re.search(r'<script id="sitting" type="application/json">(.*?)</script>', her.html, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert len(data["questions"]) == 5
    assert data["questions"][0]["front"]["text"] == "term 0"
    assert UUID(data["sitting"]) == her.sitting


def test_a_visit_over_all_sets_asks_from_each(her: Browser, anna: Person) -> None:
    first, second = a_deck(anna, 2), a_deck(anna, 2)
    assert her.send(reverse("today")).position == "1/4"
    assert "All sets" in her.html
    decks = set()
    for _ in range(4):
        decks.add(Review.objects.order_by("-id").values_list("deck_id", flat=True).first())
        her.answer(4)
    assert set(Review.objects.values_list("deck_id", flat=True)) == {first.id, second.id}


def test_someone_with_the_link_studies_as_a_guest_and_a_stranger_sees_nothing(browse: Callable[[Person | None], Browser], anna: Person) -> None:
    shared, private = a_deck(anna, 2), a_deck(anna, 2, "private")
    ben = browse(None).open(at(shared, "flashcards"))
    assert ben.position == "1/2"
    assert Person.objects.filter(is_guest=True).count() == 1
    cleo = browse(Person.objects.create(name="Cleo"))
    assert cleo.open(at(private, "flashcards")).status == 404
    assert cleo.open(reverse("sitting", args=[ben.sitting])).status == 404
    assert cleo.send(reverse("undo", args=[ben.sitting])).status == 404
    assert "term 0" not in cleo.html


def test_looking_at_what_is_due_makes_nobody_a_guest(browse: Callable[[Person | None], Browser], anna: Person) -> None:
    someone = browse(None)
    assert someone.open(reverse("today")).status == 200
    assert someone.open(at(a_deck(anna, 3), "spaced")).status == 200
    assert someone.send(reverse("today")).status == 200
    assert not Person.objects.filter(is_guest=True).exists()


def test_a_hand_that_is_done_is_followed_by_the_next(her: Browser, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kartoteka.study.dealing.HAND", 2)
    monkeypatch.setattr(actions, "HAND", 2)
    her.open(at(a_deck(anna, 5), "flashcards"))
    for n in range(1, 6):
        assert her.position == f"{n}/5"
        her.answer()
    assert "You looked at 5 cards" in her.html


def test_a_card_that_keeps_slipping_is_spoken_of_with_offers(her: Browser, anna: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Card.objects.get(deck=a_deck(anna, 1)).id.hex
    monkeypatch.setattr(putting, "confusions", lambda learner, deck, cards: {card: [other] for card in cards})
    deck = a_deck(anna, 1)
    for _ in range(3):
        her.send(at(deck, "spaced"))
        assert "This card keeps slipping." in her.html
        assert re.search(r'data-part="leech"[^>]* hidden', her.html)
        her.answer(4)
        clock.forward(2 * DAY)
        her.send(at(deck, "spaced"), only=Review.objects.latest("id").card_id.hex, afresh="1")
        her.answer(1)
        her.send(reverse("finish", args=[her.sitting]))
        clock.forward(60 * MINUTE)
        if keeps_slipping(anna, deck):
            break
    her.send(at(deck, "spaced"), only=Review.objects.latest("id").card_id.hex, afresh="1")
    assert not re.search(r'data-part="leech"[^>]* hidden', her.html)
    assert "Set it aside" in her.html
    compared = r'data-part="mixed"[^>]*?( hidden)?><p class="small muted">You took it for this one before.*?data-part="mixed-front">term 0<'
    hidden = re.search(compared, her.html, re.DOTALL)
    assert hidden
    assert hidden[1], "it would tell the answer"
    shown = re.search(compared, her.open(her.url + "?shown=1").html, re.DOTALL)
    assert shown
    assert not shown[1]
    assert "Rewrite it, or split it" in her.html


def keeps_slipping(anna: Person, deck: Deck) -> bool:
    return any(row.leech for row in queries.cards_with_figures(anna, deck, Review.objects.latest("id").at_ms))


def test_an_answer_is_written_first_and_marked_also_without_a_script(her: Browser, anna: Person) -> None:
    deck = library.make_deck(anna, title="Lists")
    library.add_note(deck, term="<p>Osmosis</p>", definition="<ul><li>water moves</li><li>through a membrane</li><li>to where more is dissolved</li></ul>")
    her.open(reverse("sit", args=[deck.id, "spaced"]) + "?start=1&write=1")
    assert "Show the answer and mark mine" in her.html
    assert "through a membrane" not in her.html.split("<script")[0].split("data-back")[0]
    sitting = her.sitting
    page = Browser(her.client).send(reverse("judge", args=[sitting]), text="water moves")
    assert "This suggests Forgot. You decide." in page.html
    assert page.html.count('type="checkbox" form="rate"') == 3
    assert Review.objects.count() == 0, "nothing is kept before one decides"
    fields = {name: page.hidden(name) for name in ("id", "question", "since")}
    her.send(
        reverse("answer", args=[sitting]),
        **fields,
        rating="1",
        flipped="1",
        text="water moves",
        **{"tick-0": "covered", "tick-1": "covered", "tick-2": "missing"},
    )
    kept = Review.objects.get()
    assert (kept.response["text"], kept.response["missed"]) == ("water moves", [2])
    her.open(reverse("sitting", args=[sitting]))
    assert "Point 3 of 3" in her.html or queries.next_questions(queries.sitting_of(anna, sitting))[0].point == 2, "what was missing is asked alone"


def test_an_empty_answer_is_judged_alone_and_one_of_a_hundred_thousand_signs_too(her: Browser, deck: Deck) -> None:
    her.open(reverse("sit", args=[deck.id, "spaced"]) + "?start=1&write=1")
    for text in ("", "   ", "x" * 100_000, "<b>\x00 $x$</b>"):
        page = Browser(her.client).send(reverse("judge", args=[her.sitting]), text=text)
        assert page.status == 200
        assert 'name="rating" value="3"' in page.html
        assert "<b>\x00" not in page.html


@pytest.mark.parametrize("mode", ["learn", "sorting", "flashcards"])
def test_resume_goes_on_with_what_a_link_began_and_options_begin_anew(her: Browser, anna: Person, deck: Deck, mode: str) -> None:
    her.open(f"{reverse('sit', args=[deck.id, mode])}?range=1-3&start=1")
    begun = her.sitting
    question = queries.next_questions(queries.sitting_of(anna, begun))[0]
    given = actions.Given(uuid7(), begun, question.id, Response(rating=3, unknown=True, flipped=True), NOON)
    assert actions.answer(anna, given, now_ms=NOON).status == "stored"
    assert her.open(reverse("sit", args=[deck.id, mode])).sitting == begun
    assert her.send(reverse("options", args=[deck.id, mode]), order="shuffled").sitting != begun
    assert her.open(f"{reverse('sit', args=[deck.id, mode])}?range=1-2").sitting != begun
