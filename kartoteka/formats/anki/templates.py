"""Anki's templates rendered: fields, conditionals and filters become the HTML of one side. Pure, and never wiser than the template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape

from kartoteka.formats.anki import latex
from kartoteka.formats.prose import spans_out

DEEPEST = 50  # conditionals within conditionals
_EMPTY = re.compile(r"(?:\s|&nbsp;|</?(?:br|div)\s?/?>)*\Z", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_READING = re.compile(r"\[([^\[\]]{1,255})\]")
_ANSWER = re.compile(r"<hr\b[^<>]*\bid\s*=\s*[\"']?answer\b[^<>]*>", re.IGNORECASE)
_SPEECH = re.compile(r"\[/?anki:tts\b[^\[\]]{0,500}\]")
_FOR_A_BLANK = re.compile(r"c\d+")
_BLANK = re.compile(r"\{\{c([\d,]{1,100})::")
_RUNS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_SIGNS = ("#", "^", "/", "!", "=")
SPECIAL = ("FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID")


@dataclass(frozen=True, slots=True)
class Put:
    """A field put into a side, through its filters, the nearest first."""

    name: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """What is shown only where a field holds something (or, ``negated``, nothing)."""

    name: str
    negated: bool
    inside: tuple[Node, ...]


Node = str | Put | When


@lru_cache(maxsize=2048)
def parsed(template: str) -> tuple[Node, ...]:
    """A template's parts in order. A conditional that is never closed ends with the template; what closes none is nothing."""
    opening, closing, text = "{{", "}}", _RUNS.sub("", template)
    if found := re.match(r"\s*\{\{=(\S+)\s+(\S+)=\}\}", text):
        opening, closing, text = found[1], found[2], text[found.end() :]
    stack: list[tuple[str, bool, list[Node]]] = [("", False, [])]
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        while closing == "}}" and text[end + 2 : end + 3] == "}" and text[start + 2 : start + 3] == "{":
            end += 1
        stack[-1][2].append(text[at:start])
        _take(text[start + len(opening) : end].strip().strip("{}").strip(), stack)
        at = end + len(closing)
    stack[-1][2].append(text[at:])
    while len(stack) > 1:
        _close(stack)
    return tuple(node for node in stack[0][2] if node != "")


def _take(inside: str, stack: list[tuple[str, bool, list[Node]]]) -> None:
    sign = inside[:1]
    name = inside[1:].strip() if sign in _SIGNS else inside
    if sign in ("#", "^"):
        if len(stack) < DEEPEST:
            stack.append((name, sign == "^", []))
    elif sign == "/":
        if any(open_name == name for open_name, _negated, _nodes in stack[1:]):
            while stack[-1][0] != name:
                _close(stack)
            _close(stack)
    elif sign not in ("!", "=") and name:
        *filters, field = name.split(":")
        stack[-1][2].append(Put(field.strip(), tuple(one.strip() for one in reversed(filters))))


def _close(stack: list[tuple[str, bool, list[Node]]]) -> None:
    name, negated, nodes = stack.pop()
    stack[-1][2].append(When(name, negated, tuple(node for node in nodes if node != "")))


def is_empty(html: str) -> bool:
    """Whether a field counts as empty: nothing in it but space and line breaks."""
    return not html or _EMPTY.match(html) is not None


@dataclass(frozen=True, slots=True)
class Side:
    """How one side is rendered. ``front`` is what ``FrontSide`` stands for; ``cloze``: blanks stay as they are written.

    ``alone``: of the fields with blanks only those that hold the one of this ``ordinal``, as Anki has it.
    """

    answer: bool = False
    front: str = ""
    cloze: bool = False
    without_cloze: bool = False
    spoken: bool = False
    ordinal: int = 0
    alone: bool = False


def render(nodes: Sequence[Node], fields: Mapping[str, str], side: Side) -> str:
    """The HTML of a side, not clean yet."""
    return "".join(_pieces(nodes, fields, side)).strip()


