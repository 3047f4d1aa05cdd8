"""A passkey is made in a real browser, and signs in alone; the pages around it hinder nobody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Quiet
from tests.journeys.test_accounts import sign_up
from tests.services import House

pytestmark = pytest.mark.journey


def test_a_passkey_signs_in_alone_and_can_be_removed(page: Page, house: House, quiet: Quiet) -> None:
    quiet.origin = at_home = house.url.replace("127.0.0.1", "localhost")  # an address in figures cannot have passkeys
    page.goto(at_home)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "automaticPresenceSimulation": True}})
    sign_up(page, at_home)
    page.goto(f"{at_home}/account/ways/passkey/")
    page.get_by_label("Name", exact=True).fill("Laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codelist li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("bdi", has_text="Laptop")).to_be_visible()
    page.goto(f"{at_home}/account/")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.goto(f"{at_home}/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{at_home}/")
    page.goto(f"{at_home}/account/ways/")
    page.get_by_role("button", name="Remove Laptop").click()
    expect(page.get_by_text("lets nobody in any more")).to_be_visible()
    expect(page.locator("bdi", has_text="Laptop")).to_have_count(0)
