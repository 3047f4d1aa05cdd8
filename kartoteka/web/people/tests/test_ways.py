"""Ways to sign in: an app's codes, recovery codes, passkeys; through the door."""

from __future__ import annotations

import html
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from kartoteka.people import ways
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.web.people.adapter import CONFIRMED
from kartoteka.web.people.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN, STEP = "/account/sign-in/", "/account/sign-in/step/"


@pytest.fixture
def signed_in(browser: Client, anna: Person) -> Client:
    assert browser.post(SIGN_IN, {"login": "Anna", "password": PASSWORD}).status_code == 302
    return browser


def code_of(secret: str, *, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def with_an_app(client: Client) -> tuple[str, list[str]]:
    """Sets an app up; its secret and the recovery codes that were shown."""
    page = client.get("/account/ways/app/").content.decode()
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', page)
    assert secret
    key = secret[1].replace(" ", "")
    told = client.post("/account/ways/app/", {"code": code_of(key)})
    assert "no-store" in told["Cache-Control"]
    return key, [code.replace(" ", "") for code in re.findall(r'class="secret">([\d ]+)<', told.content.decode())]


def signing_in() -> Client:
    client = Client()
    assert client.post(SIGN_IN, {"login": "Anna", "password": PASSWORD})["Location"] == STEP
    assert client.get("/account/").status_code == 302, "the password alone opens nothing"
    return client


def test_the_account_page_leads_there(signed_in: Client) -> None:
    assert "/account/ways/" in signed_in.get("/account/").content.decode()
    page = signed_in.get("/account/ways/").content.decode()
    assert "Add a passkey" in page
    assert "Set up an app" in page
    assert "Recovery codes" not in page


def test_with_an_app_a_code_is_asked_for_after_the_password(signed_in: Client) -> None:
    secret, codes = with_an_app(signed_in)
    assert len(set(codes)) == 10
    client = signing_in()
    assert "Code of your app" in client.get(STEP).content.decode()
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    assert client.post(STEP, {"code": code_of(secret, later=1)}).status_code == 302
    assert client.get("/account/").status_code == 200
    again = signing_in()
    assert again.post(STEP, {"code": code_of(secret, later=1)}).status_code == 200, "a code is used once"


def test_a_wrong_first_code_sets_nothing_up(signed_in: Client, anna: Person) -> None:
    signed_in.get("/account/ways/app/")
    refused = signed_in.post("/account/ways/app/", {"code": "12345"})
    assert refused.status_code == 422
    assert "does not fit" in refused.content.decode()
    assert not ways.ways_of(anna).any


def test_a_recovery_code_lets_in_once_and_codes_are_shown_once(signed_in: Client, anna: Person) -> None:
    _secret, codes = with_an_app(signed_in)
    client = signing_in()
    assert client.post(STEP, {"code": codes[3]}).status_code == 302
    assert ways.ways_of(anna).codes == 9
    assert signing_in().post(STEP, {"code": codes[3]}).status_code == 200
    page = signed_in.get("/account/ways/").content.decode()
    assert "9 left" in page
    assert not any(code in page.replace(" ", "") for code in codes)
    fresh = signed_in.post("/account/ways/codes/").content.decode()
    assert codes[4] not in fresh.replace(" ", "")
    assert signing_in().post(STEP, {"code": codes[4]}).status_code == 200, "the old ones are void"


def test_guessing_codes_stops_after_five_tries(signed_in: Client) -> None:
    secret, _codes = with_an_app(signed_in)
    client = signing_in()
    for n in range(5):
        client.post(STEP, {"code": f"{n:06}"})
    stopped = client.post(STEP, {"code": code_of(secret, later=1)})
    assert stopped.status_code == 200
    assert "tried too often" in stopped.content.decode()


def test_without_the_app_the_password_is_enough_again(signed_in: Client, anna: Person) -> None:
    with_an_app(signed_in)
    signed_in.post("/account/ways/app/remove/")
    assert ways.ways_of(anna) == ways.Ways(), "codes alone would let nobody in"
    assert Client().post(SIGN_IN, {"login": "Anna", "password": PASSWORD})["Location"] == "/"


def test_an_open_screen_changes_nothing_without_the_password(anna: Person) -> None:
    client = Client()
    client.force_login(anna)
    for path in ("app/remove/", "codes/", "passkey/1/remove/"):
        assert client.post(f"/account/ways/{path}")["Location"].startswith("/account/ways/confirm/")
    assert client.get("/account/ways/app/")["Location"] == "/account/ways/confirm/?next=/account/ways/app/"
    assert "That is not your password" in html.unescape(client.post("/account/ways/confirm/", {"password": "guessed"}).content.decode())
    assert CONFIRMED not in client.session
    assert client.post("/account/ways/confirm/", {"password": PASSWORD, "next": "/account/ways/app/"})["Location"] == "/account/ways/app/"
    assert client.get("/account/ways/app/").status_code == 200


def test_what_is_no_passkey_is_refused(signed_in: Client, anna: Person) -> None:
    assert "&quot;challenge&quot;" in signed_in.get("/account/ways/passkey/").content.decode()
    for credential in ("", "{}", "[]", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}'):
        assert signed_in.post("/account/ways/passkey/", {"credential": credential}).status_code == 422
    assert not ways.ways_of(anna).passkeys
    with pytest.raises(NotThere):
        ways.remove_passkey(anna, 4711)


def test_an_unknown_passkey_signs_nobody_in(browser: Client, anna: Person) -> None:
    asked = browser.get("/account/sign-in/passkey/", headers={"Accept": "application/json"})
    assert "challenge" in asked.json()["publicKey"]
    for credential in ("", "[]", "{}", '{"id": "x", "rawId": "eA", "type": "public-key", "response": {"userHandle": "eA"}}'):
        assert browser.post("/account/sign-in/passkey/", {"credential": credential})["Location"] == SIGN_IN
    assert "not known here" in browser.get(SIGN_IN).content.decode()
