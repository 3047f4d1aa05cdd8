"""The editor, through the door: as plain forms, and as its island speaks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.library import access, actions, queries
from kartoteka.library.models import Card, Deck, Note
from kartoteka.people.models import Person

ISLAND = {"Accept": "application/json"}


def note(deck: Deck, term: str) -> Note:
    return queries.notes_of(deck).get(term_text=term)


def terms(deck: Deck) -> list[str]:
    return [one.term_text for one in queries.notes_of(deck)]


def card(deck: Deck, one: Note, name: str = "card") -> str:
    return reverse(name, args=[deck.id, one.id])


@pytest.mark.django_db
def test_a_new_set_begins_with_a_title(client: Client) -> None:
    assert client.get(reverse("new_set")).status_code == 200
    assert not Person.objects.exists()
    response = client.post(
        reverse("new_set"), {"title": "Birds", "tags": "zoo, sky", "description": "- one\n- two", "term_lang": "la", "definition_lang": "en"}
    )
    deck = Deck.objects.get()
    assert response.headers["Location"] == reverse("edit", args=[deck.id])
    assert (deck.title, deck.tags, deck.description, deck.term_lang) == ("Birds", ["zoo", "sky"], "<ul><li>one</li><li>two</li></ul>", "la")
    assert deck.owner.is_guest
    page = client.get(response.headers["Location"]).content.decode()
    assert 'id="new"' in page, "the first card is open"


@pytest.mark.django_db
def test_a_set_without_a_title_is_asked_for_one_and_the_rest_is_still_there(client: Client) -> None:
    response = client.post(reverse("new_set"), {"title": " ", "tags": "zoo"})
    assert response.status_code == 422
    assert "A set needs a title." in response.content.decode()
    assert 'value="zoo"' in response.content.decode()


def test_the_editor_shows_all_that_is_there(her: Client, deck: Deck) -> None:
    page = her.get(reverse("edit", args=[deck.id])).content.decode()
    assert 'value="Cells"' in page
    assert "All about" in page
    assert 'value="biology"' in page
    assert "3 cards" in page
    assert "<ul><li>a protein</li>" in page
    assert page.count("<li id=") == 3
    assert 'class="is-open"' not in page.split("<template")[0]


def test_one_card_is_open_in_place(her: Client, deck: Deck) -> None:
    mine = note(deck, "Enzyme")
    page = her.get(reverse("edit", args=[deck.id]), {"card": mine.id}).content.decode()
    assert f'id="card-{mine.id.hex}"' in page
    assert page.split("<template data-new")[0].count("is-open") == 1
    assert "- a protein\n- not used up</textarea>" in page


def test_a_card_is_saved_as_a_plain_form(her: Client, deck: Deck) -> None:
    mine = note(deck, "Osmosis")
    cards = set(Card.objects.values_list("id", flat=True))
    response = her.post(card(deck, mine), {"version": 1, "term": "Osmosis", "definition": "- water\n- moves"}, follow=True)
    assert "Saved." in response.content.decode()
    assert note(deck, "Osmosis").definition == "<ul><li>water</li><li>moves</li></ul>"
    assert set(Card.objects.values_list("id", flat=True)) == cards


def test_an_island_saves_html_and_hears_when(her: Client, deck: Deck) -> None:
    mine = note(deck, "Osmosis")
    said = her.post(card(deck, mine), {"version": 1, "rich": 1, "term": "Osmosis", "definition": "<p onclick=x>\\(a<b\\)</p>"}, headers=ISLAND).json()
    assert said["version"] == 2
    assert re.fullmatch(r"\d\d:\d\d", said["saved"])
    assert said["looks"]["definition"].startswith("<p><math")
    assert said["looks"]["term"] == ""


def test_who_saves_second_sees_both_texts(her: Client, deck: Deck) -> None:
    mine = note(deck, "Osmosis")
    her.post(card(deck, mine), {"version": 1, "term": "Osmosis", "definition": "from the first window"})
    response = her.post(card(deck, mine), {"version": 1, "term": "Osmosis", "definition": "from the second window"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "from the first window" in page
    assert "from the second window</textarea>" in page
    assert 'name="version" value="2"' in page
    her.post(card(deck, mine), {"version": 2, "term": "Osmosis", "definition": "from the second window"})
    assert note(deck, "Osmosis").definition == "from the second window"


def test_an_island_that_saves_second_is_told_both(her: Client, deck: Deck) -> None:
    mine = note(deck, "Osmosis")
    her.post(card(deck, mine), {"version": 1, "rich": 1, "term": "Osmosis", "definition": "first"}, headers=ISLAND)
    response = her.post(card(deck, mine), {"version": 1, "rich": 1, "term": "Osmosis", "definition": "second"}, headers=ISLAND)
    said = response.json()
    assert response.status_code == 409
    assert said["theirs"]["definition"] == "first"
    assert said["version"] == 2
    assert "Keep mine" in said["html"]


def test_a_card_is_added_and_an_empty_one_is_not(her: Client, deck: Deck) -> None:
    address = reverse("add_card", args=[deck.id])
    her.post(address, {"term": "Cell", "definition": "small"})
    her.post(address, {"term": " ", "definition": ""})
    said = her.post(address, {"rich": 1, "term": "Membrane", "definition": ""}, headers=ISLAND).json()
    assert terms(deck) == ["Osmosis", "Enzyme", "Ribosome", "Cell", "Membrane"]
    assert said["address"] == card(deck, note(deck, "Membrane"))
    assert (said["number"], said["total"]) == (5, 5)
    assert "No definition yet" in said["warnings"]
    assert "id" not in her.post(address, {"rich": 1, "term": "", "definition": "<br>"}, headers=ISLAND).json() or terms(deck)[-1] == ""


def test_cards_move_up_and_down_and_behind_another(her: Client, deck: Deck) -> None:
    her.post(card(deck, note(deck, "Ribosome"), "move_card"), {"step": "up"})
    assert terms(deck) == ["Osmosis", "Ribosome", "Enzyme"]
    said = her.post(card(deck, note(deck, "Osmosis"), "move_card"), {"after": str(note(deck, "Enzyme").id)}, headers=ISLAND).json()
    assert terms(deck) == ["Ribosome", "Enzyme", "Osmosis"]
    assert (said["number"], said["after"]) == (3, str(note(deck, "Enzyme").id))
    her.post(card(deck, note(deck, "Osmosis"), "move_card"), {"after": ""}, headers=ISLAND)
    assert terms(deck)[0] == "Osmosis"


def test_a_deleted_card_comes_back_by_its_toast(her: Client, deck: Deck) -> None:
    mine = note(deck, "Enzyme")
    page = her.post(card(deck, mine, "delete_card"), follow=True).content.decode()
    assert "Card 2 deleted, its answers kept" in page
    assert card(deck, mine, "restore_card") in page
    assert "1 deleted card" in page
    assert "Enzyme" in her.get(reverse("deleted_cards", args=[deck.id])).content.decode()
    her.post(card(deck, mine, "restore_card"))
    assert terms(deck) == ["Osmosis", "Enzyme", "Ribosome"]
    said = her.post(card(deck, mine, "delete_card"), headers=ISLAND).json()
    assert said["total"] == 2
    back = her.post(said["back"], headers=ISLAND).json()
    assert back["after"] == str(note(deck, "Osmosis").id)
    assert "Enzyme" in back["html"]


def test_further_forms_of_an_answer_are_listed_and_taken_away(her: Client, deck: Deck) -> None:
    one = queries.notes_of(deck)[0]
    actions.accept_answer(one, "a form of it")
    actions.accept_answer(one, "the other way", direction="reversed")
    html = her.get(f"{reverse('edit', args=[deck.id])}?card={one.id}").content.decode()
    assert "No longer right: a form of it" in html
    her.post(reverse("drop_answer", args=[deck.id, one.id]), {"forward": "A form of it"})
    her.post(reverse("drop_answer", args=[deck.id, one.id]), {"reversed": "the other way"})
    one.refresh_from_db()
    assert one.extra == {}
    assert not actions.accept_answer(one, one.definition_text), "the definition itself needs no second form"


def test_a_card_is_copied_after_itself(her: Client, deck: Deck) -> None:
    her.post(card(deck, note(deck, "Enzyme"), "copy_card"))
    assert terms(deck) == ["Osmosis", "Enzyme", "Enzyme", "Ribosome"]


def test_an_island_opens_and_closes_a_card(her: Client, deck: Deck) -> None:
    mine = note(deck, "Enzyme")
    assert "is-open" in her.get(card(deck, mine), headers=ISLAND).json()["html"]
    assert "is-open" not in her.get(card(deck, mine), {"closed": 1}, headers=ISLAND).json()["html"]


def test_what_is_worth_a_look_is_said_and_can_be_listed(her: Client, deck: Deck) -> None:
    actions.add_note(deck, term="Half", definition="")
    actions.add_note(deck, term="osmosis", definition="again")
    actions.add_note(deck, term="Picture", definition='<img src="not-here.png">')
    page = her.get(reverse("edit", args=[deck.id])).content.decode()
    for words in (
        "No definition yet",
        "Twin of card 5",
        "Twin of card 1",
        "A picture without words",
        "its file is not here",
        "4 cards to look at, none stops you.",
    ):
        assert words in page
    look = her.get(reverse("edit", args=[deck.id]), {"look": 1}).content.decode()
    assert look.count("data-card=") == 4
    assert "Ribosome" not in look


def test_what_is_said_of_a_set_is_saved(her: Client, deck: Deck) -> None:
    address = reverse("edit", args=[deck.id])
    about = {"version": 1, "title": "Zellen", "description": "All about <b>cells</b>", "tags": "biology, school", "visibility": "public", "licence": "CC0 1.0"}
    said = her.post(address, about, headers=ISLAND).json()
    deck.refresh_from_db()
    assert (deck.title, deck.tags, deck.visibility, deck.licence, deck.version) == ("Zellen", ["biology", "school"], "public", "CC0 1.0", said["version"])
    assert "everyone can study" in said["who"]
    told = her.post(address, {"version": 1, "title": "Cells again"}, headers=ISLAND)
    assert told.status_code == 409
    assert told.json()["theirs"]["title"] == "Zellen"
    page = her.post(address, {"version": 1, "title": "Cells again", "description": "", "tags": ""})
    assert page.status_code == 409
    assert 'value="Cells again"' in page.content.decode()
    assert "Zellen" in page.content.decode()
    assert her.post(address, {"version": 2, "title": ""}).status_code == 422


def test_a_description_that_a_text_field_cannot_hold_survives_saving(her: Client, deck: Deck) -> None:
    page = her.get(reverse("edit", args=[deck.id])).content.decode()
    written = re.search(r'name="description"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert written
    words = written[1].replace("&lt;", "<").replace("&gt;", ">")
    her.post(reverse("edit", args=[deck.id]), {"version": 1, "title": "Cells!", "description": words, "tags": "biology"})
    deck.refresh_from_db()
    assert (deck.title, deck.description) == ("Cells!", "<p>All about <b>cells</b></p>")


def test_a_deleted_set_waits_in_the_bin_and_comes_back(her: Client, anna: Person, deck: Deck) -> None:
    page = her.post(reverse("delete_set", args=[deck.id]), follow=True).content.decode()
    assert "is in the bin for 30 days" in page
    assert reverse("restore_set", args=[deck.id]) in page
    bin_page = her.get(reverse("bin")).content.decode()
    assert "Cells" in bin_page
    assert "30 days left" in bin_page
    assert her.get(reverse("edit", args=[deck.id])).status_code == 404
    her.post(reverse("restore_set", args=[deck.id]))
    assert list(access.decks_of(anna)) == [deck]
    her.post(reverse("delete_set", args=[deck.id]))
    her.post(reverse("erase_set", args=[deck.id]))
    assert not Deck.objects.exists()
    assert "The bin is empty." in her.get(reverse("bin")).content.decode()


def routes(deck: Deck, one: Note) -> list[tuple[str, str, dict[str, Any]]]:
    sides = {"term": "canary", "definition": "canary"}
    return [
        ("get", reverse("edit", args=[deck.id]), {}),
        ("post", reverse("edit", args=[deck.id]), {"title": "canary", "visibility": "public"}),
        ("post", reverse("delete_set", args=[deck.id]), {}),
        ("post", reverse("restore_set", args=[deck.id]), {}),
        ("post", reverse("erase_set", args=[deck.id]), {}),
        ("post", reverse("put_media", args=[deck.id]), {}),
        ("post", reverse("add_card", args=[deck.id]), sides),
        ("get", reverse("deleted_cards", args=[deck.id]), {}),
        ("get", card(deck, one), {}),
        ("post", card(deck, one), {"version": 1, **sides}),
        *[("post", card(deck, one, name), {"step": "up"}) for name in ("move_card", "copy_card", "delete_card", "restore_card")],
    ]


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("island", [True, False])
def test_nobody_else_edits(ben: Client, cleo: Client, client: Client, deck: Deck, *, shared: bool, island: bool) -> None:
    if not shared:
        actions.share(deck, "private")
    one, before = note(deck, "Osmosis"), list(Note.objects.values_list("term", "definition", "position", "binned_at"))
    for method, address, data in routes(deck, one):
        for who in (ben, cleo, client):
            response = getattr(who, method)(address, data, headers=ISLAND if island else {})
            in_bin = "restore/" in address and "/cards/" not in address or "erase/" in address
            assert response.status_code == (403 if shared and not in_bin else 404), address
            assert b"Osmosis" not in response.content
    deck.refresh_from_db()
    assert list(Note.objects.values_list("term", "definition", "position", "binned_at")) == before
    assert (deck.title, deck.binned_at) == ("Cells", None)


def test_a_card_of_another_set_is_not_reached_through_ones_own(her: Client, anna: Person, deck: Deck) -> None:
    other = actions.make_deck(anna, title="Other")
    assert her.post(card(other, note(deck, "Osmosis")), {"version": 1, "term": "x", "definition": "y"}).status_code == 404


def test_a_thousand_cards_are_listed_on_one_page_and_more_on_the_next(her: Client, anna: Person) -> None:
    deck = actions.make_deck(anna, title="Big")
    Note.objects.bulk_create(
        Note(deck=deck, position=n, term=f"term {n}", definition=f"definition {n}", term_text=f"term {n}", definition_text=f"definition {n}")
        for n in range(1001)
    )
    page = her.get(reverse("edit", args=[deck.id])).content.decode()
    assert page.count("data-card=") == 1000
    assert "?from=1000" in page
    assert len(page) < 2_500_000
    last = queries.notes_of(deck).last()
    assert last
    assert "is-open" in her.get(reverse("edit", args=[deck.id]), {"card": last.id}).content.decode().split("<template data-new")[0]


def test_a_place_that_is_no_card_is_said_and_moves_nothing(her: Client, deck: Deck) -> None:
    before = list(queries.notes_of(deck).values_list("id", flat=True))
    assert her.post(card(deck, note(deck, "Osmosis"), "move_card"), {"after": "nonsense"}, headers=ISLAND).status_code == 404
    assert list(queries.notes_of(deck).values_list("id", flat=True)) == before


def test_a_hint_is_written_beside_the_sides(her: Client, ben: Client, deck: Deck) -> None:
    one = note(deck, "Osmosis")
    her.post(card(deck, one), {"term": "Osmosis", "definition": "Water moves", "hint": "a tea bag", "version": one.version})
    one.refresh_from_db()
    assert one.fields == {"hint": "a tea bag"}
    assert "a tea bag" in her.get(reverse("edit", args=[deck.id])).content.decode(), "the list shows it"
    her.post(card(deck, one), {"term": "Osmosis", "definition": "Water moves in"}, headers=ISLAND)
    one.refresh_from_db()
    assert one.fields == {"hint": "a tea bag"}, "an older page that knows no hints takes none away"
    told = her.post(card(deck, one), {"term": "Osmosis", "definition": "x", "hint": "y", "rich": "1", "version": 0}, headers=ISLAND)
    assert told.json()["theirs"]["hint"] == "a tea bag"
    her.post(card(deck, one, "copy_card"))
    assert [each.fields for each in queries.notes_of(deck).filter(term_text="Osmosis")] == [{"hint": "a tea bag"}] * 2
    assert ben.post(card(deck, one), {"term": "Osmosis", "definition": "x", "hint": "z"}).status_code in (403, 404)


def test_a_new_card_may_come_with_a_hint(her: Client, deck: Deck) -> None:
    her.post(reverse("add_card", args=[deck.id]), {"term": "Cell", "definition": "small", "hint": "a room"})
    assert note(deck, "Cell").fields == {"hint": "a room"}