def _pieces(nodes: Sequence[Node], fields: Mapping[str, str], side: Side) -> list[str]:
    out: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
        elif isinstance(node, Put):
            out.append(_put(node, fields, side))
        elif _holds(node.name, fields, side) != node.negated:
            out += _pieces(node.inside, fields, side)
    return out


def _holds(name: str, fields: Mapping[str, str], side: Side) -> bool:
    if name not in fields and _FOR_A_BLANK.fullmatch(name):
        return name == f"c{side.ordinal + 1}"
    return not is_empty(fields.get(name.rpartition(":")[2], ""))


def _put(node: Put, fields: Mapping[str, str], side: Side) -> str:
    if node.name == "FrontSide":
        return side.front
    html = fields.get(node.name, "")
    filters = node.filters
    if any(one in ("cloze", "cloze-only") for one in filters):
        if side.without_cloze or "type" in filters or (side.alone and side.ordinal not in blanks_in(html)):
            return ""
        return html if side.cloze else _filled(html)
    if "type" in filters:
        return html if side.answer else ""
    for one in filters:
        if one.startswith("tts"):
            return _TAG.sub("", html) if side.spoken else ""
        html = _FILTERS.get(one.partition(" ")[0], _same)(html, node.name)
    return html


def blanks_in(html: str) -> set[int]:
    """The ordinals of the cards that the blanks of a field make."""
    return {int(number) - 1 for numbers in _BLANK.findall(html) for number in numbers.split(",") if number}


def _filled(html: str) -> str:
    """Blanks as they are filled in."""
    for _nested in range(8):
        filled = re.sub(r"\{\{c\d+(?:,\d+)*::((?:(?!\{\{|\}\}|::).)*)(?:::(?:(?!\{\{|\}\}).)*)?\}\}", r"\1", html, flags=re.DOTALL)
        if filled == html:
            break
        html = filled
    return html


def _same(html: str, _name: str) -> str:
    return html


def _hint(html: str, name: str) -> str:
    return "" if is_empty(html) else f"<details><summary>{escape(name)}</summary>{html}</details>"


def _furigana(html: str, _name: str) -> str:
    return _read(html, lambda word, reading: f"<ruby>{word}<rt>{reading}</rt></ruby>")


def _kanji(html: str, _name: str) -> str:
    return _read(html, lambda word, _reading: word)


def _kana(html: str, _name: str) -> str:
    return _read(html, lambda _word, reading: reading)


def _read(html: str, made: Callable[[str, str], str]) -> str:
    """Words with their reading in brackets behind them; a sound is no reading. A word begins behind a space, a tag, or the word before it."""
    plain, out, at = html.replace("&nbsp;", " "), [], 0
    for found in _READING.finditer(plain):
        before = plain[at : found.start()]
        word = before[max(before.rfind(" "), before.rfind(">")) + 1 :]
        if not word or found[1].startswith(("sound:", "anki:")):
            out.append(plain[at : found.end()])
        else:
            out += (before[: len(before) - len(word)].removesuffix(" "), made(word, found[1]))
        at = found.end()
    return "".join((*out, plain[at:]))


def _text(html: str, _name: str) -> str:
    return _TAG.sub("", spans_out(html, "<!--", "-->"))


_FILTERS: Mapping[str, Callable[[str, str], str]] = {"hint": _hint, "furigana": _furigana, "kanji": _kanji, "kana": _kana, "text": _text}


@lru_cache(maxsize=2048)
def only_field(template: str) -> str:
    """The one field a template consists of, with nothing around it; else empty."""
    nodes = [node for node in parsed(template) if not (isinstance(node, str) and not node.strip())]
    return nodes[0].name if len(nodes) == 1 and isinstance(nodes[0], Put) and not nodes[0].filters and nodes[0].name not in SPECIAL else ""


@lru_cache(maxsize=2048)
def only_answer(template: str) -> str:
    """The one field that an answer adds to ``FrontSide`` and the line below it; else empty."""
    nodes = [node for node in parsed(template) if not (isinstance(node, str) and not _ANSWER.sub("", node).strip())]
    if len(nodes) != 2 or nodes[0] != Put("FrontSide") or not any(isinstance(node, str) and _ANSWER.search(node) for node in parsed(template)):
        return ""
    last = nodes[1]
    return last.name if isinstance(last, Put) and not last.filters and last.name not in SPECIAL else ""


