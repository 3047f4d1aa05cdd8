"""Pictures with parts covered (Anki's image occlusion): which covers a card shows, as ``data-masks`` on the picture.

``ra,x,y,width,height``: a rectangle, asked; ``e``: an ellipse (middle and radii); ``p``: a polygon; ``i`` in place of ``a``: covered, and not
what is asked. All in hundredths of the picture's width and height. The library draws them; a picture without them is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 200
_SHAPE = re.compile(r"\{\{c(\d{1,3})::image-occlusion:(rect|ellipse|polygon|text)((?:\\.|[^{}])*?)(?:::[^{}]*)?\}\}")
_SAID = re.compile(r":(left|top|width|height|rx|ry|points|oi)=([^:]*)")
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """A covered part of a picture: which card asks it, its form, and whether it stays covered while others are asked."""

    ordinal: int
    form: str
    always: bool


def shapes_in(field: str) -> list[Shape]:
    """The shapes of an occlusion field, in their order; one that cannot be read is passed over."""
    found = []
    for number, kind, said in _SHAPE.findall(field)[:MOST]:
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
