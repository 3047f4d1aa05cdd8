"""The frames of all pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

LOOK = Path(__file__).resolve().parent.parent


def made(source: str, **context: object) -> str:
    request = RequestFactory().get("/somewhere/")
    request.user = None  # type: ignore[assignment]
    return engines["django"].from_string(source).render({"theme": "", "reading_size": 100, "messages": [], **context}, request)


def test_the_layout_has_a_way_past_the_bar() -> None:
    html = made('{% extends "look/layout.html" %}{% block main %}<h1>Here</h1>{% endblock %}')
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main"' in html
    assert "<h1>Here</h1>" in html


def test_the_layout_says_its_language_theme_and_reading_size() -> None:
    html = made('{% extends "look/layout.html" %}', theme="dark", reading_size=125)
    assert '<html lang="en" dir="ltr" data-theme="dark"' in html
    assert 'class="reading-125">' in html


def test_a_message_offers_undo_where_its_tag_is_an_address() -> None:
    said = [Message(messages.SUCCESS, "Card deleted", extra_tags="/undo/"), Message(messages.INFO, "Saved")]
    html = made('{% extends "look/layout.html" %}', messages=said)
    assert html.count('class="toast" role="status"><span>Card deleted</span><form method="post" action="/undo/">') == 1
    assert "<span>Saved</span></div>" in html


def test_a_study_screen_has_no_app_frame() -> None:
    html = made(
        '{% extends "look/study.html" %}{% block leave %}/sets/1/{% endblock %}{% block position %}8/31{% endblock %}'
        '{% block card %}<article class="face"></article>{% endblock %}{% block actions %}<button class="b go">Next</button>{% endblock %}'
    )
    assert 'class="top"' not in html
    assert 'id="leave" href="/sets/1/"' in html
    assert "8/31" in html
    assert 'role="region" aria-label="What next"' in html


@pytest.mark.parametrize("name", ["403.html", "404.html", "refused.html"])
def test_an_error_page_shows_its_sentence(name: str) -> None:
    request = RequestFactory().get("/gone/")
    request.user = None  # type: ignore[assignment]
    assert "Line 3 has no term." in get_template(f"look/{name}").render({"sentence": "Line 3 has no term.", "messages": []}, request)


def test_a_missing_page_says_which_address() -> None:
    request = RequestFactory().get("/gone/")
    request.user = None  # type: ignore[assignment]
    assert "/gone/" in get_template("look/404.html").render({"sentence": "", "messages": []}, request)


@pytest.mark.parametrize("name", ["500.html", "away.html", "offline.html"])
def test_the_plainest_pages_need_no_context_and_no_database(name: str) -> None:
    html = render_to_string(f"look/{name}")
    assert "<h1" in html
    assert "Try again" in html


def test_no_template_carries_inline_style_or_script() -> None:
    for file in LOOK.rglob("*.html"):
        text = file.read_text("utf-8")
        assert " style=" not in text, file
        assert " onclick=" not in text, file
        assert "<script" not in text, file


def test_every_stylesheet_is_linked_and_short() -> None:
    html = made('{% extends "look/layout.html" %}')
    for file in (LOOK / "static" / "look").glob("*.css"):
        assert f"look/{file.name}" in html, file
        assert len(file.read_text("utf-8").splitlines()) <= 400, file