@lru_cache(maxsize=2048)
def puts(template: str) -> frozenset[str]:
    """The names of all fields a template may show."""

    def names(nodes: Sequence[Node]) -> set[str]:
        found: set[str] = set()
        for node in nodes:
            if isinstance(node, Put):
                found.add(node.name)
            elif isinstance(node, When):
                found |= names(node.inside)
        return found

    return frozenset(names(parsed(template)))


@lru_cache(maxsize=2048)
def differs_by_blank(template: str) -> bool:
    """Whether cards of the same note may show other fields: there are several with blanks, or some that are shown for one blank only."""
    blanks: set[str] = set()

    def look(nodes: Sequence[Node]) -> bool:
        for node in nodes:
            if isinstance(node, Put) and any(one in ("cloze", "cloze-only") for one in node.filters):
                blanks.add(node.name)
            elif isinstance(node, When) and (_FOR_A_BLANK.fullmatch(node.name) or look(node.inside)):
                return True
        return len(blanks) > 1

    return look(parsed(template))


def sides(question: str, answer: str, fields: Mapping[str, str], ordinal: int = 0) -> tuple[str, str]:
    """Both sides of a card: the question, and what the answer says besides it."""
    if (first := only_field(question)) and (second := only_answer(answer)):
        return spoken_out(fields.get(first, "")), spoken_out(fields.get(second, ""))
    front = _rendered(question, fields, Side(ordinal=ordinal))
    back = _rendered(answer, fields, Side(answer=True, ordinal=ordinal))
    return spoken_out(front), spoken_out(_besides(back, front, "FrontSide" in puts(answer)))


def cloze_sides(question: str, answer: str, fields: Mapping[str, str], ordinal: int | None = None) -> tuple[str, str]:
    """A text with its blanks as they are written, and what the answer says besides it; of one card alone where its ``ordinal`` is named."""
    place, alone = ordinal or 0, ordinal is not None
    front = _rendered(question, fields, Side(cloze=True, ordinal=place, alone=alone))
    around = _rendered(question, fields, Side(cloze=True, without_cloze=True, ordinal=place, alone=alone))
    back = _rendered(answer, fields, Side(answer=True, without_cloze=True, ordinal=place, alone=alone))
    back = _besides(back, "", "FrontSide" in puts(answer))
    if around and back.startswith(around):
        back = back[len(around) :]
    return spoken_out(front), spoken_out(_trimmed(back))


def _rendered(template: str, fields: Mapping[str, str], side: Side) -> str:
    nodes = parsed(template)
    html = render(nodes, fields, side)
    if "tts" in template and is_empty(_TAG.sub("", html)) and "<img" not in html and "[sound:" not in html:
        html = render(nodes, fields, replace(side, spoken=True))
    return html


def _besides(back: str, front: str, has_front: bool) -> str:
    """An answer without the question it repeats above its line."""
    before, line, after = "", "", back
    if found := _ANSWER.search(back):
        before, line, after = back[: found.start()], found.group(), back[found.end() :]
    if not line:
        return _trimmed(back[len(front) :]) if front and back.startswith(front) and len(back) > len(front) else back
    if has_front:
        return _trimmed(before.strip() + after if before.strip() else after)
    return _trimmed(after) if _trimmed(after) else back


def _trimmed(html: str) -> str:
    """Without the space and the line breaks at its edges."""
    html = re.sub(r"\A(?:\s|<br\s*/?>|<hr\b[^<>]*>)+", "", html, flags=re.IGNORECASE)
    return re.sub(r"(?:\s|<br\s*/?>)+\Z", "", html, flags=re.IGNORECASE)


def spoken_out(html: str) -> str:
    """What Anki would only speak, or make a picture of, is there to be read."""
    return latex.read_out(latex.mathjax_out(_SPEECH.sub("", html) if "[anki:tts" in html else html))
