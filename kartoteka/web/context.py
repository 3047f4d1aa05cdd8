"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    learner = getattr(request, "learner", None)
    return {"learner": learner, "theme": learner.theme if learner else "", "reading_size": learner.reading_size if learner else 100}
