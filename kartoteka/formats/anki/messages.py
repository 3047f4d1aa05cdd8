"""Note types, decks and presets between the two ways Anki says them: JSON (schema 11) and protobuf messages (schema 15 and later)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from kartoteka.formats.anki import proto
from kartoteka.formats.anki.proto import Message

LATEX_PRE = (
    "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amssymb,amsmath}\n"
    "\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n"
)
LATEX_POST = "\\end{document}"
REQUIRED = ("none", "any", "all")
DEFAULT_DECK = 1


def _message(raw: bytes) -> Message:
    """A message; a damaged one is an empty one, so that it costs no deck."""
    try:
        return Message(raw)
    except ValueError:
        return Message(b"")


def _kept(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def kept_bytes(said: Mapping[str, Any], name: str) -> bytes:
    """Bytes that were kept beside what was understood of them."""
    try:
        return base64.b64decode(str(said.get(name, "")), validate=True)
    except ValueError:
        return b""


# Note types.


def note_type(id: int, name: str, mtime_s: int, raw: bytes) -> dict[str, Any]:
    config = _message(raw)
    found: dict[str, Any] = {
        "id": id,
        "name": name,
        "mod": mtime_s,
        "type": config.number(1),
        "sortf": config.number(2),
        "css": config.text(3),
        "latexPre": config.text(5),
        "latexPost": config.text(6),
        "latexsvg": bool(config.number(7)),
        "originalStockKind": config.number(9),
        "req": [[one.number(1), REQUIRED[min(2, max(0, one.number(2)))], one.numbers(3)] for one in config.messages(8)],
        "flds": [],
        "tmpls": [],
    }
    if 10 in config:
        found["originalId"] = config.number(10)
    return found


def field_of(at: int, name: str, raw: bytes) -> dict[str, Any]:
    config = _message(raw)
    found: dict[str, Any] = {
        "name": name,
        "ord": at,
        "sticky": bool(config.number(1)),
        "rtl": bool(config.number(2)),
        "font": config.text(3) or "Arial",
        "size": config.number(4) or 20,
        "description": config.text(5),
        "plainText": bool(config.number(6)),
        "collapsed": bool(config.number(7)),
        "excludeFromSearch": bool(config.number(8)),
        "preventDeletion": bool(config.number(11)),
    }
    return {**found, **({"id": config.number(9)} if 9 in config else {}), **({"tag": config.number(10)} if 10 in config else {})}


def template_of(at: int, name: str, raw: bytes) -> dict[str, Any]:
    config = _message(raw)
    found: dict[str, Any] = {
        "name": name,
        "ord": at,
        "qfmt": config.text(1),
        "afmt": config.text(2),
        "bqfmt": config.text(3),
        "bafmt": config.text(4),
        "did": config.number(5) or None,
        "bfont": config.text(6),
        "bsize": config.number(7),
    }
    return {**found, **({"id": config.number(8)} if 8 in config else {})}


def note_type_message(said: Mapping[str, Any]) -> bytes:
    requirements = b"".join(
        proto.message(8, proto.number(1, _int(one[0])) + proto.number(2, REQUIRED.index(one[1])) + proto.numbers(3, one[2]))
        for one in said.get("req") or ()
        if isinstance(one, list | tuple) and len(one) == 3 and one[1] in REQUIRED
    )
    original = proto.varint(10 << 3) + proto.varint(_int(said["originalId"])) if said.get("originalId") else b""
    return b"".join(
        (
            proto.number(1, _int(said.get("type")) == 1),
            proto.number(2, _int(said.get("sortf"))),
            proto.data(3, str(said.get("css", ""))),
            proto.data(5, str(said.get("latexPre", LATEX_PRE))),
            proto.data(6, str(said.get("latexPost", LATEX_POST))),
            proto.number(7, bool(said.get("latexsvg"))),
            requirements,
            proto.number(9, _int(said.get("originalStockKind"))),
            original,
        )
    )


def field_message(said: Mapping[str, Any]) -> bytes:
    flags = (1, "sticky"), (2, "rtl"), (6, "plainText"), (7, "collapsed"), (8, "excludeFromSearch"), (11, "preventDeletion")
    return b"".join(
        (
            *(proto.number(at, bool(said.get(name))) for at, name in flags[:2]),
            proto.data(3, str(said.get("font") or "Arial")),
            proto.number(4, _int(said.get("size")) or 20),
            proto.data(5, str(said.get("description") or "")),
            *(proto.number(at, bool(said.get(name))) for at, name in flags[2:5]),
            _optional(9, said.get("id")),
            _optional(10, said.get("tag")),
            proto.number(11, bool(said.get("preventDeletion"))),
        )
    )


def template_message(said: Mapping[str, Any]) -> bytes:
    texts = (1, "qfmt"), (2, "afmt"), (3, "bqfmt"), (4, "bafmt")
    return b"".join(
        (
            *(proto.data(at, str(said.get(name) or "")) for at, name in texts),
            proto.data(6, str(said.get("bfont") or "")),
            proto.number(7, _int(said.get("bsize"))),
            _optional(8, said.get("id")),
        )
    )


def _optional(at: int, value: Any) -> bytes:
    return proto.varint(at << 3) + proto.varint(_int(value)) if value is not None else b""


def _int(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0


def tidy_type(id: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """A note type whose parts are there and are what they should be."""
    fields = [dict(one) for one in said.get("flds") or () if isinstance(one, Mapping)]
    templates = [dict(one) for one in said.get("tmpls") or () if isinstance(one, Mapping)]
    for listed in (fields, templates):
        listed.sort(key=lambda one: _int(one.get("ord")))
        for at, one in enumerate(listed):
            one["name"] = str(one.get("name") or f"{'Field' if listed is fields else 'Card'} {at + 1}")
            one["ord"] = _int(one.get("ord", at)) if listed is templates else at
    for one in templates:
        one["qfmt"], one["afmt"] = str(one.get("qfmt") or ""), str(one.get("afmt") or "")
    return {**said, "id": id, "name": str(said.get("name") or "Note type"), "type": _int(said.get("type")), "css": str(said.get("css") or ""), "flds": fields, "tmpls": templates}  # fmt: skip


# Decks.


def deck(id: int, name: str, mtime_s: int, common: bytes, kind: bytes) -> dict[str, Any]:
    normal = next(_message(kind).messages(1), None)
    found: dict[str, Any] = {
        "id": id,
        "name": name,
        "mod": mtime_s,
        "dyn": int(normal is None and 2 in _message(kind)),
        "common": _kept(common),
        "kind": _kept(kind),
    }
    if normal is not None:
        found |= {"conf": normal.number(1), "desc": normal.text(4)}
        if 10 in normal:
            found["desiredRetention"] = normal.real(10)
    return found


def deck_messages(said: Mapping[str, Any], preset: int) -> tuple[bytes, bytes]:
    """The two messages of an ordinary deck."""
    if "kind" in said and not said.get("dyn"):
        return kept_bytes(said, "common"), kept_bytes(said, "kind")
    normal = proto.number(1, preset) + proto.data(4, str(said.get("desc") or ""))
    return proto.number(1, 1) + proto.number(2, 1), proto.message(1, normal)


# Presets.

STEPS, RELEARN = 1, 2
PARAMETERS = (3, 5, 6)  # FSRS-4.5, 5, 6


def preset(id: int, name: str, mtime_s: int, raw: bytes) -> dict[str, Any]:
    config = _message(raw)
    parameters = next((found for at in reversed(PARAMETERS) if (found := config.reals(at))), [])
    return {
        "id": id,
        "name": name,
        "mod": mtime_s,
        "new": {"perDay": config.number(9), "delays": config.reals(STEPS)},
        "rev": {"perDay": config.number(10)},
        "lapse": {"delays": config.reals(RELEARN)},
        "desiredRetention": round(config.real(37, 0.9), 4),
        "fsrsParams6": [round(one, 6) for one in parameters],
        "config": _kept(raw),
    }


def preset_message(said: Mapping[str, Any]) -> bytes:
    """As it came, else its main values."""
    if "config" in said:
        return kept_bytes(said, "config")
    new, rev, lapse = (mapping(said.get(name)) for name in ("new", "rev", "lapse"))
    parameters: Any = next((found for name in ("fsrsParams6", "fsrsParams5", "fsrsWeights") if (found := said.get(name))), [])
    return b"".join(
        (
            proto.reals(STEPS, _reals(new.get("delays"), [1.0, 10.0])),
            proto.reals(RELEARN, _reals(lapse.get("delays"), [10.0])),
            proto.reals({17: 3, 19: 5}.get(len(parameters), 6), _reals(parameters, [])),
            proto.number(9, _int(new.get("perDay", 20))),
            proto.number(10, _int(rev.get("perDay", 200))),
            proto.real(11, 2.5),
            proto.real(12, 1.3),
            proto.real(13, 1.2),
            proto.real(15, 1.0),
            proto.number(16, 36_500),
            proto.number(17, 1),
            proto.number(18, 1),
            proto.number(19, 4),
            proto.number(21, 1),
            proto.number(22, 8),
            proto.number(24, 60),
            proto.real(37, _real(said.get("desiredRetention"), 0.9)),
        )
    )


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one in place of anything else."""
    return value if isinstance(value, Mapping) else {}


