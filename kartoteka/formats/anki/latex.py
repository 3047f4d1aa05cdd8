"""What stands in ``[latex]`` is a small document, not one formula: its words become HTML, its formulas stay formulas."""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape

LONGEST = 5_000  # signs of one such document; a longer one stays as it is written
_OPEN, _CLOSE = (re.compile(sign, re.IGNORECASE) for sign in (r"\[latex\]", r"\[/latex\]"))
_LINES = re.compile(r"<br\s*/?>|</(?:div|p|pre)>", re.IGNORECASE)
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)\b[^<>]*>")
_FORMATTING = {"br", "b", "i", "u", "em", "strong", "span", "div", "p", "font", "sub", "sup", "a", "wbr", "pre", "code"}
_MATHS = re.compile(
    r"\\begin\{(?P<name>(?:align|equation|gather|multline|eqnarray|displaymath|math|array|cases|[bpvBV]?matrix)\*?)\}.*?\\end\{(?P=name)\}"
    r"|(?<!\\)\$\$(?P<a>[^$]+)(?<!\\)\$\$|(?<!\\)\$(?P<b>(?:[^$\\]|\\.)+)\$|(?<!\\)\\\[(?P<c>.*?)\\\]|(?<!\\)\\\((?P<d>.*?)\\\)",
    re.DOTALL,
)
_PLAIN_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMAND = re.compile(r"\\([a-zA-Z]+)")
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([a-zA-Z]+\*?)\}(?:\[[^\]]{0,80}\])?")
_LISTS = {"itemize": "ul", "enumerate": "ol", "description": "ul"}
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_GROUPS = (
    (re.compile(r"\\(?:textbf|section|subsection|subsubsection|paragraph|bf)\*?\s*\{([^{}]*)\}"), r"<b>\1</b>"),
    (re.compile(r"\\(?:textit|emph|textsl)\s*\{([^{}]*)\}"), r"<i>\1</i>"),
    (re.compile(r"\\(?:underline|uline)\s*\{([^{}]*)\}"), r"<u>\1</u>"),
    (re.compile(r"\\(?:text|textrm|textsf|texttt|textnormal|mbox|textsc)\s*\{([^{}]*)\}"), r"\1"),
)
_ACCENT = re.compile(r"\\([\"'`^~])\s*(?:\{([a-zA-Z])\}|([a-zA-Z]))")
_COMBINING = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}
_WORDS = {
    r"\ldots": "…", r"\dots": "…", r"\LaTeX": "LaTeX", r"\TeX": "TeX", r"\ss": "ß", r"\ae": "æ", r"\oe": "œ", r"\o": "ø", r"\aa": "å", r"\quad": " ",
    r"\qquad": " ", r"\noindent": "", r"\centering": "", r"\newline": "<br>", r"\par": "<br><br>", r"\item": "<li>", r"\small": "", r"\large": "", r"\Large": "",
    r"\hfill": " ", r"\newpage": "<br>", r"\smallskip": "<br>", r"\medskip": "<br>", r"\bigskip": "<br>", r"\bf": "", r"\it": "", r"\em": "",
}  # fmt: skip
_TEXT_COMMANDS = ("begin", "end", "textbf", "section", "subsection", "textit", "emph", "underline", "text", "textrm", "texttt", "mbox")
_EDGES = re.compile(r"\A(?:\s|<br>)+|(?:\s|<br>)+\Z")
_WORD = re.compile(r"\\([a-zA-Z]+)\*?\s?")

