"""A set page copied from Knowt, in the layouts it has had since 2024: cards numbered after "N Terms", lists by their bullets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.knowt import page as pages
from kartoteka.formats.knowt.page import Page, bare
from kartoteka.formats.prose import html_of

TITLE = Said("Knowt page")
EXTENSIONS = (".txt",)
KEEPS = ("terms", "definitions", "nested lists", "title", "description", "tags")
DROPS = (
    "the page's own words (listed in the preview)",
    "progress, ratings, pictures and sound, which a copied page does not hold",
)

MOST_LINES = 400_000
PAIRINGS = (("none", "Not decided"), ("lines", "Every two lines are one card"))
_TELLING = (
    "study analytics",
    "no study sessions yet.",
    "no analytics yet",
    "encourage image",
    "looks like no tags are added yet.",
    "knowt play",
    "call kai",
    "gameknowt play",
)
_RULE = re.compile(r"[|\- :]{3,}")
_RATED = re.compile(r"\d(?:\.\d)? ?\(\d+\)|(?:studied by ?)?studied by .*", re.I)
_TABLE = re.compile(r"\|? ?name \| mastery \|.*", re.I)


def recognises(head: bytes, name: str) -> float:
    text = decoding.looks_like(head)
    written = [line for line in text[:20_000].split("\n") if line.strip()]
    if not written or sum("\t" in line for line in written) * 4 > len(written):  # the page's own table may come with tabs
        return 0.0
    lines = [bare(line) for line in text.split("\n")[:3000]]
    telling = sum(line.lower() in _TELLING or line.lower().startswith("studied bystudied by") for line in lines)
    page = pages.page_of(lines, Findings(), range(1, len(lines) + 1))
    if page is not None:
        return 0.98 if page.declared is not None else 0.9
    if any(_TABLE.fullmatch(line) for line in lines) and pages.place_of(lines) is not None:
        return 0.95
    return 0.9 if telling >= 3 else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    raw = [(number, line.replace("\u2028", " ")) for number, line in enumerate(text.split("\n"), start=1)]
    if len(raw) > MOST_LINES:
        raise Unreadable(
            Said("This page has %(raw)s lines; %(most)s are the most that can be read. Copy it in parts.", raw=f"{len(raw):,}", most=f"{MOST_LINES:,}")
        )
    raw = _single_spaced(raw)
    numbers = [number for number, _line in raw]
    lines = [bare(line) for _number, line in raw]
    page = pages.page_of(lines, findings, numbers)
    if page is None:
        return _unnumbered(lines, numbers, source.name, options, findings)
    notes = tuple(_notes(page, [line for _number, line in raw], lines, numbers, findings))
    _say_cut(page, notes, numbers, findings)
    title, description, tags, ignored = _about(lines[: page.head])
    deck = BundleDeck(title or tables.title_of(source.name), notes, description=html_of(description), tags=tags)
    ignored += tuple(line for line in lines[page.end :] if line)
    return Bundle("knowt", (deck,), findings.told(), declared=page.declared, ignored=ignored, choices={} if encoding == "utf-8" else {"encoding": encoding})


def _single_spaced(raw: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Some programs paste a blank line after every line: they are taken out again, so that blank lines mean something."""
    while raw and not raw[0][1].strip():
        raw = raw[1:]
    between = [bare(line) for _number, line in raw[1::2]]
    if len(raw) < 20 or any(between) or sum(bool(bare(line)) for _number, line in raw[::2]) * 6 < len(raw):
        return raw
    return raw[::2]


# The cards.


