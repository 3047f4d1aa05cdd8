"""Outlines, as RemNote and Logseq write them: lists whose deeper items belong to the one above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 60
BULLET = re.compile(r"^([ \t]*)(?:[-*+]|\d+[.)])[ \t]+(.*)$")


@dataclass(slots=True)
class Node:
    """An item: its words, further lines of its own, and the items below it."""

    text: str
    line: int
    indent: int
    own: list[str] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)


def nodes_of(text: str) -> list[Node]:
    """The items of an outline, each below the nearest one that stands further out."""
    roots: list[Node] = []
    path: list[Node] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = BULLET.match(line)
        if not found:
            if path and line.strip():
                path[-1].own.append(line.strip())
            elif line.strip() and not line.startswith("#"):
                path = []
                roots.append(Node(line.strip(), number, -1))
            continue
        indent = len(found[1].expandtabs(4))
        while path and path[-1].indent >= indent:
            path.pop()
        node = Node(found[2], number, indent)
        (path[-1].below if path and len(path) < DEEPEST else roots).append(node)
        path.append(node)
    return roots


def walk(nodes: list[Node], above: tuple[str, ...] = ()) -> Iterator[tuple[Node, tuple[str, ...]]]:
    for node in nodes:
        yield node, above
        yield from walk(node.below, (*above, node.text))


def listed(nodes: list[Node], depth: int = 0) -> str:
    out = []
    for node in nodes:
        words = without_properties([node.text, *node.own])
        if "".join(words).strip():
            pad = "    " * depth
            out.append(f"{pad}- " + f"\n{pad}  ".join(words))
        if node.below:
            out.append(listed(node.below, depth + 1))
    return "\n".join(part for part in out if part)


PROPERTY = re.compile(r"^([\w-]{1,60}):: ?(.*)$")


def without_properties(lines: list[str]) -> list[str]:
    return [line for line in lines if not PROPERTY.match(line)]


def answer(nodes: list[Node]) -> str:
    """What stands below a question: one item alone is a line, several are a list."""
    if len(nodes) == 1 and not nodes[0].below:
        return "\n".join(without_properties([nodes[0].text, *nodes[0].own]))
    return listed(nodes)
