"""Pictures with parts covered (Anki's image occlusion): which covers a card shows, as ``data-masks`` on the picture.

``ra,x,y,width,height``: a rectangle, asked; ``e``: an ellipse (middle and radii); ``p``: a polygon; ``i`` in place of ``a``: covered, and not
what is asked. All in hundredths of the picture's width and height. The library draws them; a picture without them is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

MOST = 200
_SHAPE = re.compile(r"\{\{c(\d{1,3})::image-occlusion:(rect|ellipse|polygon|text)((?:\\.|[^{}])*?)(?:::[^{}]*)?\}\}")
_SAID = re.compile(r":(left|top|width|height|rx|ry|points|oi)=([^:]*)")
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
_FORM = re.compile(r"<(rect|ellipse|circle|polygon|path|line|polyline|text|image|use)\b([^<>]*)>", re.IGNORECASE)
_SIZE = re.compile(r"<svg\b([^<>]*)>", re.IGNORECASE)
_SAID_OF = re.compile(r"""(?<![\w:-])([\w:-]+)\s*=\s*["']([^"']*)["']""")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
MOST_DRAWN = 400_000  # signs of a drawing of covers
_SOURCE = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A covered part of a picture: which card asks it, its form, and whether it stays covered while others are asked."""

    ordinal: int
    form: str
    always: bool


@lru_cache(maxsize=4)
def shapes_in(field: str) -> list[Shape]:
    """The shapes of an occlusion field, in their order; one that cannot be read is passed over. Each card of a note asks for them anew."""
    found = []
    for shape in islice(_SHAPE.finditer(field), MOST):
        number, kind, said = shape.groups()
        values = dict(_SAID.findall(said))
        try:
            form = _form(kind, values)
        except (ValueError, KeyError):
            continue
        if form and int(number):
            found.append(Shape(int(number) - 1, form, values.get("oi") == "1"))
    return found


def _form(kind: str, values: dict[str, str]) -> str:
    left, top = (_hundredths(values.get(name, "0")) for name in ("left", "top"))
    if kind == "rect":
        return _numbers(left, top, _hundredths(values["width"]), _hundredths(values["height"]))
    if kind == "ellipse":
        across, down = _hundredths(values["rx"]), _hundredths(values["ry"])
        return "e" + _numbers(left + across, top + down, across, down)[1:]
    if kind == "polygon":
        points = [_hundredths(one) for pair in values["points"].split() for one in pair.split(",")]
        return "p" + _numbers(*points)[1:] if len(points) >= 6 and len(points) % 2 == 0 else ""
    return ""


def _hundredths(text: str) -> float:
    value = float(text) * 100
    if not -100 <= value <= 200:
        raise ValueError("outside the picture")
    return value


def _numbers(*values: float) -> str:
    return "r," + ",".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in values)


def covered(image: str, shapes: list[Shape], ordinal: int, *, answer: bool) -> str:
    """The picture as one card asks it, or answers it."""
    masks = [
        f"{one.form[0]}{'a' if one.ordinal == ordinal else 'i'}{one.form[1:]}"
        for one in shapes
        if (one.ordinal == ordinal and not answer) or (one.ordinal != ordinal and one.always)
    ]
    return _IMAGE.sub(f'<img data-masks="{";".join(masks)}"', image, count=1) if masks else image


def drawn(svg: str) -> list[str] | None:
    """The covers that a drawing of the old add-on puts over a picture, as ``Shape.form`` says them; ``None``: it draws something else as well."""
    size = _SIZE.search(svg[:MOST_DRAWN])
    said = dict(_SAID_OF.findall(size[1])) if size else {}
    box = [float(one) for one in _NUMBER.findall(said.get("viewBox", ""))]
    numbers = [*_NUMBER.findall(said.get("width", "")), *_NUMBER.findall(said.get("height", ""))]
    left, top, wide, high = box if len(box) == 4 else (0.0, 0.0, *(map(float, numbers) if len(numbers) == 2 else (0.0, 0.0)))
    if wide <= 0 or high <= 0:
        return None
    found = []
    for kind, words in _FORM.findall(svg[:MOST_DRAWN])[:MOST]:
        values = dict(_SAID_OF.findall(words))
        form = None if "transform" in values else _drawn(kind.lower(), values, left, top, wide, high)
        if form is None:
            return None
        if form:
            found.append(form)
    return found


def _drawn(kind: str, values: dict[str, str], left: float, top: float, wide: float, high: float) -> str | None:
    """One form; empty where it has no size, ``None`` where it is no cover."""

    def of(name: str) -> float:
        return float((_NUMBER.findall(values.get(name, "")) or ["0"])[0])

    if kind == "rect":
        if of("width") <= 0 or of("height") <= 0:
            return ""
        numbers = ((of("x") - left) / wide, (of("y") - top) / high, of("width") / wide, of("height") / high)
    elif kind in ("ellipse", "circle"):
        across, down = (of("rx"), of("ry")) if kind == "ellipse" else (of("r"), of("r"))
        if across <= 0 or down <= 0:
            return ""
        numbers = ((of("cx") - left) / wide, (of("cy") - top) / high, across / wide, down / high)
    else:
        return None
    if any(not -1 <= number <= 2 for number in numbers):
        return None
    return ("r" if kind == "rect" else "e") + _numbers(*(100 * number for number in numbers))[1:]


def under(image: str, asked: list[str], others: list[str]) -> str:
    """The picture under these covers."""
    masks = [f"{form[0]}a{form[1:]}" for form in asked] + [f"{form[0]}i{form[1:]}" for form in others]
    return _IMAGE.sub(f'<img data-masks="{";".join(masks)}"', image, count=1) if masks else image


def name_in(html: str) -> str:
    """The file of the first picture of a field."""
    found = _SOURCE.search(html)
    return next((name for name in found.groups() if name), "") if found else ""
