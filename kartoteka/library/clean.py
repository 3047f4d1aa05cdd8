"""The one sanitiser: HTML from outside is cleaned here, once, on the way in.

Formulas and sounds are taken out first (a sanitiser eats ``\\(a<b\\)``) and put back as our own MathML and players. A picture or a
sound keeps the name of its file in ``data-name`` and has no address; ``media.placed`` gives it one. What is clean stays as it is:
``clean(clean(html)) == clean(html)``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote

import nh3

from kartoteka.library.maths import formulas, mathml, quoted

CLEANER = 1  # goes up when the rules become stricter, so that older fields are cleaned again
MOST_SIGNS = 65_536  # of a field; nh3 is quadratic in nesting
MOST_TAGS = 5_000
MOST_TIMES = 3

_SHOWN = (
    "details summary p br b strong i em u s del ins mark small sub sup kbd q abbr cite dfn var samp ul ol li dl dt dd a img audio source code pre blockquote table caption "
    "thead tbody tfoot tr td th ruby rt rp bdi bdo span div hr wbr h1 h2 h3 h4 h5 h6 section article header footer main figure figcaption center address"
)
_AS_DIV = frozenset(("section", "article", "header", "footer", "main", "figure", "figcaption", "center", "address"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNSEEN = "script style template iframe noscript noembed noframes svg math title textarea object embed applet xmp plaintext select"
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "img": {"src", "data-name", "data-masks", "alt", "width", "height"},
    "audio": {"src", "data-name"},
    "source": {"src"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "abbr": {"title"},
}
_MASK = r"[rep][ai](?:,-?\d{1,3}(?:\.\d{1,2})?){4,200}"
_COVERED = re.compile(r'<span class="covered">(<img\b[^<>]*>)<svg\b[^<>]*>(?:<(?:rect|ellipse|polygon)\b[^<>]*></(?:rect|ellipse|polygon)>)*</svg></span>')
_NUMBER = re.compile(r"-?\d{1,4}\Z")
_ALLOWED: dict[str, Callable[[str], object]] = {
    "dir": lambda value: value.lower() in ("ltr", "rtl", "auto"),
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}\Z").match,
    "href": re.compile(r"(?:https://|mailto:)[^\s\\]", re.IGNORECASE).match,
    "src": lambda value: media_name(value) and not value.lstrip().startswith("//"),
    "data-name": lambda value: media_name(value),
    "data-masks": re.compile(rf"{_MASK}(?:;{_MASK}){{0,200}}\Z").match,
    "type": lambda value: value in ("1", "a", "A", "i", "I"),
    "scope": lambda value: value in ("row", "col"),
    **dict.fromkeys(("width", "height", "colspan", "rowspan", "start", "value"), _NUMBER.match),
}


def _attribute(tag: str, name: str, value: str) -> str | None:
    return value if _ALLOWED.get(name, bool)(value) or name in ("alt", "title", "reversed") else None


_CLEANER = nh3.Cleaner(
    tags=set(_SHOWN.split()),
    clean_content_tags=set(_UNSEEN.split()),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"https", "mailto"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)

_HARMLESS = re.compile(r"[^<>&\\$\[\]\x00\r\xa0\ue000\ue001]*\Z")
_BARE = re.compile(r"[^<>&\\$\[\]{}\x00\r\xa0\ue000\ue001]*\Z")
_OURS = re.compile(r"[\x00\ue000\ue001]")
_TAKEN = re.compile("\ue000(\\d+)\ue001")
_SOUND = re.compile(r"\[sound:([^\]\[<>]{1,255})\]", re.IGNORECASE)
_MATHML = re.compile(r"<math\b[^<>]*>", re.IGNORECASE)
_ALTTEXT = re.compile(r'\balttext="([^"]*)"', re.IGNORECASE)
_ANNOTATION = re.compile(r'<annotation\b[^<>]*encoding="application/x-tex"[^<>]*>([^<>]*)</annotation>', re.IGNORECASE)
_TOKEN = re.compile(r'</?([a-zA-Z][a-zA-Z0-9]*)((?:[^"<>]|"[^"]*")*)>')
_PAIR = re.compile(r'([a-z-]+)="([^"]*)"')
_NEEDS_WORK = re.compile(r"[{\ue000]|<(?:img|audio|source|h[1-6]|section|article|header|footer|main|figure|figcaption|center|address)\b", re.IGNORECASE)


def bare(html: str) -> bool:
    """Whether there is nothing in a field that could be markup, a formula, a sound or a blank: it is clean but for the space at its edges."""
    return _BARE.match(html) is not None and len(html) <= MOST_SIGNS


def clean(html: str) -> str:
    """The clean form of a field: nothing in it runs, loads from elsewhere, or reaches outside its card."""
    if len(html) > MOST_SIGNS or html.count("<") > MOST_TAGS:
        return as_text(html)
    once = _once(html)
    for _ in range(MOST_TIMES):  # what is left when a tag within a formula is gone may be a formula now
        if "<" not in html or not (any(formulas(once)) or _SOUND.search(once)):
            break
        once = _once(once)
    return once


def _once(html: str) -> str:
    if _HARMLESS.match(html):
        return html.strip()
    taken: list[tuple[str, str]] = []
    bare = _without_sounds(_without_formulas(_readable_maths(_COVERED.sub(r"\1", _OURS.sub("", html))), taken), taken)
    cleaned = _CLEANER.clean(bare)
    return (_finished(cleaned, taken) if _NEEDS_WORK.search(cleaned) else cleaned).strip()


def as_text(html: str) -> str:
    """A field too large to clean, as plain words; its original stays whole beside it."""
    words = unescape(re.sub(r"<[^<>]*>", " ", html[: MOST_SIGNS * 4]))
    return escape(_OURS.sub("", words)[:MOST_SIGNS]).strip()


def media_name(value: str) -> str:
    """The name of a media file as a deck knows it; empty where this is no plain name of a file."""
    name = unicodedata.normalize("NFC", unquote(unescape(value)).strip())
    if not name or len(name) > 255 or name.startswith(".") or any(sign in '/\\:<>"' or ord(sign) < 32 for sign in name):
        return ""
    return name


def _readable_maths(html: str) -> str:
    """MathML that says its own TeX is read as that TeX: ours, and that of pages copied from elsewhere."""
    out: list[str] = []
    at = 0
    while opened := _MATHML.search(html, at):
        end = html.find("</math>", opened.end())
        if end < 0:
            break
        inside = html[opened.end() : end]
        said = _ALTTEXT.search(opened.group()) or _ANNOTATION.search(inside)
        out.append(html[at : opened.start()])
        if said:
            tex = said.group(1)
            out.append(f"\\[{tex}\\]" if 'display="block"' in opened.group() else f"\\({tex}\\)")
        at = end + len("</math>")
    out.append(html[at:])
    return "".join(out)


def _without_formulas(html: str, taken: list[tuple[str, str]]) -> str:
    out: list[str] = []
    at = 0
    for formula in formulas(html):
        out += (html[at : formula.start], f"\ue000{len(taken)}\ue001")
        taken.append((formula.html, formula.source))
        at = formula.end
    return "".join((*out, html[at:]))


def _without_sounds(html: str, taken: list[tuple[str, str]]) -> str:
    def player(found: re.Match[str]) -> str:
        name = media_name(found.group(1))
        if not name:
            return found.group()
        taken.append((f'<audio data-name="{quoted(name)}"></audio>', found.group()))
        return f"\ue000{len(taken) - 1}\ue001"

    return _SOUND.sub(player, html) if "[" in html else html


def _finished(html: str, taken: list[tuple[str, str]]) -> str:
    """Puts back what was taken out: as it is shown in the text, as it was written inside a tag."""
    out: list[str] = []
    at = 0
    for tag in _TOKEN.finditer(html):
        out += (_TAKEN.sub(lambda found: taken[int(found.group(1))][0], html[at : tag.start()]), _tag(tag, taken))
        at = tag.end()
    out.append(_TAKEN.sub(lambda found: taken[int(found.group(1))][0], html[at:]))
    return "".join(out)


def _tag(tag: re.Match[str], taken: list[tuple[str, str]]) -> str:
    name, rest, closing = tag.group(1).lower(), tag.group(2), tag.group().startswith("</")
    if closing and name in ("audio", "source"):
        return ""
    pairs = {key: _TAKEN.sub(lambda found: unescape(taken[int(found.group(1))][1]), unescape(value)) for key, value in _PAIR.findall(rest)}
    if name in ("img", "audio", "source"):
        return _media(name, pairs)
    attributes = "".join(f' {key}="{quoted(value)}"' for key, value in pairs.items())
    if name in _HEADINGS:
        return "</strong></div>" if closing else f"<div{attributes}><strong>"
    name = "div" if name in _AS_DIV else name
    return f"</{name}>" if closing else f"<{name}{attributes}>"


def _media(tag: str, pairs: dict[str, str]) -> str:
    """A picture or a sound under the name of its file; a picture from elsewhere leaves its words."""
    name = media_name(pairs.get("data-name") or pairs.get("src", ""))
    if tag != "img":
        return f'<audio data-name="{quoted(name)}"></audio>' if name else ""
    alt = " ".join(pairs.get("alt", "").split())[:500]
    if not name:
        return quoted(alt)
    sizes = "".join(f' {key}="{pairs[key]}"' for key in ("width", "height") if pairs.get(key, "").isdigit())
    if masks := pairs.get("data-masks", ""):
        return f'<span class="covered"><img data-name="{quoted(name)}" alt="{quoted(alt)}"{sizes} data-masks="{masks}">{_covers(masks)}</span>'
    return f'<img data-name="{quoted(name)}" alt="{quoted(alt)}"{sizes}>'


def _covers(masks: str) -> str:
    """The covers of a picture as a drawing of our own: forms and numbers, nothing else. What is asked stands out."""
    drawn = []
    for mask in masks.split(";"):
        kind, *numbers = mask.split(",")
        told = ' class="asked"' if kind[1] == "a" else ""
        if kind[0] == "p":
            points = " ".join(f"{x},{y}" for x, y in zip(numbers[::2], numbers[1::2], strict=False))
            drawn.append(f'<polygon points="{points}"{told}></polygon>')
        else:
            tag, names = ("rect", ("x", "y", "width", "height")) if kind[0] == "r" else ("ellipse", ("cx", "cy", "rx", "ry"))
            said = "".join(f' {name}="{value}"' for name, value in zip(names, numbers, strict=False))
            drawn.append(f"<{tag}{said}{told}></{tag}>")
    return f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{"".join(drawn)}</svg>'


__all__ = ["CLEANER", "as_text", "bare", "clean", "mathml", "media_name"]
