"""Rows of cells out of text, with or without quotes, and notes out of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePath

from kartoteka.formats.anki.latex import mathjax_out
from kartoteka.formats.base import BundleNote, Findings, Said
from kartoteka.formats.headings import Columns, has_title
from kartoteka.formats.prose import html_of

MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_FIELD = 65_536  # signs; a longer one is kept, and shown as plain text
MANY_LINES = 60  # a quoted cell of more lines is worth a look
SIGNS: Mapping[str, str] = {"tab": "\t", "comma": ",", "semicolon": ";", "colon": ":", "pipe": "|", "space": " "}
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}
_MARKUP = re.compile(r"<(/?)(b|i|u|s|em|strong|br|div|p|span|mark|ul|ol|li|img|sub|sup|font|a|code|pre|ruby|rt|table|tr|td|th|h[1-6]|hr)\b[^<>]*>", re.I)
_TAGS = re.compile(r"<[^<>]*>")


def sign_of(name: str) -> str:
    """A separator by its name, or as it was written (``\\t`` and ``\\n`` meant as such)."""
    return SIGNS.get(name) or re.sub(r"\\[tn\\]", lambda found: _ESCAPES[found[0]], name)


def name_of(sign: str) -> str:
    return next((name for name, known in SIGNS.items() if known == sign), sign.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n"))


def rows_of(text: str, sign: str, *, quotes: bool, findings: Findings | None = None, columns: int = MOST_COLUMNS) -> Iterator[tuple[int, list[str]]]:
    """Each row's line and cells. A quote only counts where it encloses a whole cell; any other is a sign like the rest.

    The walk is linear however the quotes stand: a cell that opens a quote and does not close it rightly is read again
    as plain text, and never looked at from there again.
    """
    at, line, size = 0, 1, len(text)
    while at < size:
        end = text.find("\n", at)
        end = size if end < 0 else end
        if quotes and text.find('"', at, end) >= 0:
            cells, after, many = _quoted(text, at, sign, columns, line, findings)
            yield line, cells
            line += text.count("\n", at, after)
            at = after
            continue
        cells = text[at:end].split(sign, columns)
        if len(cells) > columns:
            many = text.count(sign, at, end) + 1
            cells.pop()
            _too_wide(findings, many, columns, line)
        yield line, cells
        at, line = end + 1, line + 1


def _quoted(text: str, at: int, sign: str, columns: int, line: int, findings: Findings | None) -> tuple[list[str], int, int]:
    """One row with quotes in it: its cells, where the next row begins, and how many cells it has in truth."""
    size, many, ends = len(text), 0, at - 1
    cells: list[str] = []
    while True:
        if at > ends:  # looked for once a line, not once a cell: a row may have a million cells
            ends = text.find("\n", at)
            ends = size if ends < 0 else ends
        value, after = _cell(text, at, sign, ends, line, findings)
        many += 1
        if many <= columns:
            cells.append(value)
        if after >= size or text[after] == "\n":
            if many > columns:
                _too_wide(findings, many, columns, line)
            return cells, after + 1, many
        at = after + len(sign)


def _cell(text: str, at: int, sign: str, ends: int, line: int, findings: Findings | None) -> tuple[str, int]:
    """A cell and where it ends; ``ends``: where its first line does."""
    opens, size = at, len(text)
    while opens < size and text[opens] == " " != sign:
        opens += 1
    if opens < size and text[opens] == '"':
        closes = _closing(text, opens + 1)
        after = closes + 1
        while closes >= 0 and after < size and text[after] == " " != sign:
            after += 1
        if closes >= 0 and (after >= size or text[after] == "\n" or text.startswith(sign, after)):
            many = text.count("\n", opens, closes)
            if many >= MANY_LINES and findings:
                findings.say(
                    "cells of many lines", Said("A quoted cell begins here and runs over %(many)s lines. If rows are missing, a quote is.", many=many + 1), line
                )
            return text[opens + 1 : closes].replace('""', '"'), after
        if findings:
            what = Said("never closes") if closes < 0 else Said("closes in the middle of a cell")
            findings.say(
                "quotes kept as signs",
                Said("A quote that opens here %(what)s; it was kept as it stands.", what=what),
                line,
                "warning" if closes < 0 else "info",
            )
    parts = text.find(sign, at, ends)
    end = ends if parts < 0 else parts
    return text[at:end], end


def _closing(text: str, at: int) -> int:
    """Where a quoted cell ends: the next quote that is not doubled."""
    while True:
        at = text.find('"', at)
        if at < 0 or not text.startswith('"', at + 1):
            return at
        at += 2


def _too_wide(findings: Findings | None, many: int, columns: int, line: int) -> None:
    if findings:
        findings.say(
            "rows of too many columns",
            Said("This row has %(many)s columns; the first %(columns)s were read. Is the separator right?", many=f"{many:,}", columns=columns),
            line,
        )


def quotes_matter(text: str, sign: str) -> bool:
    """Whether some quoted cell holds what only a quoted cell can: a line break, the separator, a doubled quote."""
    if not re.search(rf'(?:^|\n|{re.escape(sign)})"', text):
        return False
    for _line, cells in rows_of(text, sign, quotes=True):
        if any(("\n" in cell or sign in cell or '"' in cell) and not cell.lstrip(" ").startswith('"') for cell in cells):
            return True
    return False


def is_markup(cells: Iterable[str]) -> bool:
    """Whether these cells are HTML: tags people use, and words left in every such cell when they are taken away."""
    opened = 0
    for cell in cells:
        if "<" not in cell:
            continue
        found = [(slash, name.lower()) for slash, name in _MARKUP.findall(cell[:20_000])]
        if not found:
            continue
        names = [name for _slash, name in found]
        if not _TAGS.sub("", cell).strip() and "img" not in names:
            return False
        opened += any(slash for slash, _name in found) or "br" in names or "img" in names
    return opened > 0


def below_title(rows: list[tuple[int, list[str]]], findings: Findings, sheet: str = "") -> list[tuple[int, list[str]]]:
    """The rows without a title that stands alone above them; it is told."""
    while has_title(rows):
        words = next(cell for cell in rows[0][1] if cell.strip())
        what = Said("“%(words)s” stands alone above the table and is no card.", words=" ".join(words.split())[:60])
        findings.say("titles above a table", what, rows[0][0], "info", where=f"{sheet}, row {rows[0][0]}" if sheet else "")
        rows = rows[1:]
    return rows


def notes_of(rows: Iterable[tuple[int, Sequence[str]]], columns: Columns, *, html: bool, findings: Findings) -> Iterator[BundleNote]:
    """A note a row, blank rows skipped. A note with an empty side is given as it is: who keeps it lets it be mended."""
    filled = ((line, cells) for line, cells in rows if any(cell and not cell.isspace() for cell in cells))
    for line, cells in islice(filled, MOST_ROWS):
        yield _note(line, cells, columns, html=html, findings=findings)


def say_the_rest(text: str, line: int, findings: Findings) -> None:
    """That a file has more rows than are read, from this line on."""
    more = text.count("\n") + 1 - line
    what = Said(
        "The first %(most)s cards were read; about %(more)s lines follow from here on. Split the file and bring the rest in separately.",
        most=f"{MOST_ROWS:,}",
        more=f"{more:,}",
    )
    findings.say("rows beyond the most that are read", what, line, "refused")


def _note(line: int, cells: Sequence[str], columns: Columns, *, html: bool, findings: Findings) -> BundleNote:
    def side(at: int) -> str:
        return _field(cells[at], html=html, line=line, findings=findings) if at < len(cells) else ""

    term, definition = side(columns.term), side(columns.definition)
    fields = {"term": term, "definition": definition}
    tags: tuple[str, ...] = ()
    for at, cell in enumerate(cells):
        if at == columns.tags:
            tags = tags_of(cell)
        elif at not in (columns.term, columns.definition) and cell and not cell.isspace():
            fields[_free(fields, columns.names[at] if at < len(columns.names) else f"column {at + 1}")] = side(at)
    return BundleNote(fields, tags=tags, where=f"line {line}", line=line)


def _field(cell: str, *, html: bool, line: int, findings: Findings) -> str:
    if len(cell) > LONGEST_FIELD:
        findings.say(
            "fields too long to format",
            Said("A field here has %(cell)s signs; above %(most)s it is shown without formatting.", cell=f"{len(cell):,}", most=f"{LONGEST_FIELD:,}"),
            line,
        )
    return mathjax_out(cell.strip()) if html else html_of(cell)


def _free(fields: Mapping[str, str], name: str) -> str:
    """A name for one more field that no other has."""
    name = name.removesuffix(" (html)")
    if name.lower() in ("term", "definition"):
        name = f"{name} 2"
    free, number = name, 2
    while free in fields:
        free, number = f"{name} {number}", number + 1
    return free


def tags_of(cell: str) -> tuple[str, ...]:
    """Tags in a cell: parted by commas or semicolons where there are any, else by spaces."""
    parts = re.split(r"[,;\n]", cell) if re.search(r"[,;\n]", cell) else cell.split()
    return tuple(dict.fromkeys(tag for part in parts if (tag := " ".join(part.split()))))


def cell_of_tags(tags: Sequence[str]) -> str:
    """The same, written."""
    plain = [" ".join(re.split(r"[\s,;]+", tag) if re.search(r"[,;\n]", tag) else tag.split()) for tag in tags]
    if not any(" " in tag for tag in plain):
        return " ".join(plain)
    return ", ".join(plain) + ("," if len(plain) == 1 else "")


def title_of(name: str) -> str:
    """A file's name as a title."""
    return " ".join(PurePath(name.replace("\\", "/")).stem.replace("_", " ").split())[:200]


__all__ = ["MOST_COLUMNS", "MOST_ROWS", "cell_of_tags", "is_markup", "name_of", "notes_of", "quotes_matter", "rows_of", "sign_of", "tags_of", "title_of"]