def _notes(page: Page, raw: Sequence[str], lines: Sequence[str], numbers: Sequence[int], findings: Findings) -> Iterator[BundleNote]:
    blocks = []
    for at, start in enumerate(page.starts):
        end = page.starts[at + 1].mark if at + 1 < len(page.starts) else page.end
        if at + 1 == len(page.starts) and not page.status_first:
            last = next((near for near in range(end - 1, start.text - 1, -1) if lines[near]), -1)
            end = last if last >= 0 and pages.is_status(lines, last) else end
        blocks.append((start, raw[start.text : end]))
    usual = _usual_lead([block for _start, block in blocks])
    spaced = any(not bare(line) and any(map(bare, block[at:])) for _start, block in blocks for at, line in enumerate(block[:9]))
    for start, block in blocks[: tables.MOST_ROWS]:
        term, definition = _sides(block, usual, spaced=spaced)
        line = numbers[start.mark]
        if not (term and definition):
            side = Said("neither a term nor a definition") if not (term or definition) else Said("no term") if definition else Said("no definition")
            what = Said(
                "Card %(number)s has %(side)s on this page. A picture is not copied with the text: write what it shows, or add it after keeping the cards.",
                number=start.number,
                side=side,
            )
            findings.say("cards that lack a side", what, line)
        if max(len(term), len(definition)) > tables.LONGEST_FIELD:
            findings.say(
                "fields too long to format",
                Said("Card %(number)s is longer than %(most)s signs; it is shown without formatting.", number=start.number, most=f"{tables.LONGEST_FIELD:,}"),
                line,
            )
        yield BundleNote({"term": html_of(term), "definition": html_of(definition)}, where=f"line {line}", line=line)


def _usual_lead(blocks: Sequence[Sequence[str]]) -> int:
    """How many blank lines stand before a term on this page."""
    leads = Counter(_lead(block) for block in blocks if _lead(block) < len(block))
    return min(leads, key=lambda lead: (-leads[lead], lead), default=1)


def _lead(block: Sequence[str]) -> int:
    return next((at for at, line in enumerate(block) if bare(line)), len(block))


def _sides(block: Sequence[str], usual: int, *, spaced: bool) -> tuple[str, str]:
    """The first lines up to a blank one are the term, the rest the definition; an empty term leaves more blank lines than usual."""
    lead = _lead(block)
    own = list(block[lead:])
    if not spaced:
        return own[0] if own else "", "\n".join(own[1:])
    if lead > max(usual, 1):
        return "", "\n".join(own).strip("\n")
    end = next((at for at, line in enumerate(own) if not bare(line)), len(own))
    return "\n".join(own[:end]), "\n".join(_shown(own[end:])).strip("\n")


def _shown(lines: Sequence[str]) -> list[str]:
    return ["" if not bare(line) else line for line in lines]


def _say_cut(page: Page, notes: Sequence[BundleNote], numbers: Sequence[int], findings: Findings) -> None:
    found, declared = len(notes), page.declared
    if declared is None:
        first = page.starts[0].number
        what = Said("The upper part of the page was not copied, so it is not known how many cards it has.")
        findings.say(
            "a page cut above",
            Said("%(what)s The first one here is number %(first)s.", what=what, first=first) if first > 1 else what,
            numbers[page.starts[0].mark],
        )
    elif found < declared:
        last = page.starts[-1].number
        many = {"declared": f"{declared:,}", "found": f"{found:,}"}
        what = Said("The page says %(declared)s terms, and %(found)s are here. Look where the numbers jump.", **many)
        if last < declared:
            what = Said(
                "The page says %(declared)s terms, and %(found)s are here: it was cut after card %(last)s. Scroll to its end before copying, or keep these.",
                last=f"{last:,}",
                **many,
            )
        findings.say("a page cut below", what, numbers[-1])
    elif found > declared:
        findings.say(
            "more cards than terms",
            Said(
                "The page says %(declared)s terms, and %(found)s are here. Look whether a card was parted in two.", declared=f"{declared:,}", found=f"{found:,}"
            ),
            numbers[-1],
        )


# What stands above them.


def _about(head: Sequence[str]) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """Title, description, tags, and the page's own furniture."""
    place = next((at for at, line in enumerate(head) if pages.place_of([line]) is not None), None)
    count = len(head) - 1 if head and pages.count_in(head[-1]) is not None else len(head)
    title_at = _title_at(head, place if place is not None else count)
    blocks: list[list[int]] = [[]]
    for at in range((place if place is not None else title_at if title_at is not None else -1) + 1, count):
        if not head[at]:
            blocks.append([])
        elif at != title_at and not pages.is_furniture(head[at]):
            blocks[-1].append(at)
    blocks = [block for block in blocks if block]
    no_tags = any(line.lower().startswith("looks like no tags") for line in head)
    tags: tuple[str, ...] = ()
    last = head[blocks[-1][-1]] if blocks else ""
    if len(blocks) > 1 and not no_tags and len(blocks[-1]) == 1 and len(last) <= 80 and last[-1] not in ".!?":
        tags = tuple(dict.fromkeys(tag for part in re.split(r"[,#]", last) if (tag := part.strip())))
        blocks = blocks[:-1]
    description = "\n\n".join("\n".join(head[at] for at in block) for block in blocks)
    used = {at for block in blocks for at in block} | ({title_at} if title_at is not None else set())
    ignored = tuple(line for at, line in enumerate(head) if line and at not in used and line not in tags)
    return head[title_at] if title_at is not None else "", description, tags, ignored


