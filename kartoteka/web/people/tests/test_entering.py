"""Signing up, in and out, through the door."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from kartoteka.library import actions as library
from kartoteka.library.models import Deck
from kartoteka.people import actions, queries
from kartoteka.people.models import Person, Session
from kartoteka.study.models import Mark
from kartoteka.web.people.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_UP, SIGN_IN, SIGN_OUT = "/account/sign-up/", "/account/sign-in/", "/account/sign-out/"


def guest_in(browser: Client) -> Person:
    """The guest this browser becomes by keeping a setting."""
    assert browser.post("/account/settings/", {"theme": "dark"}).status_code == 302
    guest = queries.guest(browser.session["guest"])
    assert guest is not None
    return guest


def deck_of(person: Person, title: str = "Stalin rise to power") -> Deck:
    deck = library.make_deck(person, title=title)
    note = library.add_note(deck, term="Lenin’s funeral", definition="27th January 1924")
    Mark.objects.create(learner=person, card_id=note.cards.get().id, deck_id=deck.id, starred=True)
    return deck


def sign_up(browser: Client, name: str = "Anna", **more: str) -> object:
    return browser.post(SIGN_UP, {"username": name, "password1": PASSWORD, **more})


def sign_in(browser: Client, name: str = "Anna", password: str = PASSWORD, **more: str) -> object:
    return browser.post(SIGN_IN, {"login": name, "password": password, **more})


def test_what_is_left_empty_is_asked_for_beside_its_field(browser: Client) -> None:
    page = browser.post(SIGN_UP, {"username": "", "password1": ""}).content.decode()
    assert page.count("Fill this in.") == 2
    assert page.count('aria-invalid="true"') == 2


def test_a_first_visit_keeps_nothing_and_makes_nobody(browser: Client) -> None:
    assert browser.get(SIGN_IN).status_code == 200
    assert browser.get("/account/settings/").status_code == 200
    assert not Person.objects.exists()
    assert not Session.objects.exists()


class TestSigningUp:
    def test_makes_an_account_and_signs_in(self, browser: Client) -> None:
        response = sign_up(browser)
        assert response.status_code == 302
        assert response["Location"] == "/"
        assert queries.named("anna") is not None
        assert b"Anna" in browser.get("/account/").content

    def test_keeps_all_a_guest_did(self, browser: Client) -> None:
        guest = guest_in(browser)
        deck = deck_of(guest)
        page = browser.get(SIGN_UP).content.decode()
        assert "What you did as a guest comes along" in page
        sign_up(browser)
        anna = queries.named("Anna")
        assert anna is not None
        assert anna.id == guest.id
        deck.refresh_from_db()
        assert deck.owner == anna
        assert Mark.objects.get().learner == anna
        assert "guest" not in browser.session

    def test_changes_the_session_s_key(self, browser: Client) -> None:
        guest_in(browser)
        before = browser.cookies["sessionid"].value
        sign_up(browser)
        assert browser.cookies["sessionid"].value != before
        assert not Session.objects.filter(session_key=before).exists()

    def test_says_which_names_are_free(self, browser: Client, anna: Person) -> None:
        page = sign_up(browser, "ANNA").content.decode()
        assert "ANNA is taken here. ANNA2 and ANNA-K are free." in page
        assert 'value="ANNA"' in page
        assert Person.objects.count() == 1

    @pytest.mark.parametrize("name", ["A", "<b>Anna</b>", "anna@example.org", "x" * 61])
    def test_says_what_a_name_is(self, browser: Client, name: str) -> None:
        assert "A name has 2 to 60 letters" in sign_up(browser, name).content.decode()
        assert not Person.objects.exists()

    def test_says_what_is_wrong_with_a_password(self, browser: Client) -> None:
        page = browser.post(SIGN_UP, {"username": "Anna", "password1": "anna1"}).content.decode()
        assert 'aria-invalid="true"' in page
        assert "at least 8 characters" in page
        assert not Person.objects.exists()

    def test_keeps_an_e_mail_address_where_one_is_given(self, browser: Client) -> None:
        sign_up(browser, email="Anna@Example.org")
        anna = queries.named("Anna")
        assert anna is not None
        assert anna.email == "anna@example.org"

    def test_tells_nobody_whose_address_is_known(self, browser: Client, anna: Person) -> None:
        actions.give_email(anna, "anna@example.org")
        assert sign_up(browser, "Mallory", email="anna@example.org").status_code == 302

    def test_is_refused_with_a_sentence_where_it_is_closed(self, browser: Client, told: Callable[..., None]) -> None:
        told(SIGN_UP="closed")
        for response in (browser.get(SIGN_UP), sign_up(browser)):
            assert response.status_code == 403
            assert "made by the owner of this server" in response.content.decode()
        assert not Person.objects.exists()

    def test_too_often_is_told_with_429(self, browser: Client) -> None:
        answers = [browser.post(SIGN_UP, {"username": "", "password1": ""}) for _ in range(21)]
        assert answers[19].status_code == 200
        assert answers[20].status_code == 429
        assert "tried too often" in answers[20].content.decode()
        assert answers[20]["Retry-After"] == "60"


class TestSigningIn:
    def test_works_by_name_in_any_case_and_by_e_mail(self, browser: Client, anna: Person) -> None:
        actions.give_email(anna, "anna@example.org")
        for name in ("Anna", "ANNA", " anna ", "Anna@example.org"):
            assert sign_in(browser, name).status_code == 302
            browser.post(SIGN_OUT)

    def test_does_not_say_whether_name_or_password_was_wrong(self, browser: Client, anna: Person) -> None:
        sentence = "Name and password do not belong together."
        assert sentence in sign_in(browser, "Anna", "wrong").content.decode()
        assert sentence in sign_in(browser, "Nobody", "wrong").content.decode()

    def test_five_wrong_ones_make_a_pause_for_the_right_one_too(self, browser: Client, anna: Person) -> None:
        for _ in range(5):
            assert sign_in(browser, "Anna", "wrong").status_code == 200
        response = sign_in(browser)
        assert response.status_code == 429
        assert "Wait five minutes" in response.content.decode()

    def test_changes_the_session_s_key(self, browser: Client, anna: Person) -> None:
        guest_in(browser)
        before = browser.cookies["sessionid"].value
        sign_in(browser)
        assert browser.cookies["sessionid"].value != before

    def test_never_signs_a_guest_in(self, browser: Client) -> None:
        guest = guest_in(browser)
        assert sign_in(Client(), guest.name, "").status_code == 200
        assert sign_in(Client(), guest.name, "!").status_code == 200

    def test_brings_a_guest_s_progress_to_the_account(self, browser: Client, anna: Person) -> None:
        guest = guest_in(browser)
        deck = deck_of(guest)
        page = browser.get(SIGN_IN).content.decode()
        assert "Keep what I did here as a guest" in page
        assert "1 set and 0 answers join the account." in page
        sign_in(browser, asked_keep="1", keep="on")
        deck.refresh_from_db()
        assert deck.owner == anna
        assert Mark.objects.get().learner == anna
        assert not Person.objects.filter(id=guest.id).exists()
        assert browser.get("/account/").context["learner"] == anna
        assert Session.objects.get().person == anna

    def test_brings_along_what_the_guest_was_looking_at(self, browser: Client, anna: Person) -> None:
        guest_in(browser)
        preview = browser.post("/add/", {"text": "Lenin\tdied 1924\nTrotsky\tremained silent"})["Location"]
        sign_in(browser, next=preview)
        assert browser.get(preview).status_code == 200

    def test_leaves_it_apart_where_that_is_wished_and_gives_it_back_after_signing_out(self, browser: Client, anna: Person) -> None:
        guest = guest_in(browser)
        deck = deck_of(guest)
        sign_in(browser, asked_keep="1")
        deck.refresh_from_db()
        assert deck.owner == guest
        assert browser.get("/account/").context["learner"] == anna
        browser.post(SIGN_OUT)
        assert browser.get("/account/").context["learner"] == guest

    @pytest.mark.parametrize(
        "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", "\t//evil.example"]
    )
    def test_leads_nowhere_else(self, browser: Client, anna: Person, evil: str) -> None:
        assert sign_in(browser, next=evil)["Location"] == "/"
        assert browser.post("/account/language/", {"language": "de", "next": evil})["Location"] == "/"
        assert browser.post("/account/theme/", {"theme": "dark", "next": evil})["Location"] == "/"
        assert browser.post("/account/settings/", {"theme": "dark", "next": evil})["Location"] == "/account/settings/"

    def test_leads_back_to_where_one_was(self, browser: Client, anna: Person) -> None:
        assert sign_in(browser, next="/library/?q=a")["Location"] == "/library/?q=a"

    def test_needs_the_token_of_our_own_page(self, anna: Person) -> None:
        stranger = Client(enforce_csrf_checks=True)
        assert sign_in(stranger).status_code == 403


class TestSigningOut:
    def test_ends_the_session(self, browser: Client, anna: Person) -> None:
        sign_in(browser)
        browser.post(SIGN_OUT)
        assert not Session.objects.filter(person=anna).exists()
        assert browser.get("/account/").status_code == 302

    def test_is_no_link(self, browser: Client) -> None:
        found = browser.get(SIGN_OUT)
        assert found.status_code == 405
        assert found["Allow"] == "POST"
        assert "press the button there" in found.content.decode()


class TestALink:
    def test_is_used_up_by_its_button_only(self, browser: Client, anna: Person) -> None:
        address = f"/account/link/{actions.make_link(anna, timezone.now())}/"
        for _ in range(3):
            assert "Sign in here" in browser.get(address).content.decode()
        assert browser.post(address)["Location"] == "/account/"
        assert browser.get("/account/").context["learner"] == anna
        again = Client().post(address)
        assert again.status_code == 410
        assert "used already" in again.content.decode()
        assert Client().get(address).status_code == 410

    def test_of_yesterday_is_gone(self, browser: Client, anna: Person) -> None:
        token = actions.make_link(anna, timezone.now() - dt.timedelta(hours=24, minutes=1))
        assert browser.get(f"/account/link/{token}/").status_code == 410

    def test_brings_a_guest_s_progress_along(self, browser: Client, anna: Person) -> None:
        deck = deck_of(guest_in(browser))
        browser.post(f"/account/link/{actions.make_link(anna, timezone.now())}/")
        deck.refresh_from_db()
        assert deck.owner == anna

    def test_takes_the_place_of_whoever_is_signed_in(self, browser: Client, anna: Person) -> None:
        ben = actions.make_person("Ben", PASSWORD, now=timezone.now())
        sign_in(browser, "Ben")
        browser.post(f"/account/link/{actions.make_link(anna, timezone.now())}/")
        assert browser.get("/account/").context["learner"] == anna
        assert not Session.objects.filter(person=ben).exists()

    def test_tried_too_often_is_told_with_429(self, browser: Client) -> None:
        answers = [browser.post(f"/account/link/{uuid.uuid4().hex}/").status_code for _ in range(11)]
        assert answers == [410] * 10 + [429]

    def test_lets_one_choose_a_password_without_the_old_one(self, browser: Client, anna: Person) -> None:
        browser.post(f"/account/link/{actions.make_link(anna, timezone.now())}/")
        assert browser.post("/account/password/", {"new": "another sentence 12"}).status_code == 302
        anna.refresh_from_db()
        assert anna.check_password("another sentence 12")


def test_guests_are_refused_with_a_sentence_where_they_are_not_wanted(browser: Client, told: Callable[..., None]) -> None:
    told(GUESTS="closed")
    response = browser.post("/account/settings/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Sign in first" in response.content.decode()


class TestCookies:
    def test_are_secure_wherever_the_page_is_https(self, browser: Client, anna: Person) -> None:
        browser.get(SIGN_IN, secure=True)
        browser.post(SIGN_IN, {"login": "Anna", "password": PASSWORD}, secure=True, headers={"Referer": "https://testserver/"})
        browser.post("/account/language/", {"language": "de"}, secure=True)
        assert {"sessionid", "csrftoken", "django_language"} <= set(browser.cookies)
        assert all(cookie["secure"] for cookie in browser.cookies.values())
        assert browser.cookies["sessionid"]["httponly"]
        assert all(cookie["samesite"] == "Lax" for cookie in browser.cookies.values())

    def test_work_on_a_plain_local_network_too(self, browser: Client, anna: Person) -> None:
        sign_in(browser)
        assert not browser.cookies["sessionid"]["secure"]

    def test_of_a_guest_live_on_from_each_day_they_come(self, browser: Client) -> None:
        guest = guest_in(browser)
        actions.seen(guest, timezone.now() - dt.timedelta(days=300))
        session = browser.session
        session["seen"] = "2025-01-01"
        session.save()
        response = browser.get("/account/")
        assert "sessionid" in response.cookies
        guest.refresh_from_db()
        assert guest.seen_at > timezone.now() - dt.timedelta(minutes=1)
        assert "sessionid" not in browser.get("/account/").cookies
