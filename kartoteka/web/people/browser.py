"""What a browser calls itself, in words a person knows: "Firefox on Linux"."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The first that is found counts: most browsers name several others too.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))


def browser_of(agent: str) -> str:
    """The short name that is kept; nothing more of what the browser says is."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser}/{system}"


def words(kept: str) -> str:
    browser, _slash, system = kept.partition("/")
    shown = browser or _("A browser")
    return _("%(browser)s on %(system)s") % {"browser": shown, "system": system} if system else shown


def is_phone(kept: str) -> bool:
    return kept.endswith(("iPhone", "Android"))
