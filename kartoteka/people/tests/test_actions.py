"""Persons are made, become accounts, sign in by a link, and go."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from kartoteka.people import actions, queries
from kartoteka.people.models import Person, SignInLink
from kartoteka.people.refusals import LinkGone, NotAName, WeakPassword
from kartoteka.store.refusals import NotAllowed

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 14, 15, 9, tzinfo=dt.UTC)
NOW_MS = int(NOW.timestamp() * 1000)
PASSWORD = "paper cabinet 1927"


def test_an_owner_without_a_name_is_shown_as_what_they_are() -> None:
    owner = actions.ensure_owner()
    assert owner.shown_name == "Whoever runs this site"
    owner.name = "Anna"
    assert owner.shown_name == "Anna"


def told(settings: Settings, **values: object) -> None:
    """The instance's environment, with some of its settings changed."""
    kept = django_settings.ENVIRONMENT
    settings.ENVIRONMENT = type(kept)({**kept.values, **{f"KARTOTEKA_{name}": value for name, value in values.items()}}, kept.data)


def test_a_guest_who_signs_up_keeps_their_row() -> None:
    guest = actions.make_guest()
    anna = actions.sign_up(guest, name="Anna", password=PASSWORD, now=NOW)
    assert anna.id == guest.id
    assert not anna.is_guest
    assert anna.check_password(PASSWORD)
    assert queries.named("ANNA") == anna
    assert queries.guest(str(guest.id)) is None


def test_a_name_is_taken_whatever_its_case_and_free_ones_are_named() -> None:
    actions.make_person("Ben", PASSWORD, now=NOW)
    with pytest.raises(NotAName, match=r"BEN is taken here. BEN2 and BEN-K are free."):
        actions.sign_up(None, name="BEN", password=PASSWORD, now=NOW)
    assert queries.accounts().count() == 1


def test_a_password_that_would_be_guessed_is_refused_and_nothing_is_made() -> None:
    for weak in ("short", "password", "Anna-Maria"):
        with pytest.raises(WeakPassword):
            actions.sign_up(None, name="Anna-Maria", password=weak, now=NOW)
    assert not Person.objects.exists()


def test_a_guest_s_own_name_signs_nobody_in() -> None:
    guest = actions.make_guest()
    assert queries.named(guest.name) is None


def test_guests_are_refused_where_they_are_not_wanted(settings: Settings) -> None:
    told(settings, GUESTS="closed")
    with pytest.raises(NotAllowed, match="Sign in first"):
        actions.make_guest()


class TestTheOwner:
    def test_is_made_once_and_without_a_password(self) -> None:
        owner = actions.ensure_owner()
        assert actions.ensure_owner() == owner == queries.owner()
        assert not owner.has_usable_password()

    def test_is_given_a_name_and_a_password_and_stays_the_same_person(self) -> None:
        owner = actions.ensure_owner()
        anna = actions.make_person("Anna", PASSWORD, owner=True, now=NOW)
        assert anna.id == owner.id
        assert queries.owner() == anna
        assert queries.named("owner") is None

    def test_is_not_pushed_out(self) -> None:
        actions.make_person("Anna", PASSWORD, owner=True, now=NOW)
        with pytest.raises(NotAllowed, match="has an owner already: Anna"):
            actions.make_person("Ben", PASSWORD, owner=True, now=NOW)

    def test_is_made_though_a_stranger_is_called_owner(self) -> None:
        stranger = actions.sign_up(None, name="Owner", password=PASSWORD, now=NOW)
        assert actions.ensure_owner() != stranger


class TestALink:
    def test_signs_in_once(self) -> None:
        anna = actions.make_person("Anna", now=NOW)
        token = actions.make_link(anna, NOW)
        assert queries.link_waits(token, NOW)
        assert actions.use_link(token, NOW) == anna
        assert not queries.link_waits(token, NOW)
        with pytest.raises(LinkGone):
            actions.use_link(token, NOW)

    def test_is_kept_as_a_hash_only(self) -> None:
        token = actions.make_link(actions.make_person("Anna", now=NOW), NOW)
        assert token not in str(SignInLink.objects.values().get())

    def test_is_gone_after_a_day(self) -> None:
        token = actions.make_link(actions.make_person("Anna", now=NOW), NOW)
        with pytest.raises(LinkGone):
            actions.use_link(token, NOW + dt.timedelta(hours=24))

    def test_cannot_be_guessed(self) -> None:
        with pytest.raises(LinkGone):
            actions.use_link("0" * 43, NOW)


class TestOldGuests:
    def test_go_after_a_year_and_nobody_else_does(self) -> None:
        old, new = actions.make_guest(), actions.make_guest()
        anna = actions.make_person("Anna", now=NOW)
        actions.seen(old, NOW - dt.timedelta(days=366))
        actions.seen(new, NOW - dt.timedelta(days=364))
        actions.seen(anna, NOW - dt.timedelta(days=3660))
        assert actions.end_old_guests(NOW) == 1
        assert set(Person.objects.all()) == {new, anna}

    def test_go_all_of_them_however_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "GUESTS_AT_ONCE", 2)
        for _ in range(5):
            actions.seen(actions.make_guest(), NOW - dt.timedelta(days=366))
        assert actions.end_old_guests(NOW) == 5

    def test_stay_where_the_instance_says_so(self, settings: Settings) -> None:
        told(settings, GUEST_DAYS=0)
        actions.seen(actions.make_guest(), NOW - dt.timedelta(days=3660))
        assert actions.end_old_guests(NOW) == 0


class TestDays:
    def test_a_new_day_start_begins_now_and_moves_no_past_day(self) -> None:
        anna = actions.make_person("Anna", now=NOW)
        Person.objects.filter(id=anna.id).update(calendar=[[0, 240]], time_zone="UTC")
        moved = actions.prefer(anna, now_ms=NOW_MS, day_start_min=0)
        assert moved.calendar[0] == [0, 240]
        assert moved.calendar[1][1] == 0
        assert moved.calendar[1][0] > NOW_MS

    def test_travel_begins_a_new_cut(self) -> None:
        anna = actions.make_person("Anna", now=NOW)
        Person.objects.filter(id=anna.id).update(calendar=[[0, 240]], time_zone="UTC")
        assert actions.prefer(anna, now_ms=NOW_MS, time_zone="America/New_York").calendar[-1][1] == 240 + 240

    def test_the_same_again_adds_nothing(self) -> None:
        anna = actions.make_person("Anna", now=NOW)
        Person.objects.filter(id=anna.id).update(calendar=[[0, 240]], time_zone="UTC")
        assert actions.prefer(anna, now_ms=NOW_MS, day_start_min=240, theme="dark").calendar == [[0, 240]]

    def test_before_the_first_answer_nothing_is_kept(self) -> None:
        anna = actions.make_person("Anna", now=NOW)
        assert actions.prefer(anna, now_ms=NOW_MS, day_start_min=0).calendar == []


def test_only_settings_can_be_preferred() -> None:
    with pytest.raises(TypeError, match="is_owner"):
        actions.prefer(actions.make_guest(), now_ms=NOW_MS, is_owner=True)