def _real(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def _reals(values: Any, default: list[float]) -> list[float]:
    return [float(one) for one in values if isinstance(one, int | float)] if isinstance(values, list | tuple) else default


def legacy_preset(said: Mapping[str, Any]) -> dict[str, Any]:
    """A preset as schema 11 says it."""
    if "config" not in said:
        return dict(said)
    new, lapse = said["new"], said["lapse"]
    parameters = said.get("fsrsParams6") or []
    named = {17: "fsrsWeights", 19: "fsrsParams5"}.get(len(parameters), "fsrsParams6")
    return {
        **LEGACY_PRESET,
        "id": said["id"],
        "name": said["name"],
        "mod": said["mod"],
        "new": {**LEGACY_PRESET["new"], "perDay": new["perDay"], "delays": new["delays"]},
        "rev": {**LEGACY_PRESET["rev"], "perDay": said["rev"]["perDay"]},
        "lapse": {**LEGACY_PRESET["lapse"], "delays": lapse["delays"]},
        "desiredRetention": said.get("desiredRetention", 0.9),
        named: parameters,
    }


LEGACY_PRESET: dict[str, Any] = {
    "id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": True, "timer": 0, "replayq": True, "dyn": False,
    "new": {"bury": False, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1, "perDay": 20},
    "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2},
    "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
}  # fmt: skip
LEGACY_DECK: dict[str, Any] = {
    "id": 1, "mod": 0, "name": "Default", "usn": 0, "lrnToday": [0, 0], "revToday": [0, 0], "newToday": [0, 0], "timeToday": [0, 0],
    "collapsed": True, "browserCollapsed": True, "desc": "", "dyn": 0, "conf": 1, "extendNew": 0, "extendRev": 0,
}  # fmt: skip
