"""Note types between the two ways Anki says them: JSON (schema 11) and protobuf messages (schema 15 and later). Decks and their options: ``options.py``."""

from __future__ import annotations

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


def message_of(raw: bytes) -> Message:
    """A message; a damaged one is an empty one, so that it costs no deck."""
    try:
        return Message(raw)
    except ValueError:
        return Message(b"")


def note_type(id: int, name: str, mtime_s: int, raw: bytes) -> dict[str, Any]:
    config = message_of(raw)
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
    config = message_of(raw)
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
    config = message_of(raw)
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
    original = proto.optional(10, _int(said["originalId"])) if said.get("originalId") else b""
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
    return proto.optional(at, _int(value)) if value is not None else b""


def _int(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0


def tidy_type(id: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """A note type whose parts are there and are what they should be."""
    fields, templates = (
        [dict(one) for one in listed if isinstance(one, Mapping)] if isinstance(listed := said.get(name), list | tuple) else [] for name in ("flds", "tmpls")
    )
    for listed in (fields, templates):
        listed.sort(key=lambda one: _int(one.get("ord")))
        for at, one in enumerate(listed):
            one["name"] = str(one.get("name") or f"{'Field' if listed is fields else 'Card'} {at + 1}")
            one["ord"] = _int(one.get("ord", at)) if listed is templates else at
    for one in templates:
        one["qfmt"], one["afmt"] = str(one.get("qfmt") or ""), str(one.get("afmt") or "")
    return {**said, "id": id, "name": str(said.get("name") or "Note type"), "type": _int(said.get("type")), "css": str(said.get("css") or ""), "flds": fields, "tmpls": templates}  # fmt: skip


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one in place of anything else."""
    return value if isinstance(value, Mapping) else {}
