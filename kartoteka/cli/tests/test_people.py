"""Accounts and sign-in links on the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from pytest_django import Settings

from kartoteka.cli import address
from kartoteka.cli.main import main
from kartoteka.people import queries

pytestmark = pytest.mark.django_db
PASSWORD = "paper cabinet 1927"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["user", *words], input=typed)


def test_an_account_is_made_and_signs_in() -> None:
    done = run("create", "Anna", "--password-stdin", typed=PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    assert Client().post("/account/sign-in/", {"login": "anna", "password": PASSWORD}).status_code == 302


def test_the_owner_gets_a_name_and_stays_who_they_are() -> None:
    run("link")
    owner = queries.owner()
    assert owner is not None
    made = json.loads(run("create", "Anna", "--owner", "--password-stdin", "--json", typed=PASSWORD + "\n").stdout)
    assert made == {"id": str(owner.id), "name": "Anna", "owner": True, "password": True}


def test_a_link_signs_one_browser_in() -> None:
    done = run("link")
    address = done.stdout.strip()
    assert address.startswith("http://127.0.0.1:8000/account/link/")
    browser = Client()
    assert browser.post(address.removeprefix("http://127.0.0.1:8000")).status_code == 302
    assert browser.get("/account/").context["learner"] == queries.owner()


def test_a_link_leads_to_where_the_server_answers(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    assert "No server runs" in run("link").stderr
    address.remember(address.address_of("0.0.0.0", 8123))  # noqa: S104
    done = run("link")
    assert done.stdout.startswith("http://127.0.0.1:8123/account/link/")
    assert "No server runs" not in done.stderr
    address.forget()
    assert run("link").stdout.startswith("http://127.0.0.1:8000/account/link/")
    assert address.address_of("::1", 80) == "http://[::1]:80"


def test_a_link_names_the_public_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cards.example.org"
    assert run("link").stdout.startswith("https://cards.example.org/account/link/")


def test_a_name_that_is_taken_and_one_that_nobody_has_end_with_1_and_a_sentence() -> None:
    run("create", "Anna")
    for words in (("create", "ANNA"), ("create", "<b>"), ("link", "Nobody")):
        done = run(*words)
        assert done.exit_code == 1
        assert done.stderr.strip().endswith(".")
        assert "Traceback" not in done.output


def test_a_weak_password_makes_nobody() -> None:
    assert run("create", "Anna", "--password-stdin", typed="anna\n").exit_code == 1
    assert queries.named("Anna") is None


def test_the_list_says_who_there_is() -> None:
    run("link")
    run("create", "Anna", "--password-stdin", typed=PASSWORD + "\n")
    Client().post("/account/settings/", {"theme": "dark"})
    found = json.loads(run("list", "--json").stdout)
    assert [(row["name"], row["owner"], row["password"]) for row in found["people"]] == [("Anna", False, True), ("owner", True, False)]
    assert found["guests"] == 1
    assert "owner (owner, no password)" in run("list").stdout


def test_every_command_says_what_it_does() -> None:
    for words in ((), ("create",), ("link",), ("list",)):
        done = run(*words, "--help")
        assert done.exit_code == 0
        assert len(done.stdout.splitlines()) > 5
