"""Keys and motion are chosen in the settings, through the door."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.test import Client

from kartoteka.people.models import Person
from kartoteka.web.people.keys import ACTIONS, LABELS, label_of, name_of

pytestmark = pytest.mark.django_db
KEYS = "/account/settings/keys/"


@pytest.fixture
def her(anna: Person) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def test_a_key_is_changed_shown_and_known_to_every_page(her: Client, anna: Person) -> None:
    assert her.post(KEYS, {"key-s": "J", "key-ArrowLeft": "k"}).status_code == 302
    anna.refresh_from_db()
    assert anna.keys == {"s": "j", "ArrowLeft": "k"}
    page = her.get(KEYS).content.decode()
    assert 'name="key-s" value="J"' in page
    assert "usually S" in page
    assert '"s": "j"' in html.unescape(her.get("/").content.decode())


def test_every_letter_that_a_way_to_study_names_can_be_changed() -> None:
    modes = Path(__file__).resolve().parents[3] / "modes"
    named = {
        (key, page.parent.name) for page in modes.rglob("*.html") if page.parent.name != "match" for key in re.findall(r"<kbd>([A-Z])</kbd>", page.read_text())
    }
    assert named
    assert {key for key, _mode in named} <= {label_of(usual) for usual in ACTIONS}, named  # Match has letters of its own: those of its tiles


def test_two_keys_may_change_places(her: Client, anna: Person) -> None:
    her.post(KEYS, {"key-s": "h", "key-h": "s"})
    anna.refresh_from_db()
    assert anna.keys == {"s": "h", "h": "s"}


def test_a_conflict_is_refused_with_a_sentence_and_nothing_is_kept(her: Client, anna: Person) -> None:
    refused = her.post(KEYS, {"key-s": "h"})
    assert refused.status_code == 422
    assert "“H” cannot be both “star” and “hint”" in refused.content.decode()
    anna.refresh_from_db()
    assert anna.keys == {}


@pytest.mark.parametrize("key", ["Enter", "Escape", "Tab", "7", "F5", "\x07", "ctrl+s"])
def test_keys_that_have_their_work_are_refused(her: Client, anna: Person, key: str) -> None:
    refused = her.post(KEYS, {"key-s": key})
    assert refused.status_code == 422
    assert "cannot be the key for “star”" in refused.content.decode()


def test_all_go_back_to_what_they_were(her: Client, anna: Person) -> None:
    her.post(KEYS, {"key-s": "j"})
    her.post(KEYS, {"key-s": "j", "reset": "1"})
    anna.refresh_from_db()
    assert anna.keys == {}


def test_labels_and_names_are_the_same_thing() -> None:
    for name in (*ACTIONS, *LABELS, "j", "ß", "."):
        assert name_of(label_of(name)) == name or name == "ß"


def test_motion_is_kept_and_stands_on_every_page(her: Client, anna: Person) -> None:
    her.post("/account/settings/", {"motion": "reduced"})
    assert 'data-motion="reduced"' in her.get("/").content.decode()
    her.post("/account/settings/", {"motion": ""})
    assert "data-motion" not in her.get("/").content.decode()
    assert her.post("/account/settings/", {"motion": "wild"}).status_code == 400
