"""The account page, settings, password, e-mail and devices, through the door."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils.formats import date_format
from pytest_django import Settings

from kartoteka.people import actions, queries
from kartoteka.people.models import Person, Session
from kartoteka.web.people.tests.conftest import NOW, PASSWORD

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
WHOLE: dict[str, Any] = {
    "theme": "dark",
    "reading_size": "125",
    "language": "",
    "time_zone": "Europe/Berlin",
    "day_start_min": "300",
    "minutes_a_day": "25",
    "new_a_day": "7",
    "retention": "0.85",
}


@pytest.fixture
def signed_in(browser: Client, anna: Person) -> Client:
    assert browser.post("/account/sign-in/", {"login": "Anna", "password": PASSWORD}).status_code == 302
    return browser


@pytest.fixture
def phone(anna: Person) -> Client:
    client = Client(headers={"User-Agent": PHONE})
    client.post("/account/sign-in/", {"login": "Anna", "password": PASSWORD})
    return client


class TestTheAccountPage:
    def test_shows_everything_about_oneself(self, signed_in: Client) -> None:
        page = signed_in.get("/account/").content.decode()
        for heading in ("Reading and look", "Day and language", "Spaced Repetition", "Name and password", "Signed-in devices", "Your data"):
            assert f">{heading}</h2>" in page
        assert "Firefox on Linux" in page
        assert "Changed on 14 March 2026" in page

    def test_sends_nobody_to_sign_in(self, browser: Client) -> None:
        assert browser.get("/account/")["Location"] == "/account/sign-in/"

    def test_offers_a_guest_an_account_and_no_password(self, browser: Client) -> None:
        browser.post("/account/settings/", {"theme": "dark"})
        page = browser.get("/account/").content.decode()
        assert "Make an account" in page
        assert "Name and password" not in page
        assert "Delete what I did here" in page

    def test_is_in_german_for_whoever_chose_it(self, signed_in: Client) -> None:
        signed_in.post("/account/settings/", {"language": "de"})
        page = signed_in.get("/account/")
        assert page["Content-Language"] == "de"
        assert "Angemeldete" in page.content.decode()

    def test_escapes_a_name(self, browser: Client) -> None:
        browser.post("/account/sign-up/", {"username": "O’Neill", "password1": PASSWORD})
        assert "O’Neill" in browser.get("/account/").content.decode()
        assert "<script>" not in browser.post("/account/sign-in/", {"login": "<script>", "password": "x"}).content.decode()


class TestSettings:
    def test_are_kept(self, signed_in: Client, anna: Person) -> None:
        assert signed_in.post("/account/settings/", WHOLE)["Location"] == "/account/settings/"
        anna.refresh_from_db()
        assert (anna.theme, anna.reading_size, anna.time_zone, anna.day_start_min) == ("dark", 125, "Europe/Berlin", 300)
        assert (anna.minutes_a_day, anna.new_a_day, anna.retention) == (25, 7, 0.85)
        page = signed_in.get("/account/settings/").content.decode()
        assert 'data-theme="dark"' in page
        assert "reading-125" in page

    def test_that_are_not_sent_stay(self, signed_in: Client, anna: Person) -> None:
        signed_in.post("/account/settings/", WHOLE)
        signed_in.post("/account/settings/", {"minutes_a_day": "30"})
        anna.refresh_from_db()
        assert (anna.theme, anna.minutes_a_day) == ("dark", 30)

    def test_that_make_no_sense_change_nothing_and_say_why(self, signed_in: Client, anna: Person) -> None:
        for wrong in (
            {"time_zone": "Mars/Olympus"},
            {"minutes_a_day": "0"},
            {"minutes_a_day": "x"},
            {"retention": "0.1"},
            {"theme": "pink"},
            {"day_start_min": "2000"},
        ):
            response = signed_in.post("/account/settings/", {**WHOLE, **wrong})
            assert response.status_code == 400
            assert 'class="err"' in response.content.decode()
        anna.refresh_from_db()
        assert anna.theme == ""

    def test_cannot_make_anyone_an_owner(self, signed_in: Client, anna: Person) -> None:
        signed_in.post("/account/settings/", {"theme": "dark", "is_owner": "1", "name": "Owner"})
        anna.refresh_from_db()
        assert not anna.is_owner
        assert anna.name == "Anna"

    def test_of_language_and_theme_live_in_cookies_while_there_is_nobody(self, browser: Client) -> None:
        browser.post("/account/language/", {"language": "de"})
        browser.post("/account/theme/", {"theme": "dark"})
        page = browser.get("/account/sign-in/").content.decode()
        assert '<html lang="de"' in page
        assert 'data-theme="dark"' in page
        assert not Person.objects.exists()

    def test_of_a_forged_theme_are_ignored(self, browser: Client) -> None:
        browser.cookies["theme"] = '"><script>'
        assert "data-theme" not in browser.get("/account/sign-in/").content.decode().split("<body")[0]
        assert "theme" not in browser.post("/account/theme/", {"theme": "x"}).cookies


class TestThePassword:
    def test_is_changed_with_the_old_one_and_other_devices_are_signed_out(self, signed_in: Client, phone: Client, anna: Person) -> None:
        assert signed_in.post("/account/password/", {"old": PASSWORD, "new": "another sentence 12"}).status_code == 302
        assert signed_in.get("/account/").status_code == 200
        assert phone.get("/account/").status_code == 302
        assert Session.objects.filter(person=anna).count() == 1

    @pytest.mark.parametrize(
        ("old", "new", "sentence"), [("wrong", "another sentence 12", "not your password"), (PASSWORD, "short", "at least 8"), (PASSWORD, "Anna", "")]
    )
    def test_stays_where_something_is_wrong(self, signed_in: Client, anna: Person, old: str, new: str, sentence: str) -> None:
        response = signed_in.post("/account/password/", {"old": old, "new": new})
        assert response.status_code == 200
        assert sentence in response.content.decode()
        anna.refresh_from_db()
        assert anna.check_password(PASSWORD)

    def test_is_not_a_guest_s_thing(self, browser: Client) -> None:
        browser.post("/account/settings/", {"theme": "dark"})
        assert browser.get("/account/password/")["Location"] == "/account/sign-in/?next=/account/password/"

    def test_cannot_be_guessed_at_without_end(self, signed_in: Client) -> None:
        answers = [signed_in.post("/account/password/", {"old": "x", "new": "another sentence 12"}).status_code for _ in range(6)]
        assert answers == [200] * 5 + [429]

    def test_forgotten_without_e_mail_is_the_owner_s_matter(self, browser: Client) -> None:
        page = browser.get("/account/reset/").content.decode()
        assert "kartoteka user link NAME" in page

    def test_forgotten_is_reset_by_e_mail_once(self, browser: Client, phone: Client, anna: Person, told: Callable[..., None]) -> None:
        told(EMAIL_URL="smtp://mail.example.org", PUBLIC_URL="http://testserver")
        actions.give_email(anna, "anna@example.org")
        browser.post("/account/reset/", {"email": "anna@example.org"})
        (letter,) = mail.outbox
        assert letter.to == ["anna@example.org"]
        found = re.search(r"http://testserver(/account/reset/\S+)", letter.body)
        assert found, letter.body
        page = browser.get(found[1], follow=True)
        assert "Choose a password" in page.content.decode()
        done = browser.post(page.request["PATH_INFO"], {"password1": "another sentence 12"})
        assert done["Location"] == "/"
        anna.refresh_from_db()
        assert anna.check_password("another sentence 12")
        assert phone.get("/account/").status_code == 302
        assert "no use any more" in Client().get(found[1], follow=True).content.decode()

    def test_reset_tells_nobody_whose_address_is_known(self, browser: Client, anna: Person, told: Callable[..., None]) -> None:
        told(EMAIL_URL="smtp://mail.example.org", PUBLIC_URL="http://testserver")
        response = browser.post("/account/reset/", {"email": "nobody@example.org"})
        assert response["Location"] == "/account/reset/sent/"
        assert not mail.outbox
        assert browser.get("/account/reset/sent/").status_code == 200


class TestTheEMailAddress:
    def test_is_changed_and_taken_away(self, signed_in: Client, anna: Person) -> None:
        signed_in.post("/account/email/", {"email": "Anna@example.org"})
        anna.refresh_from_db()
        assert anna.email == "anna@example.org"
        signed_in.post("/account/email/", {"email": ""})
        anna.refresh_from_db()
        assert anna.email == ""

    def test_that_is_none_is_refused(self, signed_in: Client) -> None:
        assert 'class="err"' in signed_in.post("/account/email/", {"email": "anna"}).content.decode()

    def test_is_confirmed_by_a_letter(self, signed_in: Client, anna: Person, told: Callable[..., None], settings: Settings) -> None:
        told(EMAIL_URL="smtp://mail.example.org", PUBLIC_URL="http://testserver")
        settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
        signed_in.post("/account/email/", {"email": "anna@example.org"})
        found = re.search(r"http://testserver(/account/email/\S+)", mail.outbox[0].body)
        assert found, mail.outbox[0].body
        assert "not confirmed yet" in signed_in.get("/account/").content.decode()
        assert "Yes, it is mine" in signed_in.get(found[1]).content.decode()
        assert not queries.email_state(anna)["verified"]
        signed_in.post(found[1])
        anna.refresh_from_db()
        assert queries.email_state(anna)["verified"]


class TestDevices:
    def test_are_named_and_signed_out_one_by_one(self, signed_in: Client, phone: Client) -> None:
        page = signed_in.get("/account/")
        assert "Safari on iPhone" in page.content.decode()
        assert signed_in.session.session_key not in page.content.decode()
        mark = next(row["mark"] for row in page.context["browsers"] if not row["here"])
        assert signed_in.post(f"/account/devices/{mark}/sign-out/").status_code == 302
        assert phone.get("/account/").status_code == 302

    def test_of_others_cannot_be_signed_out(self, signed_in: Client) -> None:
        actions.make_person("Ben", PASSWORD, now=NOW)
        ben = Client()
        ben.post("/account/sign-in/", {"login": "Ben", "password": PASSWORD})
        mark = Session.objects.get(session_key=ben.session.session_key).mark
        assert signed_in.post(f"/account/devices/{mark}/sign-out/").status_code == 404
        assert ben.get("/account/").status_code == 200


class TestDaysOff:
    def test_weekdays_off_are_kept_and_may_be_taken_back(self, signed_in: Client, anna: Person) -> None:
        signed_in.post("/account/settings/", {"days_off": ["", "5", "6"]})
        anna.refresh_from_db()
        assert anna.days_off == [5, 6]
        signed_in.post("/account/settings/", {"theme": "dark"})
        anna.refresh_from_db()
        assert anna.days_off == [5, 6], "what is not sent stays"
        signed_in.post("/account/settings/", {"days_off": [""]})
        anna.refresh_from_db()
        assert anna.days_off == []

    def test_never_all_seven(self, signed_in: Client, anna: Person) -> None:
        refused = signed_in.post("/account/settings/", {"days_off": ["", *"0123456"]})
        assert refused.status_code == 400
        assert "Leave at least one weekday" in refused.content.decode()

    def test_a_vacation_is_noted_shown_and_ended(self, signed_in: Client, anna: Person) -> None:
        first = dt.date.today() - dt.timedelta(days=1)
        last = first + dt.timedelta(days=30)
        assert signed_in.post("/account/away/", {"first": first.isoformat(), "last": last.isoformat()}).status_code == 302
        back = date_format(last + dt.timedelta(days=1), "j F")
        page = signed_in.get("/account/settings/").content.decode()
        assert f"Back on {back}" in page
        assert "I am back" in page
        signed_in.post("/account/away/", {"end": first.isoformat()})
        assert "I am back" not in signed_in.get("/account/settings/").content.decode()

    @pytest.mark.parametrize(
        "days", [{"first": "tomorrow", "last": ""}, {"first": "2026-13-45", "last": "2026-01-01"}, {"first": "2020-01-01", "last": "2020-01-02"}]
    )
    def test_what_is_no_vacation_is_said_in_a_sentence(self, signed_in: Client, anna: Person, days: dict[str, str]) -> None:
        refused = signed_in.post("/account/away/", days)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
        anna.refresh_from_db()
        assert anna.vacations == []