def _title_at(head: Sequence[str], end: int) -> int | None:
    """The first line, whatever it says, where the set's rating follows it; else the first one that is not the page's own."""
    filled = [at for at in range(end) if head[at]]
    if len(filled) > 1 and _RATED.fullmatch(head[filled[1]]) and not _RATED.fullmatch(head[filled[0]]):
        return filled[0]
    return next((at for at in filled if not pages.is_furniture(head[at])), None)


# A reader's view of the page: no numbers, no blank lines.


def _unnumbered(lines: Sequence[str], numbers: Sequence[int], name: str, options: Mapping[str, str], findings: Findings) -> Bundle:
    """Exactly twice as many lines as cards pair off, with a warning; otherwise nothing is guessed."""
    place = pages.place_of(lines)
    count = next((count for line in lines if (count := pages.count_in(line)) is not None), None)
    if place is None and count is None:
        raise Unreadable(
            Said("This is not a page copied from Knowt: it has neither a list of terms nor a place such as 1/31. Bring it in as pasted text instead.")
        )
    head = _head_of_reader(lines)
    own = [at for at in range(head, len(lines)) if lines[at]]
    if not own:
        raise Unreadable(
            Said("This looks like a Knowt page, but no cards follow its head. Scroll to the end of the page, select all of it, copy and paste it again.")
        )
    declared = count if count is not None else (place or 0) + 1
    title, description, tags, ignored = _about(lines[:head])
    title = title.lstrip("# ") or tables.title_of(name)
    pairing = options.get("pairing") or ("lines" if len(own) == 2 * declared else "none")
    if pairing == "lines":
        notes = tuple(_paired(lines, own, numbers))
        what = Said("This page came without numbers; its lines were paired as they stand. Look whether each definition stands beside its term.")
        findings.say("a page without numbers", what, numbers[own[0]])
        if len(own) % 2:
            left = Said("“%(lines)s” was left over when the lines were paired. It was left out.", lines=lines[own[-1]][:60])
            findings.say("lines left over", left, numbers[own[-1]], "refused")
    else:
        notes = ()
        what = Said(
            "This page came without numbers. %(declared)s cards would be %(declared2)s lines, and %(own)s are here: some definitions have several lines, and which line belongs to which card cannot be told. Copy the page itself, not a reader's view of it, or pair the lines as they come.",
            declared=f"{declared:,}",
            declared2=f"{2 * declared:,}",
            own=f"{len(own):,}",
        )
        findings.say("a page without numbers", what, numbers[own[0]], "refused")
    deck = BundleDeck(title, notes, description=html_of(description), tags=tags)
    return Bundle(
        "knowt", (deck,), findings.told(), declared=declared, ignored=ignored, choices={"pairing": pairing}, offers={"pairing": PAIRINGS}, ambiguous=not notes
    )


def _head_of_reader(lines: Sequence[str]) -> int:
    """Where the cards begin: after the last line near the top that only a page says. A card may be called "Test" or "Name"."""
    telling = [
        at
        for at, line in enumerate(lines[:60])
        if pages.place_of([line]) is not None or _TABLE.fullmatch(line) or _RULE.fullmatch(line) or line.lower() in _TELLING or pages.count_in(line) is not None
    ]
    return telling[-1] + 1 if telling else 0


def _paired(lines: Sequence[str], own: Sequence[int], numbers: Sequence[int]) -> Iterator[BundleNote]:
    for term, definition in zip(own[::2], own[1::2], strict=False):
        fields = {"term": html_of(lines[term]), "definition": html_of(lines[definition])}
        yield BundleNote(fields, where=f"line {numbers[term]}", line=numbers[term])
