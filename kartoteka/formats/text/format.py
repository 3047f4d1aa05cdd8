"""Pasted text, one card a row: what stands between the sides and between the rows is found, and may be said otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import BinaryIO

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Problem, Source, Unreadable

TITLE = "Pasted text"
EXTENSIONS = (".txt",)
KEEPS = ("terms", "definitions", "line breaks")

BETWEEN = {"tab": "\t", "semicolon": ";", "dash": " - ", "colon": ": ", "equals": " = ", "pipe": "|", "comma": ","}
ROWS = {"newline": "\n", "semicolon": ";", "blank": "\n\n"}
MOST_ROWS = 200_000
LONGEST = 65_536


def recognises(head: bytes, name: str) -> float:
    if b"\0" in head or head.lstrip()[:1] == b"<":
        return 0.0
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return 0.0
        text = head[: error.start].decode("utf-8-sig")
    return 0.55 if "\t" in text and not name.lower().endswith((".csv", ".tsv")) else 0.4


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    text = source.bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if not text.strip():
        raise Unreadable("There is nothing in it. One card a line, with a tab between its two sides, works everywhere.")
    rows_by = options.get("rows") or _rows(text)
    between = options.get("between") or _between(text, rows_by)
    notes, problems = _cards(text, between, rows_by, backwards=options.get("direction") == "backwards")
    if not notes:
        raise Unreadable("No line of it has two sides. Put a tab between a term and its definition, one card a line.")
    choices = {"between": between, "rows": rows_by, "direction": options.get("direction") or "forwards"}
    return Bundle("text", (BundleDeck("", tuple(notes)),), tuple(problems), choices=choices)


def _sign(names: Mapping[str, str], name: str) -> str:
    return names.get(name, name)


def _rows(text: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    return "semicolon" if len(lines) == 1 and text.count(";") >= 1 and (" - " in text or "\t" in text) else "newline"


def _between(text: str, rows_by: str) -> str:
    """The separator that splits most rows in two; a tab wins wherever it does at all."""
    rows = [row for row in text.split(_sign(ROWS, rows_by)) if row.strip()][:2000]
    best, most = "tab", 0.0
    for name, sign in BETWEEN.items():
        share = sum(sign in row.strip(" ") for row in rows) / max(1, len(rows))
        if name == "tab" and share > 0.1:
            return "tab"
        if share > most + 0.05:
            best, most = name, share
    return best


def _cards(text: str, between: str, rows_by: str, *, backwards: bool) -> tuple[list[BundleNote], list[Problem]]:
    sign, end = _sign(BETWEEN, between), _sign(ROWS, rows_by)
    found: list[tuple[int, str, str]] = []
    problems: list[Problem] = []
    line = 1
    for row in text.split(end):
        place, line = line + len(row) - len(row.lstrip("\n")), line + row.count("\n") + end.count("\n")
        if len(found) >= MOST_ROWS:
            problems.append(Problem(f"line {place}", f"Only the first {MOST_ROWS:,} cards were read. Bring the rest in separately.", "warning", place))
            break
        if sign in row:
            term, definition = row.split(sign, 1)
            found.append((place, term.strip(), definition.strip("\n ").rstrip("\t")))
        elif found and end == "\n" and sign == "\t":
            place, term, definition = found[-1]
            found[-1] = (place, term, f"{definition}\n{row}")
        elif row.strip():
            problems.append(Problem(f"line {place}", f"“{row.strip()[:60]}” has only one side. Put the other beside it, or leave it out.", "refused", place))
    notes = []
    for place, term, definition in found:
        term, definition = (definition, term) if backwards else (term, definition)
        notes.append(BundleNote({"term": html_of(term), "definition": html_of(definition)}, where=f"line {place}", line=place))
    return notes, problems


_BULLET = re.compile(r"^(\s*)[•◦▪‣]\s+(.*)$")


def html_of(text: str) -> str:
    """Plain lines as paragraphs and nested lists."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    if len(lines) == 1 and not _BULLET.match(lines[0]):
        return escape(lines[0].strip())
    parts: list[str] = []
    depths: list[int] = []
    for line in lines:
        bullet = _BULLET.match(line)
        if not bullet:
            parts.extend("</li></ul>" for _ in depths)
            depths.clear()
            if line.strip():
                parts.append(f"<p>{escape(line.strip())}</p>")
            continue
        depth = len(bullet[1].expandtabs(4))
        while len(depths) > 1 and depths[-1] > depth:
            depths.pop()
            parts.append("</li></ul>")
        if depths and depth <= depths[-1]:
            parts.append("</li>")
        else:
            depths.append(depth)
            parts.append("<ul>")
        parts.append(f"<li>{escape(bullet[2])}")
    parts.extend("</li></ul>" for _ in depths)
    return "".join(parts)


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """One card a row, a tab between its sides; further lines of a definition follow without a tab."""
    for deck in bundle.decks:
        for note in deck.notes:
            term, definition = (_plain(note.fields.get(name, "")) for name in ("term", "definition"))
            file.write(f"{' '.join(term.split())}\t{definition.replace(chr(9), ' ')}\n".encode())


def _plain(html: str) -> str:
    """HTML as lines, bullets as bullets."""
    depth, out = 0, []
    for part in re.split(r"(<[^>]+>)", html):
        tag = part.lower()
        if not part.startswith("<"):
            out.append(unescape(part))
        elif tag.startswith(("<ul", "<ol")):
            depth += 1
        elif tag.startswith(("</ul", "</ol")):
            depth -= 1
        elif tag.startswith("<li"):
            out.append("\n" + "  " * (2 * depth - 1) + "• ")
        elif tag.startswith(("<p", "<div", "<br")):
            out.append("\n")
    return "\n".join(line.rstrip() for line in "".join(out).split("\n") if line.strip())
