"""A card's own hint in Anki: one more field, which the question offers to show. Note types without one get a copy that has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FIELD = "Hint"
APART = 500_000_007  # between a note type's id and that of its copy with a hint
_SHOWN = re.compile(r"\s*\{\{#(?P<name>[^{}]+)\}\}<div class=\"?kartoteka-hint\"?>\{\{hint:(?P=name)\}\}</div>\{\{/(?P=name)\}\}")


def hint_in(said: Mapping[str, Any]) -> str:
    """The field in which a note type keeps the card's own hint; empty: it has none."""
    return next((found["name"] for one in said["tmpls"] if (found := _SHOWN.search(one["qfmt"]))), "")


def without(template: str) -> str:
    """What a question asks, without its hint."""
    return _SHOWN.sub("", template)


def with_hint(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same note type with a field for a hint, which every question shows when asked."""
    taken = {one["name"].casefold() for one in said["flds"]}
    name = next(name for number in range(1, 1000) if (name := FIELD + (f" {number}" if number > 1 else "")).casefold() not in taken)
    shown = f'\n{{{{#{name}}}}}<div class="kartoteka-hint">{{{{hint:{name}}}}}</div>{{{{/{name}}}}}'
    return {
        **said,
        "name": f"{said['name']} (with hint)",
        "flds": [*said["flds"], {"name": name, "ord": len(said["flds"])}],
        "tmpls": [{**one, "qfmt": one["qfmt"] + shown} for one in said["tmpls"]],
    }
