"""Plain Markdown as pieces of a document: headings, tables, lists, callouts, paragraphs, of which cards are chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kartoteka.formats.choosing import Block
from kartoteka.formats.markdown.written import blocks_of, front_matter
from kartoteka.formats.marks import html_of_markdown

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_CELLS = re.compile(r"(?<!\\)\|")
_UNDER = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*\|?\s*$")
_ITEM = re.compile(r"^(\s*)(?:[-*+•]|\d+[.)])\s+(.*)$")
_BOLD = re.compile(r"\s*(?:\*\*|__)(?:\d{1,4}[.)]\s*)?([^*_]{3,400}[?？])(?:\*\*|__)\s*$")
_SUMMARY = re.compile(r"\s*+(?:<details[^<>]{0,80}>)?\s*+<summary[^<>]{0,80}>(.{1,1000}?)</summary>\s*(.*)$", re.I)
_DETAILS = re.compile(r"\s*<(/?)details[^<>]{0,80}>\s*$", re.I)
_CALLOUT = re.compile(r"\s*>\s*\[!(question|faq|help|card|flashcard)\][+-]?\s*(.*)$", re.I)


def title_of(text: str) -> str:
    """The document's own title: of its front matter, else its first heading where it alone is of the first level."""
    said, begin = front_matter(text)
    if said.get("title"):
        return ", ".join(said["title"])[:200]
    first = [found[2] for line in text.split("\n")[begin:][:2000] if (found := _HEADING.match(line)) and len(found[1]) == 1]
    return re.sub(r"[*_`\[\]]|(?:\s+#[^\s#]+)+\s*$", "", first[0])[:200] if len(first) == 1 else ""


def blocks_in(text: str) -> Iterator[Block]:
    _said, begin = front_matter(text)
    lines = text.split("\n")
    for start, own in blocks_of(lines, begin):
        at = 0
        for number, line in enumerate(own):
            if _SUMMARY.match(line) or _DETAILS.match(line):
                yield from _of_block(own[at:number], start + at)
                yield from _folded(line, start + number)
                at = number + 1
        yield from _of_block(own[at:], start + at)


def _folded(line: str, at: int) -> Iterator[Block]:
    """A line of what a page folds away: its summary is a question, and nothing goes past its end."""
    where = f"line {at + 1}"
    if found := _SUMMARY.match(line):
        yield Block("question", html_of_markdown(re.sub(r"</?(?:b|strong|h\d)>", "", found[1])), where=where, line=at + 1)
        rest = re.sub(r"</details>\s*$", "", found[2], flags=re.I)
        if rest.strip():
            yield Block("paragraph", html_of_markdown(rest), where=where, line=at + 1)
    elif (found := _DETAILS.match(line)) and found[1]:
        yield Block("heading", where=where, line=at + 1)


def _of_block(own: list[str], start: int) -> Iterator[Block]:
    """The pieces of some lines without a blank one, ``start`` lines below the first (counted from 0)."""
    at = 0
    while at < len(own):
        line, where = own[at], f"line {start + at + 1}"
        if found := _HEADING.match(line):
            yield Block("heading", html_of_markdown(found[2]), len(found[1]), where=where, line=start + at + 1)
            at += 1
        elif found := _CALLOUT.match(line):
            body = [re.sub(r"^\s*> ?", "", other) for other in own[at + 1 :]]
            yield Block("question", html_of_markdown(found[2]), where=where, line=start + at + 1)
            yield Block("paragraph", html_of_markdown("\n".join(body)), where=where)
            return
        elif found := _BOLD.match(line):
            yield Block("question", html_of_markdown(found[1]), where=where, line=start + at + 1)
            at += 1
        elif "|" in line and at + 1 < len(own) and _UNDER.match(own[at + 1]) and "-" in own[at + 1]:
            end = next((other for other in range(at + 2, len(own)) if "|" not in own[other]), len(own))
            rows = [_cells(row) for row in [line, *own[at + 2 : end]]]
            for number, row in enumerate(rows[1:]):
                yield Block("table", level=1, rows=[rows[0], row], where=f"line {start + at + 3 + number}", line=start + at + 3 + number)
            at = end
        elif found := _ITEM.match(line):
            end = next((other for other in range(at + 1, len(own)) if _ITEM.match(own[other]) or _HEADING.match(own[other])), len(own))
            words = "\n".join([found[2], *(other.strip() for other in own[at + 1 : end])])
            yield Block("item", html_of_markdown(words), len(found[1].expandtabs(4)) // 2, where=where, line=start + at + 1)
            at = end
        else:
            end = _end(own, at)
            yield Block("paragraph", html_of_markdown("\n".join(own[at:end])), where=where, line=start + at + 1)
            at = end


def _end(own: list[str], at: int) -> int:
    """Where a paragraph ends: code at its own mark, a formula with the block, words before what begins anew."""
    if found := re.match(r"\s*(`{3,}|~{3,})", own[at]):
        return next((other + 1 for other in range(at + 1, len(own)) if own[other].strip().startswith(found[1])), len(own))
    if own[at].lstrip().startswith("$$"):
        return len(own)
    begins = (_HEADING, _ITEM, _CALLOUT, _BOLD)
    return next((other for other in range(at + 1, len(own)) if any(pattern.match(own[other]) for pattern in begins)), len(own))


def _cells(line: str) -> list[str]:
    parts = _CELLS.split(line.strip())
    parts = parts[1:] if parts and not parts[0].strip() else parts
    parts = parts[:-1] if parts and not parts[-1].strip() else parts
    return [html_of_markdown(part.replace("\\|", "|").strip()) for part in parts]
