"""Cram's page: "62 Cards in this Set", a line that says which sides there are, then the sides of each card."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.pages.copied import Copied, blocks_in

_COUNT = re.compile(r"(\d{1,6}) Cards in this Set", re.I)
_SIDES = re.compile(r"(?:[•·]\s*)?Front\b.*\bBack\b", re.I)
_FURNITURE = re.compile(
    r"(?:[•·]\s*)?(?:front|back|3rd side \(hint\)|hint|shuffle|toggle o(?:n|ff)|card range to study|through|print|export|clone|like this study set\?.*|create a free account.*)$",
    re.I,
)


def sure(lines: Sequence[str]) -> float:
    return 0.96 if any(_COUNT.fullmatch(line) for line in lines[:400]) else 0.0


def page_of(lines: Sequence[str], options: Mapping[str, str], findings: Findings) -> Copied:
    at = next(number for number, line in enumerate(lines) if _COUNT.fullmatch(line))
    declared = int(_COUNT.fullmatch(lines[at])[1])  # type: ignore[index]
    head = [line for line in lines[:at] if line]
    page = Copied(title=head[0] if head else "", declared=declared)
    begin = at + 1
    hinted = False
    while begin < len(lines) and (not lines[begin] or _SIDES.match(lines[begin]) or _FURNITURE.match(lines[begin])):
        hinted |= "hint" in lines[begin].lower()
        begin += 1
    own = [(number, line) for number, line in enumerate(lines[begin:], start=begin + 1) if line]
    blocks = blocks_in(enumerate(lines[begin:], start=begin + 1))
    sides = 3 if hinted and len(blocks) == 3 * declared else 2
    if len(blocks) == sides * declared:
        for number in range(0, len(blocks), sides):
            line, term = blocks[number]
            page.cards.append((term, blocks[number + 1][1], blocks[number + 2][1] if sides == 3 else "", line))
    elif len(blocks) == declared and all("\n" in text for _line, text in blocks):
        for line, text in blocks:
            term, _end, definition = text.partition("\n")
            page.cards.append((term, definition, "", line))
    elif len(own) == 2 * declared:
        page.pairing = "lines"
        page.cards = [(term, definition, "", line) for (line, term), (_line, definition) in zip(own[::2], own[1::2], strict=True)]
    elif options.get("pairing") == "lines":
        page.pairing = "lines"
        page.cards = [(term, definition, "", line) for (line, term), (_line, definition) in zip(own[::2], own[1::2], strict=False)]
    else:
        page.pairing, page.ambiguous = "none", True
        what = Said(
            "The page says %(declared)s cards, and %(blocks)s pieces of text are here: which belong together cannot be told. Export the set from Cram, or pair the lines as they come.",
            declared=f"{declared:,}",
            blocks=f"{len(blocks):,}",
        )
        findings.say("pieces that do not pair", what, begin + 1, "refused")
    return page
