"""Paste, look, keep: through the door, as plain forms."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.transfer import queries, working
from kartoteka.transfer.models import Proposal

pytestmark = pytest.mark.django_db
CELLS = "Osmosis\tWater moves\r\nDiffusion\tParticles spread\r\nEnzyme\tMakes it faster\r\n"


def pasted(client: Client, text: str = CELLS, **more: Any) -> str:
    """Pastes a text; the preview's address."""
    response = client.post(reverse("add"), {"text": text, **more})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send from this preview: every field in its present state."""
    sent: dict[str, Any] = {}
    for found in re.finditer(r"<input[^>]+form=\"decide\"[^>]*>", page):
        tag = found[0]
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("type=" not in tag or 'type="hidden"' in tag or "checked" in tag):
            sent.setdefault(name[1], []).append(value[1] if value else "")
    for found in re.finditer(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', found[2]) or re.search(r'value="([^"]*)"', found[2])
        sent[found[1]] = chosen[1] if chosen else ""
    return sent


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def keep(client: Client, address: str, **changes: Any) -> Any:
    return client.post(f"{address.split('?')[0]}accept/", {**form_of(page_of(client, address)), **changes})


def test_what_is_kept_is_compared_once(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = pasted(anna)
    sent = form_of(page_of(anna, address))
    looks, compare = [], queries.compare
    monkeypatch.setattr(queries, "compare", lambda *about, **more: (looks.append(about), compare(*about, **more))[1])
    assert anna.post(f"{address}accept/", sent).status_code == 302
    assert Note.objects.count() == 3
    assert len(looks) == 1


def test_who_has_no_room_left_sees_it_before_anything_is_kept(anna: Client, settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, values={**settings.ENVIRONMENT.values, "KARTOTEKA_ACCOUNT_CARDS": 2})
    assert "That would be 3 more cards." in page_of(anna, pasted(anna))


def test_what_is_pasted_is_shown_and_then_kept(anna: Client) -> None:
    address = pasted(anna)
    page = page_of(anna, address)
    assert "Keep 3 cards" in page
    assert "Nothing is saved yet." in page
    assert not Deck.objects.exists()
    response = keep(anna, address, title="Cells")
    deck = Deck.objects.get()
    assert response["Location"] == reverse("set", args=[deck.id])
    assert (deck.title, Note.objects.count()) == ("Cells", 3)


def test_a_file_is_taken_like_a_paste(anna: Client) -> None:
    file = SimpleUploadedFile("cells.csv", b"Osmosis,Water\nDiffusion,Particles\n")
    address = anna.post(reverse("add"), {"text": "", "file": file})["Location"]
    assert "cells.csv" in page_of(anna, address)
    assert "Keep 2 cards" in page_of(anna, address)


def test_a_first_visitor_becomes_a_guest_only_when_there_is_something_to_keep(client: Client) -> None:
    assert client.get(reverse("home")).status_code == 200
    assert client.post(reverse("add"), {"text": " "}).status_code == 200
    assert not Person.objects.exists()
    page_of(client, pasted(client))
    assert Person.objects.get().is_guest


@pytest.mark.parametrize(("text", "sentence"), [("", "nothing in it yet"), ("  \n", "nothing in it yet")])
def test_bad_input_is_told_in_a_sentence_and_nothing_is_lost(anna: Client, text: str, sentence: str) -> None:
    page = anna.post(reverse("add"), {"text": text}).content.decode()
    assert sentence in page
    assert "Your terms and definitions" in page
    assert not Proposal.objects.exists()


def test_a_file_that_is_too_large_is_refused(anna: Client, settings: Any) -> None:
    settings.ENVIRONMENT = {**settings.ENVIRONMENT.values, "UPLOAD_MB": 1} | {
        name.removeprefix("KARTOTEKA_"): value for name, value in settings.ENVIRONMENT.values.items() if name != "KARTOTEKA_UPLOAD_MB"
    }
    page = anna.post(reverse("add"), {"file": SimpleUploadedFile("big.txt", b"a\tb\n" * 300_000)}).content.decode()
    assert "larger than 1 MB" in page
    assert not Proposal.objects.exists()


def test_what_is_far_too_large_is_refused_before_it_is_read(anna: Client, settings: Any) -> None:
    response = anna.post(reverse("add"), data=b"", content_type="text/plain", CONTENT_LENGTH=str(settings.ENVIRONMENT["UPLOAD_MB"] * 1_000_000 + 2_000_000))
    assert response.status_code == 413
    assert "Split it into smaller parts." in response.content.decode()


def test_a_stranger_sees_404_and_can_not_decide(anna: Client, cleo: Client, client: Client) -> None:
    address = pasted(anna)
    for other in (cleo, client):
        assert other.get(address).status_code == 404
        assert other.post(address).status_code == 404
        assert other.post(f"{address}accept/").status_code == 404
        assert other.post(f"{address}discard/").status_code == 404
    assert Proposal.objects.count() == 1


def test_unticked_cards_stay_out(anna: Client) -> None:
    address = pasted(anna)
    keep(anna, address, keep=["0.0", "0.2"])
    assert set(Note.objects.values_list("term_text", flat=True)) == {"Osmosis", "Enzyme"}


def test_other_switches_show_the_cards_again_before_anything_is_kept(anna: Client) -> None:
    address = pasted(anna, "a,b\tc\nd,e\tf\n")
    response = keep(anna, address, **{"switch.between": "comma"})
    assert response["Location"] == address
    assert not Deck.objects.exists()
    keep(anna, address)
    assert set(Note.objects.values_list("term_text", flat=True)) == {"a", "d"}


def test_any_other_sign_may_stand_between_the_sides(anna: Client) -> None:
    address = pasted(anna, "a ** b\tc\nd ** e\tf\n")
    assert keep(anna, address, **{"other.between": "**"})["Location"] == address
    keep(anna, address)
    assert set(Note.objects.values_list("term_text", flat=True)) == {"a", "d"}


def test_a_page_whose_pairs_can_not_be_told_asks_before_it_shows_cards(anna: Client) -> None:
    lines = "\n".join(f"line {number}" for number in range(9))
    address = pasted(anna, f"1/4\n\nName | Mastery | Learn | Test | Matching | Spaced |\n---|---|---|---|---|---|\nNo study sessions yet.\n\n{lines}\n")
    page = page_of(anna, address)
    assert 'id="keep"' not in page
    assert "Every two lines are one card" in page
    assert anna.post(f"{address}accept/", form_of(page)).status_code == 200
    assert not Deck.objects.exists()
    keep(anna, address, **{"switch.pairing": "lines"})
    assert "Keep 4 cards" in page_of(anna, address)


def test_a_refused_line_is_named_and_can_be_mended(anna: Client) -> None:
    address = pasted(anna, "Osmosis\tWater\nDiffusion\t\nEnzyme\tFast\n")
    page = page_of(anna, address)
    assert "Line 2 has a term and no definition." in page
    assert "Keep 2 cards" in page
    keep(anna, address, **{"mend.0.1.definition": "Particles <spread>\nout"})
    note = Note.objects.get(term_text="Diffusion")
    assert "<spread>" in note.definition_text


def test_the_same_again_updates_and_says_which_set(anna: Client) -> None:
    keep(anna, pasted(anna), title="Cells")
    address = pasted(anna, CELLS.replace("Water moves", "Water flows"))
    keep_new = page_of(anna, address)
    assert "A new set" in keep_new
    deck = Deck.objects.get()
    anna.post(address, {**form_of(keep_new), "target": str(deck.id)})
    page = page_of(anna, address)
    assert "Updates your set" in page
    assert "<del>" in page
    assert "Keep 1 card" in page
    keep(anna, address)
    assert Deck.objects.count() == 1
    assert Note.objects.get(term_text="Osmosis").definition_text == "Water flows"


def test_mine_may_be_kept_against_a_changed_card(anna: Client) -> None:
    keep(anna, pasted(anna), title="Cells")
    deck = Deck.objects.get()
    address = pasted(anna, CELLS.replace("Water moves", "Water flows"), into=str(deck.id))
    keep(anna, address, **{"take.0.0": "mine"})
    assert Note.objects.get(term_text="Osmosis").definition_text == "Water moves"


def test_a_title_that_is_taken_is_shown_as_an_update_first(anna: Client) -> None:
    keep(anna, pasted(anna), title="Cells")
    address = pasted(anna, "Ribosome\tBuilds\n")
    assert keep(anna, address, title="Cells")["Location"] == address
    assert "Updates your set" in page_of(anna, address)
    assert Deck.objects.count() == 1


def test_a_new_set_may_be_chosen_instead(anna: Client) -> None:
    keep(anna, pasted(anna), title="Cells")
    address = pasted(anna, CELLS, into=str(Deck.objects.get().id))
    page = page_of(anna, address)
    assert "Go to the set" in page
    anna.post(address, {**form_of(page), "target": "new"})
    keep(anna, address, title="Cells")
    assert Deck.objects.count() == 2


def test_another_person_s_set_can_not_be_filled(anna: Client, cleo: Client) -> None:
    keep(anna, pasted(anna), title="Cells")
    deck = Deck.objects.get()
    assert cleo.get(reverse("add"), {"into": str(deck.id)}).status_code == 404
    assert cleo.post(reverse("add"), {"text": CELLS, "into": str(deck.id)}).status_code == 404
    address = pasted(cleo)
    assert cleo.post(address, {"target": str(deck.id)}).status_code in (302, 404)
    cleo.post(f"{address}accept/", {"target": str(deck.id)})
    assert Note.objects.filter(deck=deck).count() == 3


def test_keeping_twice_leads_to_the_same_set(anna: Client) -> None:
    address = pasted(anna)
    sent = form_of(page_of(anna, address))
    first, second = (anna.post(f"{address}accept/", sent)["Location"] for _ in range(2))
    assert first == second
    assert anna.get(address)["Location"] == first
    assert Deck.objects.count() == 1


def test_a_discarded_preview_is_gone(anna: Client) -> None:
    address = pasted(anna)
    assert anna.post(f"{address}discard/")["Location"] == reverse("home")
    assert anna.get(address).status_code == 404


def test_a_large_set_is_shown_in_parts_and_kept_whole(anna: Client) -> None:
    address = pasted(anna, "".join(f"term {number}\tdefinition {number}\n" for number in range(450)))
    page = page_of(anna, address)
    assert "Keep 450 cards" in page
    assert "Show 200 more" in page
    sent = form_of(page)
    sent["keep"] = sent["keep"][1:]
    onward = anna.post(address, {**sent, "look": "200"})["Location"]
    second = page_of(anna, onward.split("#")[0])
    assert "term 399" in second
    assert "Keep 449 cards" in second
    keep(anna, onward.split("#")[0])
    assert Note.objects.count() == 449


def test_a_large_file_is_worked_on_while_its_owner_looks_elsewhere(anna: Client, cleo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[Any] = []
    monkeypatch.setattr(working, "start", lambda _id, work: waiting.append(work))
    large = b"term,definition\n" + b"".join(b"word %d,%s\n" % (n, b"meaning " * 20) for n in range(7000))
    address = anna.post(reverse("add"), {"file": SimpleUploadedFile("words.csv", large)})["Location"]
    assert "Reading your file" in page_of(anna, address)
    assert "being read" in page_of(anna, reverse("library"))
    assert cleo.get(address).status_code == 404
    waiting.pop()()
    assert "Keep 7,000 cards" in page_of(anna, address).replace("7000", "7,000")
    assert keep(anna, address, title="Words")["Location"] == address
    assert "Keeping your cards" in page_of(anna, address)
    waiting.pop()()
    assert anna.get(address)["Location"] == reverse("set", args=[Deck.objects.get().id])


def test_a_large_file_that_cannot_be_read_says_why_on_the_box(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "start", lambda _id, work: work())
    address = anna.post(reverse("add"), {"file": SimpleUploadedFile("x.bin", b"\0\1\2" * 400_000)})["Location"]
    assert "This is not text" in page_of(anna, address)
    assert not Proposal.objects.exists()


def test_broken_letters_are_offered_to_be_repaired_and_are_not_unless_asked(anna: Client) -> None:
    address = pasted(anna, "FranÃ§ais\tFrench\r\nEspaÃ±ol\tSpanish\r\n")
    page = page_of(anna, address)
    assert "Repair letters?" in page
    assert form_of(page)["switch.letters"] == "keep"
    assert "Repaired: “Français”" in page
    anna.post(address, {**form_of(page), "switch.letters": "repair"})
    page = page_of(anna, address)
    assert form_of(page)["switch.letters"] == "repair"
    keep(anna, address)
    assert sorted(Note.objects.values_list("term_text", flat=True)) == ["Español", "Français"]


def test_letters_left_as_they_stand_come_in_as_they_stand(anna: Client) -> None:
    address = pasted(anna, "FranÃ§ais\tFrench\r\nEspaÃ±ol\tSpanish\r\n")
    keep(anna, address)
    assert sorted(Note.objects.values_list("term_text", flat=True)) == ["EspaÃ±ol", "FranÃ§ais"]
    assert "Repair letters?" not in page_of(anna, pasted(anna, "Français\tFrench\r\nEspañol\tSpanish\r\n"))


def test_the_preview_speaks_german_in_all_its_switches_and_places(anna: Client) -> None:
    text = "Osmose\tWasser wandert\nNur eine Seite\t\n"
    page = anna.get(pasted(anna, text), headers={"accept-language": "de"}).content.decode()
    for words in ("Zwischen den Seiten", "Tabulator", "Links steht", "Eingefügter Text", "Zeile 2 hat einen Begriff"):
        assert words in page
    note = SimpleUploadedFile("notes.md", b"# Cells\n\n- **osmosis** - water moves\n- **wall** - stands around\n")
    page = anna.get(anna.post(reverse("add"), {"file": note})["Location"], headers={"accept-language": "de"}).content.decode()
    for words in ("Geschrieben wie in", "Einfache Notizen", "Zeilen mit Strich oder Doppelpunkt (2)"):
        assert words in page


def test_what_comes_along_with_a_card_is_shown_beside_it(anna: Client) -> None:
    table = SimpleUploadedFile("a.csv", b"Term,Definition,Example,Tags\ndog,Hund,a <b>big</b> dog,noun animal\n")
    page = anna.get(anna.post(reverse("add"), {"file": table})["Location"]).content.decode()
    assert "Example: a big dog" in page
    assert "#noun #animal" in page


def test_a_change_of_a_further_field_or_a_tag_is_shown_too(anna: Client) -> None:
    def brought(example: str, tags: str) -> str:
        table = SimpleUploadedFile("a.csv", f"Term,Definition,Example,Tags\ndog,Hund,{example},{tags}\n".encode())
        return str(anna.post(reverse("add"), {"file": table})["Location"])

    kept = brought("a big dog", "noun")
    anna.post(f"{kept}accept/", form_of(anna.get(kept).content.decode()))
    page = anna.get(brought("a small dog", "noun animal")).content.decode()
    assert "Example: " in page
    assert re.search(r"<del>.*?big</del>", page)
    assert re.search(r"<ins>.*?#animal</ins>", page)
