"""What every page knows."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

THEMES = ("", "light", "dark")
THEME_COOKIE = "theme"


def house(request: HttpRequest) -> dict[str, Any]:
    learner = getattr(request, "learner", None)
    theme = learner.theme if learner else request.COOKIES.get(THEME_COOKIE, "")
    return {
        "learner": learner,
        "theme": theme if theme in THEMES else "",
        "reading_size": learner.reading_size if learner else 100,
        "chosen_keys": json.dumps(learner.keys) if learner and learner.keys else "",
    }
