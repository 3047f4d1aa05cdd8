"""Studying in the terminal: the same actions, also on a pipe."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from kartoteka.cli.main import main
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.models import Memory, Review
from kartoteka.study.tests.conftest import make_deck

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Person:
    return Person.objects.create(name="Anna")


@pytest.fixture
def deck(anna: Person) -> Deck:
    return make_deck(anna)


def study(*words: str, said: str) -> Result:
    return CliRunner().invoke(main, ["study", *words, "--user", "Anna"], input=said)


def test_cards_are_asked_rated_and_remembered(deck: Deck) -> None:
    result = study("Birds", said="\n4\n\n4\n\n4\n")
    assert result.exit_code == 0, result.output
    assert "term 0" in result.output
    assert "definition 2" in result.output
    assert "3 of 3 cards done." in result.output
    assert Memory.objects.count() == 3


def test_an_answer_is_undone_and_leaving_keeps_the_rest(deck: Deck) -> None:
    result = study(str(deck.id), said="\n4\nu\n\n1\nq\n")
    assert "Undone." in result.output
    assert "Every answer is saved" in result.output
    assert Review.objects.count() == 3
    assert not Memory.objects.get().last_ok
    again = study("birds", said="\n4\n")
    assert "1/3" in again.output


def test_a_missed_card_comes_back_in_the_same_visit(deck: Deck) -> None:
    result = study("Birds", said="\n1\n\n4\n\n4\n\n4\n")
    assert "again" in result.output
    assert "3 of 3 cards done." in result.output


def test_looking_and_sorting(deck: Deck) -> None:
    looked = study("Birds", "--mode", "flashcards", said="\n" * 6)
    assert "3 of 3 cards done." in looked.output
    assert not Memory.objects.exists()
    piled = study("Birds", "--mode", "sorting", said="\n1\n\n2\n\n2\n\n2\n")
    assert "3 of 3 cards done." in piled.output
    assert Memory.objects.count() == 3


def test_what_is_no_key_is_asked_again(deck: Deck) -> None:
    result = study("Birds", said="\n7\n4\nq\n")
    assert "none of these" in result.output
    assert Review.objects.count() == 1


def test_options_are_given_by_name(deck: Deck) -> None:
    refused = study("Birds", "--mode", "flashcards", "--set", "cards=starred", said="")
    assert refused.exit_code == 1
    assert "3 not starred" in refused.output
    assert study("Birds", "--set", "nonsense=1", said="").exit_code == 2
    assert study("Birds", "--mode", "juggling", said="").exit_code == 2


def test_a_set_that_is_not_there(deck: Deck, anna: Person) -> None:
    unknown = study("Fishes", said="")
    assert unknown.exit_code == 1
    assert "deck list" in unknown.output
    make_deck(anna)
    assert "Several sets" in study("Bird", said="").output
    foreign = make_deck(Person.objects.create(name="Ben"), visibility="private")
    assert study(str(foreign.id), said="").exit_code == 1
