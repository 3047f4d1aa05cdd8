"""The page of a set, through the door: what it shows, to whom, and what its buttons do."""

from __future__ import annotations

import html
import random
import re
import time
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.engine.questions import Response
from kartoteka.formats.base import BundleDeck, BundleNote
from kartoteka.library import actions as library
from kartoteka.library import queries
from kartoteka.library.adding import add
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions as study
from kartoteka.study import queries as studied

pytestmark = pytest.mark.django_db
NOW = 1_764_000_000_000


def person(name: str, *, guest: bool = False) -> Person:
    return Person.objects.create(name=name, is_guest=guest)


def as_(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def anna() -> Person:
    return person("Anna")


@pytest.fixture
def deck(anna: Person) -> Deck:
    made = library.make_deck(anna, title="Biology")
    library.add_note(made, term="Osmosis", definition="<ul><li>Water<ul><li>moves</li></ul></li></ul>")
    library.add_note(made, term="Enzyme", definition="A protein")
    library.add_note(made, term="Empty", definition="")
    return made


def page(client: Client, deck: Deck, **query: str) -> str:
    response = client.get(reverse("set", args=[deck.id]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_its_owner_sees_terms_by_level_and_one_thing_to_do(anna: Person, deck: Deck) -> None:
    shown = page(as_(anna), deck)
    assert "<h1" in shown
    assert "Biology" in shown
    assert "3 terms" in shown
    assert "<ul><li>Water<ul><li>moves</li></ul></li></ul>" in shown
    assert shown.count("b go big") == 1
    for mode in ("Flashcards", "Card Sorting", "Spaced Repetition"):
        assert f"<b>{mode}</b>" in shown
    assert "1 of 3 is set aside" in shown
    assert "No study sessions yet" in shown


def test_an_answer_moves_levels_and_analytics(anna: Person, deck: Deck) -> None:
    sitting = study.sit(anna, deck=deck, mode="spaced", options={}, now_ms=NOW, dice=random.Random(1))
    question = studied.next_questions(sitting)[0]
    told = study.answer(anna, study.Given(uuid7(), sitting.id, question.id, Response(rating=1, flipped=True), client_ms=NOW), now_ms=NOW)
    assert told.status == "stored"
    client = as_(anna)
    shown = page(client, deck)
    assert "Learning" in shown
    assert "No study sessions yet" not in shown
    rows = client.get(reverse("analytics", args=[deck.id])).content.decode()
    assert "0 of 1 right" in rows
    answers = client.get(reverse("answers", args=[deck.id])).content.decode()
    assert "1 answer, the newest first" in answers
    lines = b"".join(client.get(reverse("analytics_csv", args=[deck.id, "answers"])).streaming_content).decode().splitlines()
    assert len(lines) == 2


def test_each_group_of_terms_starts_a_session_on_it(anna: Person, deck: Deck) -> None:
    sitting = study.sit(anna, deck=deck, mode="sorting", options={}, now_ms=NOW, dice=random.Random(1))
    for question in list(studied.next_questions(sitting))[:2]:
        study.answer(anna, study.Given(uuid7(), sitting.id, question.id, Response(rating=3, flipped=True), client_ms=NOW), now_ms=NOW)
    client = as_(anna)
    starts = re.findall(r'<a class="small" href="([^"]*\?cards=[^"]*)">[^<(]*\((\d+)\)', page(client, deck))
    assert [cards for _href, cards in starts] == ["1", "2"]
    known = client.get(html.unescape(starts[1][0]), follow=True)
    assert "/sittings/" in known.redirect_chain[-1][0], "what is known is asked too, though nothing of it is due"


def test_a_stranger_is_told_nothing_of_a_private_set(deck: Deck) -> None:
    for client in (Client(), as_(person("Cleo"))):
        for name in ("set", "print", "analytics", "answers"):
            assert client.get(reverse(name, args=[deck.id])).status_code == 404
        for name in ("share", "copy_set", "rate", "star"):
            assert client.post(reverse(name, args=[deck.id])).status_code == 404


def test_someone_with_the_link_sees_it_and_cannot_change_it(anna: Person, deck: Deck) -> None:
    library.share(deck, Visibility.LINK)
    ben = as_(person("Ben"))
    shown = page(ben, deck)
    assert "Edit this set" not in shown
    assert "No description yet" not in shown
    assert ben.post(reverse("share", args=[deck.id]), {"visibility": "public"}).status_code == 403


def test_finding_shows_only_what_holds_the_words(anna: Person, deck: Deck) -> None:
    shown = page(as_(anna), deck, find="protein")
    assert "1 term holds “protein”" in shown
    assert 'id="terms"' in shown
    assert "Osmosis</div>" not in shown.split('id="terms"')[1]


def test_a_star_is_kept_and_taken_away(anna: Person, deck: Deck) -> None:
    client, note = as_(anna), queries.notes_of(deck)[0]
    assert client.post(reverse("star", args=[deck.id]), {"note": note.id.hex, "starred": "on"}).status_code == 302
    assert studied.standing_of(anna, deck, NOW).starred == {note.id.hex}
    assert client.post(reverse("star", args=[deck.id]), {"note": note.id.hex, "starred": "off"}, headers={"Accept": "application/json"}).json() == {
        "starred": False
    }
    assert studied.standing_of(anna, deck, NOW).starred == set()
    assert client.post(reverse("star", args=[deck.id]), {"note": uuid.uuid4().hex}).status_code == 404


def test_a_rating_needs_a_signed_in_person_and_shows_from_three_votes(anna: Person, deck: Deck) -> None:
    library.share(deck, Visibility.PUBLIC)
    assert as_(anna).post(reverse("rate", args=[deck.id]), {"stars": "5"}).status_code == 403
    assert Client().post(reverse("rate", args=[deck.id]), {"stars": "5"}).status_code == 403
    for number, name in enumerate(("Ben", "Cleo", "Dora"), start=1):
        assert as_(person(name)).post(reverse("rate", args=[deck.id]), {"stars": "4"}).status_code == 302
        shown = page(as_(anna), deck)
        assert ("4.0 of 5, 3 votes" in shown) == (number == 3)
    assert as_(person("Emil")).post(reverse("rate", args=[deck.id]), {"stars": "6"}).status_code == 400


def test_a_copy_belongs_to_who_made_it(deck: Deck) -> None:
    library.share(deck, Visibility.PUBLIC)
    ben = person("Ben")
    assert as_(ben).post(reverse("copy_set", args=[deck.id])).status_code == 302
    assert Deck.objects.filter(owner=ben, title="Biology").count() == 1


def test_export_and_print(anna: Person, deck: Deck) -> None:
    client = as_(anna)
    exported = client.get(reverse("export", args=[deck.id, "csv"]))
    assert exported["Content-Disposition"] == 'attachment; filename="biology.csv"'
    assert b"Osmosis" in exported.content
    assert client.get(reverse("export", args=[deck.id, "nothing"])).status_code == 404
    assert "Osmosis" in client.get(reverse("print", args=[deck.id])).content.decode()


def test_many_terms_come_in_pages(anna: Person) -> None:
    notes = tuple(BundleNote({"term": f"term {n}", "definition": f"definition {n}"}) for n in range(450))
    made = add(anna, BundleDeck("Many", notes), into=None, media={}, now_ms=NOW).deck
    client = as_(anna)
    assert "450 terms" in page(client, made)
    assert "1–200 / 450" in page(client, made)
    assert "401–450 / 450" in page(client, made, page="3")


def test_a_way_that_needs_more_cards_says_so_on_its_tile(anna: Person) -> None:
    one = library.make_deck(anna, title="One card")
    library.add_note(one, term="<p>a</p>", definition="<p>b</p>")
    html = as_(anna).get(reverse("set", args=[one.id])).content.decode()
    assert "Match needs 2 pairs. Add a card." in html
    assert reverse("sit", args=[one.id, "match"]) not in html


def test_a_way_that_finds_only_twins_says_that_and_not_that_cards_are_missing(anna: Person) -> None:
    deck = library.make_deck(anna, title="Twins")
    for n in range(3):
        library.add_note(deck, term="<p>Rival</p>", definition=f"<p>number {n}</p>")
    html = as_(anna).get(reverse("set", args=[deck.id])).content.decode()
    assert "Match needs 2 pairs that can be told apart." in html
    assert reverse("sit", args=[deck.id, "match"]) not in html
    assert "Match needs 2 pairs that can be told apart." in as_(anna).get(reverse("sit", args=[deck.id, "match"]), follow=True).content.decode()
    library.add_note(deck, term="<p>Ally</p>", definition="<p>another</p>")
    assert reverse("sit", args=[deck.id, "match"]) in as_(anna).get(reverse("set", args=[deck.id])).content.decode()


def test_a_way_that_was_not_used_yet_has_no_empty_link_in_the_table(anna: Person) -> None:
    one = library.make_deck(anna, title="Two cards")
    for n in range(2):
        library.add_note(one, term=f"<p>a {n}</p>", definition=f"<p>b {n}</p>")
    sitting = study.sit(anna, deck=one, mode="sorting", options={}, now_ms=NOW, dice=random.Random(1))
    question = studied.next_questions(sitting)[0]
    study.answer(anna, study.Given(uuid7(), sitting.id, question.id, Response(rating=3, flipped=True), NOW, 900), now_ms=NOW)
    html = as_(anna).get(reverse("set", args=[one.id])).content.decode()
    assert 'data-l="Matching" class="none">–</td>' in html
    assert "?mode=match" not in html


def test_the_languages_of_a_set_stand_on_its_page(anna: Person, deck: Deck) -> None:
    for codes, shown in ((("de", "en-gb"), "German – British English"), (("pl", "pl"), "Polish"), (("tlh", ""), "tlh")):
        Deck.objects.filter(id=deck.id).update(term_lang=codes[0], definition_lang=codes[1])
        assert f'<li class="wide-only">{shown}</li>' in page(as_(anna), deck)


def test_what_was_set_aside_is_listed_and_brought_back(anna: Person, deck: Deck) -> None:
    client = as_(anna)
    assert "not asked now" not in page(client, deck)
    cards = [uuid.UUID(card.id) for card in queries.cards_of(deck)]
    study.mark(anna, cards[0], deck.id, suspended=True)
    study.mark(anna, cards[1], deck.id, buried_until_ms=time.time_ns() // 1_000_000 + 3_600_000, starred=True)
    shown = page(client, deck)
    assert "2 cards are not asked now" in shown
    assert shown.index("set aside</span>") < shown.index("until tomorrow</span>")
    assert "1 card set aside: bring it back" in client.get(reverse("sit", args=[deck.id, "spaced"])).content.decode()
    told = client.post(reverse("bring_back", args=[deck.id]), {"card": cards[0].hex}, follow=True).content.decode()
    assert "1 card is asked again." in told
    assert "1 card is not asked now" in told
    assert "not asked now" not in client.post(reverse("bring_back", args=[deck.id]), follow=True).content.decode()
    assert studied.starred_in(anna, deck) == 1, "the star stays"
    library.share(deck, Visibility.LINK)
    study.mark(anna, cards[0], deck.id, suspended=True)
    ben = as_(person("Ben"))
    assert "not asked now" not in page(ben, deck)
    ben.post(reverse("bring_back", args=[deck.id]))
    for odd in ("x", "z" * 32, "0" * 32, "é" * 32):
        assert client.post(reverse("bring_back", args=[deck.id]), {"card": odd}).status_code == 302
    assert "1 card is not asked now" in page(client, deck), "what one learner sets aside is nobody else's"
