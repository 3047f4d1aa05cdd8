"""RemNote's arrows: ``::`` both ways, ``>>`` forward, ``<<`` back, ``>>>`` with the items below, ``;;`` of the item above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kartoteka.formats.base import Findings
from kartoteka.formats.markdown.outlines import BULLET, Node, listed, nodes_of, walk
from kartoteka.formats.markdown.written import Written
from kartoteka.formats.marks import masked

NAME = "RemNote"
_MARK = re.compile(r"(>>>|::>|;;>|<<<|<>|<->|>>|<<|;;|::|==)(?=\s|$)|(?<=\s)(→|←|↔|↓)(?=\s|$)")
_BLANK = re.compile(r"\{\{([^{}\n]{1,2000}?)(?:\}\{\(([^()\n]{1,200})\))?\}\}|\{\(([^()\n]{1,200})\)\}")


def sure(text: str, name: str) -> float:
    hidden = masked(text[:50_000])
    bullets = [line for line in hidden.split("\n") if BULLET.match(line)]
    if not bullets:
        return 0.0
    arrows = sum(bool(re.search(r"\S ?(?:>>>|>>|<<|<>|;;|::>|<->) ?|\S ?:: ?\S|\S::\s*$|\S [→←↔↓](?: |$)", line)) and "#card" not in line for line in bullets)
    typical = sum(bool(re.search(r"\S\s*(?:>>>|>>|;;|<>|<<)(?:\s|$)", line)) for line in bullets)
    if re.search(r"^\s*[-*] [\w-]+:: ", hidden, re.M) and not typical:
        return 0.0
    return 0.92 if typical and arrows * 5 >= len(bullets) else 0.88 if arrows * 2 >= len(bullets) else 0.0


def cards(text: str, findings: Findings, options: Mapping[str, str]) -> Iterator[Written]:
    for node, above in walk(nodes_of(text)):
        card = _card(node, above)
        if card is not None:
            yield card


def _card(node: Node, above: tuple[str, ...]) -> Written | None:
    hidden = masked(node.text)
    found = _MARK.search(hidden) or re.search(r"(::|;;|>>|<<)", hidden)
    if found is None or not node.text[: found.start()].strip():
        if _BLANK.search(hidden):
            return Written(_with_blanks(node.text), "", node.line, kind="cloze", tags=())
        return None
    mark = found[1] or found[0].strip()
    term, definition = node.text[: found.start()].strip(), node.text[found.end() :].strip()
    if node.own:
        definition += "\n" + "\n".join(node.own)
    if not definition.strip() or mark in (">>>", "::>", ";;>", "↓"):
        definition = "\n\n".join(part for part in (definition.strip(), listed(node.below)) if part)
    elif node.below and not any(_MARK.search(masked(below.text)) for below in node.below):
        definition += "\n\n" + listed(node.below)
    if mark in (";;", ";;>") and above:
        term = f"{_head(above[-1])} › {term}"
    if mark in ("<<", "←", "<<<"):
        term, definition = definition, term
    return Written(term, definition, node.line, both=mark in ("::", "<>", "<->", "↔", "==", "::>"))


def _head(text: str) -> str:
    found = _MARK.search(masked(text)) or re.search(r"(::|;;|>>|<<)", masked(text))
    return (text[: found.start()] if found else text).strip()


def _with_blanks(text: str) -> str:
    number = 0

    def blank(found: re.Match[str]) -> str:
        nonlocal number
        if found[1] is None:
            return found[0]
        number += 1
        return f"{{{{c{number}::{found[1]}{'::' + found[2] if found[2] else ''}}}}}"

    return _BLANK.sub(blank, text)
