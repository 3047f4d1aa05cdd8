"""XML read without trust: no entities, no documents from elsewhere, bounded in size and depth, mended where it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml import etree

from kartoteka.formats import codepages, decoding
from kartoteka.formats.base import Findings, Said, Unreadable

MOST_BYTES = 32 * 1024 * 1024
MOST_TAGS = 700_000  # an element takes up to 300 bytes of memory
DEEPEST = 250
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")
_BEFORE_ROOT = re.compile(r"\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.S | re.I)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_INNER = frozenset(
    [
        "p",
        "br",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "sub",
        "sup",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "img",
        "span",
        "div",
        "math",
        "blockquote",
        "a",
        "q",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
    ]
)
_KEPT = ("src", "alt", "href", "colspan", "rowspan", "start")
Element = Any  # lxml has no types of its own


def root_in(head: bytes) -> str:
    """The name of the first element of an XML text, as far as its beginning shows it; empty where it is none."""
    if not _begins(head):
        return ""
    text = head.decode(decoding.guess(head[:4096]) if b"\0" in head[:100] else "utf-8", "replace").lstrip("\ufeff")
    at = 0
    while found := _BEFORE_ROOT.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    return root[1] if root else ""


def _begins(data: bytes) -> bool:
    """Whether a tag comes first, after marks and blanks, in whatever width of letters."""
    return data[:2000].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def tree_of(data: bytes, what: str, findings: Findings) -> Element:
    """The root of an XML file. Raises ``Unreadable`` with one sentence."""
    if len(data) > MOST_BYTES:
        raise Unreadable(
            Said(
                "This file has %(data)s MB; %(what)s may have %(most)s. Export it in parts.",
                data=f"{len(data) / 1_048_576:,.0f}",
                what=what,
                most=MOST_BYTES // 1_048_576,
            )
        )
    if not _begins(data):
        raise Unreadable(Said("This is not %(what)s: there is no XML in it. Export it again.", what=what))
    if data.count(b"<") > MOST_TAGS:
        raise Unreadable(Said("This file has more than %(most)s tags, which is more than can be read. Export it in parts.", most=f"{MOST_TAGS:,}"))
    text = data if b"\0" not in data[:200] else data.decode(decoding.guess(data), "replace").encode()
    if re.search(rb"<!ENTITY", text, re.I):
        raise Unreadable(Said("This XML declares entities of its own, which may stand for other files. It was not read. Save it without them."))
    try:
        return etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        return _mended(data, what, str(error), findings)


def _parser(*, recover: bool = False) -> Element:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=recover, remove_comments=True, remove_pis=True
    )


def _mended(data: bytes, what: str, why: str, findings: Findings) -> Element:
    """What can be read of an XML file that is in another encoding than it says, or broken somewhere."""
    if "xcessive depth" in why or "huge" in why.lower():
        raise Unreadable(Said("This looks like %(what)s, but its tags stand deeper within each other than %(most)s. It was not read.", what=what, most=DEEPEST))
    name = decoding.guess(data)
    text = data.decode(codepages.codec_of(name), "replace").lstrip("\ufeff")
    bare = _DECLARED.sub("", text, count=1).encode("utf-8", "replace")
    line = int(found[1]) if (found := re.search(r"line (\d+)", why)) else None
    try:
        root = etree.fromstring(bare, _parser())
        findings.say("another encoding than it says", Said("This file is not in the encoding it says it has; it was read as %(name)s.", name=name), 1)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "xcessive depth" in str(error):
            raise Unreadable(
                Said("This looks like %(what)s, but its tags stand deeper within each other than %(most)s. It was not read.", what=what, most=DEEPEST)
            ) from error
        try:
            root = etree.fromstring(bare, _parser(recover=True))
        except (etree.XMLSyntaxError, ValueError) as worse:
            raise Unreadable(Said("This looks like %(what)s, but its XML is broken from the start. Export it again.", what=what)) from worse
        findings.say("broken XML", Said("The XML is broken here; what could be read around it was kept."), line)
    if root is None:
        raise Unreadable(Said("This looks like %(what)s, but its XML is broken from the start. Export it again.", what=what))
    return root


def name_of(element: Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children with one of these names, whatever their namespace."""
    return (child for child in element if name_of(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of names."""
    for name in path:
        element = next(children(element, name), None) if element is not None else None
    return element


def all_of(element: Element, *names: str) -> Iterator[Element]:
    """Every descendant with one of these names, in order."""
    return (found for found in element.iter() if name_of(found) in names)


def text_of(element: Element | None) -> str:
    """All words in an element."""
    return "" if element is None else "".join(element.itertext())


def text_at(element: Element | None, *path: str) -> str:
    return text_of(child(element, *path)).strip()


def html_in(element: Element | None, leave_out: tuple[str, ...] = (), gap: str = "") -> str:
    """What stands in an element, as HTML: formatting stays, other elements leave their words; ``leave_out`` leaves ``gap``."""
    if element is None:
        return ""
    out = [escape(element.text or "", quote=False)]
    for inner in element:
        name = name_of(inner).removeprefix("qti-")
        if name in leave_out:
            out.append(gap)
        elif name == "math":
            out.append(_math(inner))
        elif name == "br":
            out.append("<br>")
        elif name in ("img", "object"):
            out.append(f'<img src="{escape(inner.get("src") or inner.get("data") or "")}" alt="{escape(inner.get("alt") or "")}">')
        elif name in _INNER:
            said = "".join(f' {key}="{escape(value)}"' for key in _KEPT if (value := inner.get(key)))
            out.append(f"<{name}{said}>{html_in(inner, leave_out, gap)}</{name}>")
        elif name:
            out.append(html_in(inner, leave_out, gap))
        out.append(escape(inner.tail or "", quote=False))
    return "".join(out)


def _math(element: Element) -> str:
    """MathML as it is, without its prefixes; its TeX where it carries that."""
    for note in all_of(element, "annotation"):
        if "tex" in (note.get("encoding") or "").lower():
            return rf"\({escape(text_of(note), quote=False)}\)"
    return f"<math>{_plain_xml(element)}</math>"


def _plain_xml(element: Element) -> str:
    out = [escape(element.text or "", quote=False)]
    for inner in element:
        name = name_of(inner)
        if name and re.fullmatch(r"m\w+", name):
            out.append(f"<{name}>{_plain_xml(inner)}</{name}>")
        elif name:
            out.append(_plain_xml(inner))
        out.append(escape(inner.tail or "", quote=False))
    return "".join(out)
