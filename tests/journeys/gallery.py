"""Shows the parts of the house in a browser without a server: ``python -m tests.journeys.gallery FOLDER`` takes their pictures."""

from __future__ import annotations

import mimetypes
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, Route, sync_playwright

ORIGIN = "http://gallery.test"
POLICY = "default-src 'none'; script-src 'self' 'nonce-gallery'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'"
PAGES = ("parts", "spaced", "sorting", "flashcards", "404", "500")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SAMPLE = {
    "counts": {"mastered": 5, "familiar": 8, "fading": 2, "learning": 9, "new": 8},
    "fresh": {"new": 32},
    "levels": ["new", "learning", "familiar", "mastered", "fading"],
    "modes": ["flashcards", "sorting", "learn", "test", "spaced", "match", "play", "call"],
    "points": {
        "past": [(-6 + i / 4, 0.88 + 0.12 * (1 - i / 24) ** 1.3) for i in range(25)],
        "future": [(i / 2, 1 - 0.0077 * (i / 2)) for i in range(37)],
        "next_days": 13,
        "next_on": "7 Dec",
        "sentence": "Recall fell to 88 % in six days. After Got it, it falls more slowly.",
    },
    "seven": [3, 8, 12, 0, 9, 14, 11],
    "loads": [24, 11, 14, 9, 12, 7, 15, 10, 8, 13, 6, 9, 11, 7],
    "today": date(2026, 3, 10),
    "now": NOW,
    "then": NOW - timedelta(days=2),
    "sentence": "",
    "messages": [],
    "reading_size": 100,
}


def html_of(name: str, theme: str) -> str:
    from django.template import engines
    from django.test import RequestFactory

    import kartoteka.look

    look = Path(kartoteka.look.__file__).parent
    file = next(place for place in (look / f"{name}.html", look / "tests" / "gallery" / f"{name}.html") if place.is_file())
    request = RequestFactory().get(f"/{name}/")
    request.csp_nonce = "gallery"
    request.user = None  # type: ignore[assignment]
    return str(engines["django"].from_string(file.read_text("utf-8")).render({**SAMPLE, "theme": theme}, request))


def show(browser: Browser, name: str, *, width: int, theme: str, height: int = 844, listen: list[str] | None = None) -> Page:
    """The page in a window of this width, under the policy that the house serves."""
    from django.contrib.staticfiles import finders

    html = html_of(name, theme)
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light")

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path == f"/{name}/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(path)[0] or "application/octet-stream")
        else:
            route.fulfill(status=404)

    if listen is not None:
        page.on("console", lambda message: listen.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: listen.append(str(error)))
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/{name}/")
    page.wait_for_load_state("networkidle")
    return page


def main(folder: str, only: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.config.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    django.setup()
    from tests.services import chromium

    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--disable-dev-shm-usage"])
        for name in only or PAGES:
            for width in (390, 1280):
                for theme in ("light", "dark"):
                    page = show(browser, name, width=width, theme=theme, height=844 if width == 390 else 800)
                    page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=name == "parts")
                    page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
