"""What a learner may choose: URL parameters and remembered choices, held against what a mode offers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import ModuleType
from typing import Any

from kartoteka.modes.base import Option, Value

ON = ("1", "on", "true", "yes")
OFF = ("0", "off", "false", "no", "")


def options_from(rules: ModuleType, params: Mapping[str, Any], chosen: Mapping[str, Any] | None = None) -> dict[str, Value]:
    """Every option of a mode: as the parameters say, else as remembered, else its default. What makes no sense is passed over.

    A parameter that an option does not list is ignored, so an old link still opens.
    """
    values: dict[str, Value] = {}
    for option in rules.OPTIONS:
        value = option.default
        for source in (chosen or {}, params):
            if option.name in source and (read := read_option(option, _all_of(source, option.name))) is not None:
                value = read
        values[option.name] = value
    return values


def settled(rules: ModuleType, options: Mapping[str, Any]) -> dict[str, Value]:
    """The same, from values already read: only what the mode offers, all that it offers."""
    return options_from(rules, {}, options)


def _all_of(source: Mapping[str, Any], name: str) -> Any:
    getlist = getattr(source, "getlist", None)
    if getlist is None:
        return source[name]
    found = getlist(name)
    return found[0] if len(found) == 1 else found


def read_option(option: Option, raw: Any) -> Value | None:
    """A value as its option means it; ``None``: it makes no sense."""
    if option.kind == "switch":
        return _switch(raw)
    if option.kind == "number":
        return _number(option, raw)
    if option.kind == "date":
        return _date(raw)
    names = [name for name, _label in option.choices]
    if isinstance(option.default, tuple):
        parts = raw.split(",") if isinstance(raw, str) else [str(part) for part in raw]
        found = tuple(name for name in names if name in parts) if names else tuple(part for part in parts if part)
        return found or None
    text = str(raw[-1] if isinstance(raw, (list, tuple)) and raw else raw)
    return text[:200] if not names or text in names else None


def _switch(raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    text = str(raw[-1] if isinstance(raw, (list, tuple)) and raw else raw).lower()  # a form sends its hidden "off" first
    return True if text in ON else False if text in OFF else None


def _date(raw: Any) -> str | None:
    text = str(raw[-1] if isinstance(raw, (list, tuple)) and raw else raw).strip()
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        return None


def _number(option: Option, raw: Any) -> int | None:
    text = str(raw[-1] if isinstance(raw, (list, tuple)) and raw else raw).strip()
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > 9:
        return None
    number = max(int(text), option.least)
    return min(number, option.most) if option.most else number