_MATHJAX = re.compile(r"<anki-mathjax\b([^<>]*)>((?:(?!</?anki-mathjax\b).)*)</anki-mathjax\s*>", re.IGNORECASE | re.DOTALL)
_GIVEN = re.compile(r"\bdata-mathjax\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_BLOCK = re.compile(r"\bblock(?!\s*=\s*[\"']?false)", re.IGNORECASE)
_BARE = re.compile(r"\A\\[(\[](.*)\\[)\]]\Z", re.DOTALL)


def mathjax_out(html: str) -> str:
    r"""A field whose formulas stand between ``\(`` and ``\)`` as Anki keeps them, also where its editor's own element was left in."""
    return _MATHJAX.sub(_unwrapped, html) if "<anki-mathjax" in html.lower() else html


def _unwrapped(found: re.Match[str]) -> str:
    given = _GIVEN.search(found[1])
    inside = _LINES.sub("\n", found[2]).strip() or (given and (given[1] or given[2])) or ""
    if bare := _BARE.match(inside):
        inside = bare[1]
    if not inside:
        return ""
    return f"\\[{inside}\\]" if _BLOCK.search(_GIVEN.sub("", found[1])) else f"\\({inside}\\)"


def read_out(html: str) -> str:
    """A field whose small documents are HTML with formulas. One that is a single formula, or holds a blank or a picture, stays as it is written."""
    if "[" not in html:
        return html
    out: list[str] = []
    at, closed = 0, None
    while opened := _OPEN.search(html, at):
        if closed is None or closed.start() < opened.end():
            closed = _CLOSE.search(html, opened.end())
        if closed is None:
            break
        inside = html[opened.end() : closed.start()] if closed.start() - opened.end() <= LONGEST else ""
        end = closed.end() if inside else opened.end()
        out += (html[at : opened.start()], _document(inside) or html[opened.start() : end])
        at = end
    return "".join((*out, html[at:])) if out else html


def _document(inside: str) -> str:
    """What a document says; empty where it stays as it is written."""
    if "{{c" in inside or "tikz" in inside or {tag.lower() for tag in _TAG.findall(inside)} - _FORMATTING:
        return ""
    tex = unescape(_TAG.sub("", _LINES.sub("\n", inside))).replace("\xa0", " ").strip()
    parts, at = list[tuple[str, str]](), 0
    for formula in _MATHS.finditer(tex):
        parts += (("words", tex[at : formula.start()]), ("maths", _formula(formula)))
        at = formula.end()
    parts.append(("words", tex[at:]))
    words = "".join(text for kind, text in parts if kind == "words")
    if len(parts) == 1 and _looks_like_maths(words):
        return ""
    if len(parts) == 3 and not _COMMENT.sub("", words).strip():
        return ""
    return _EDGES.sub("", "".join(_words(text) if kind == "words" else text for kind, text in parts))


def _looks_like_maths(words: str) -> bool:
    """Whether a document without a marked formula is one: writers who never saw it fail leave the dollars out."""
    told = _ACCENT.sub("e", words.replace(r"\\", " ").replace(r"\_", " "))
    known = {*(name[1:] for name in _WORDS), *_TEXT_COMMANDS}
    return "^" in told or "_" in told or not set(_COMMAND.findall(told)) <= known or not _PLAIN_WORD.search(_COMMAND.sub(" ", told))


def _formula(found: re.Match[str]) -> str:
    inside = next((part for name in "abcd" if (part := found[name]) is not None), found[0])
    block = found["b"] is None and found["d"] is None
    return escape(f"\\[{inside}\\]" if block else f"\\({inside}\\)", quote=False)


def _words(text: str) -> str:
    """The words of a small document as HTML: lists, bold and slanted groups, lines, accents; of other commands their name goes."""
    text = _COMMENT.sub("", text)
    text = _ACCENT.sub(lambda found: unicodedata.normalize("NFC", (found[2] or found[3]) + _COMBINING[found[1]]), text)
    html = escape(text.replace(r"\\", "\ue002").replace(r"\%", "%").replace(r"\&", "&").replace(r"\$", "\ue003"), quote=False)
    for sign in "#_{}":
        html = html.replace("\\" + sign, {"{": "\ue004", "}": "\ue005"}.get(sign, sign))
    html = _ENVIRONMENT.sub(lambda found: f"<{'/' if found[1] == 'end' else ''}{_LISTS[found[2]]}>" if found[2] in _LISTS else "", html)
    for _nested in range(4):
        for group, made in _GROUPS:
            html = group.sub(made, html)
    html = _WORD.sub(lambda found: _WORDS.get("\\" + found[1], " "), html)
    html = re.sub(r"\n\s*\n", "<br><br>", html).replace("\n", " ").replace("{", "").replace("}", "").replace("~", " ")
    html = html.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–")
    return html.replace("\ue002", "<br>").replace("\ue003", "$").replace("\ue004", "{").replace("\ue005", "}")
