"""Cards written in a plain text field: line breaks, and lists by a dash or a bullet before a line; HTML stays HTML."""

from __future__ import annotations

import re
from html import escape, unescape

from kartoteka.library.files import editable

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_HTML = re.compile(_TAG.pattern + r"|&(?:[a-z]+|#\d+);")
_BULLET = re.compile(r"(?P<indent>[ \t]*)[-•*–]\s+(?P<words>.*)")
_PLAIN_TAG = re.compile(r"<br>|</?p>|</?ul>|</?li>")


def to_html(text: str) -> str:
    """What was typed, as HTML. ``- one`` begins an item; two spaces more, and it lies within the one above."""
    text = text.replace("\r\n", "\n").strip("\n")
    if _HTML.search(text):
        return text
    out: list[str] = []
    depths: list[int] = []
    before = ""
    for line in text.split("\n"):
        found = _BULLET.fullmatch(line)
        if found:
            out.append(_item(depths, len(found["indent"].expandtabs(4)), escape(found["words"].strip(), quote=False)))
        else:
            out.append("</li></ul>" * len(depths))
            out.append("<br>" if before == "line" else "")
            depths.clear()
            out.append(escape(line.strip(), quote=False))
        before = "item" if found else "line"
    return "".join((*out, "</li></ul>" * len(depths)))


def _item(depths: list[int], indent: int, words: str) -> str:
    closed = 0
    while depths and indent < depths[-1]:
        depths.pop()
        closed += 1
    if depths and indent == depths[-1]:
        return "</li></ul>" * closed + f"</li><li>{words}"
    if not depths and closed:  # less indented than the first item was: the list goes on
        depths.append(indent)
        return "</li></ul>" * (closed - 1) + f"</li><li>{words}"
    depths.append(indent)
    return "</li></ul>" * closed + f"<ul><li>{words}"


def to_text(html: str) -> str:
    """Clean HTML as one types it: plain words where that loses nothing, else HTML."""
    html = editable(html)
    if _TAG.search(_PLAIN_TAG.sub("", html)):
        return html
    text = _lists(html.replace("</p><p>", "\n\n").replace("<p>", "").replace("</p>", "").replace("<br>", "\n"))
    written = unescape(text)
    return written if _HTML.search(written) is None else html


def _lists(html: str) -> str:
    out: list[str] = []
    depth = 0
    for part in re.split(r"(</?ul>|</?li>)", html):
        if part in ("<ul>", "</ul>"):
            depth += 1 if part == "<ul>" else -1
            out.append("\n" if part == "</ul>" and not depth else "")
        elif part == "<li>":
            out.append("\n" + "  " * (depth - 1) + "- ")
        elif part != "</li>":
            out.append(part)
    return "".join(out).strip("\n")
