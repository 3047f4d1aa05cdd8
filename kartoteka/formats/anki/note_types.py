"""Note types at work: which fields make which side, and which cards they give rise to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kartoteka.formats.anki import hints, occlusion, templates

MOST_FIELDS = 500
CLOZE = 1
BLANK = re.compile(r"\{\{c(\d+)")


def _picture_of(fields: Mapping[str, str]) -> tuple[str, str, str]:
    """Of a note with a covered picture: what says where the covers are, the picture, and what stands above it."""
    shapes = next((html for html in fields.values() if "::image-occlusion:" in html), "")
    picture = next((html for html in fields.values() if "<img" in html.lower()), "")
    return shapes, picture, fields.get("Header", "")


def _more_of(fields: Mapping[str, str]) -> str:
    shapes, picture, header = _picture_of(fields)
    return "<br>".join(html for name, html in fields.items() if html and html not in (shapes, picture, header) and name not in templates.SPECIAL)


def whole_picture(fields: Mapping[str, str]) -> tuple[str, str]:
    _shapes, picture, header = _picture_of(fields)
    return "<br>".join(html for html in (header, picture) if html), _more_of(fields)


def covered_sides(fields: Mapping[str, str], ordinal: int) -> tuple[str, str]:
    """The picture with its covers, and without that which is asked."""
    said, picture, header = _picture_of(fields)
    shapes = occlusion.shapes_in(said)
    front, back = (occlusion.covered(picture, shapes, ordinal, answer=answer) for answer in (False, True))
    return "<br>".join(html for html in (header, front) if html), "<br>".join(html for html in (back, _more_of(fields)) if html)


class NoteType:
    """A note type at work: which fields make which side."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.names = [one["name"] for one in said["flds"]]
        self.cloze = said["type"] == CLOZE
        self.hint = hints.hint_in(said)
        self.templates = {one["ord"]: {**one, "qfmt": hints.without(one["qfmt"])} if self.hint else one for one in said["tmpls"]}
        self.special = any(
            name in ("Tags", "Type", "Deck", "Subdeck") for one in said["tmpls"] for side in ("qfmt", "afmt") for name in templates.puts(one[side])
        )
        self.simple = self._simple()
        self.plain = (self.names.index(self.simple[0]), self.names.index(self.simple[1])) if self.simple and not self.special else None  # where these two stand
        self.turned = self._turned()

    def _simple(self) -> tuple[str, str] | None:
        """The two fields that are the two sides, for the many note types that are no more than that."""
        first = self.templates.get(0)
        if first is None or self.cloze:
            return None
        pair = templates.only_field(first["qfmt"]), templates.only_answer(first["afmt"])
        return pair if all(name in self.names for name in pair) else None

    def _turned(self) -> bool:
        """Whether the second card asks the first one's sides the other way round."""
        second = self.templates.get(1)
        if second is None or self.simple is None:
            return False
        return (templates.only_answer(second["afmt"]), _asked(second["qfmt"])) == self.simple

    def with_special(self, fields: dict[str, str], tags: str, deck: str) -> dict[str, str]:
        """The fields with what templates may show besides them; a field of such a name is the note's own. The hint is no part of a side."""
        if self.hint:
            fields = {name: html for name, html in fields.items() if name != self.hint}
        if not self.special:
            return fields
        return {"Tags": tags, "Type": self.said["name"], "Deck": deck, "Subdeck": deck.rpartition("::")[2]} | fields

    def sides(self, fields: Mapping[str, str], ordinal: int) -> tuple[str, str]:
        """A note's own term and definition: the sides of its first card, else of its first two fields."""
        if self.simple and ordinal in (0, 1):
            return templates.spoken_out(fields[self.simple[0]]), templates.spoken_out(fields[self.simple[1]])
        template = self.templates.get(0 if self.cloze else ordinal) or next(iter(self.templates.values()), None)
        if template is None:
            return self._first_fields(fields)
        if self.cloze:
            front, back = templates.cloze_sides(template["qfmt"], template["afmt"], fields)
        else:
            front, back = templates.sides(template["qfmt"], template["afmt"], {"Card": template["name"], **fields}, ordinal)
        if templates.is_empty(front) or (templates.is_empty(back) and not self.cloze):
            first, second = self._first_fields(fields)
            front, back = (first if templates.is_empty(front) else front), (second if templates.is_empty(back) else back)
        return front, back

    def _first_fields(self, fields: Mapping[str, str]) -> tuple[str, str]:
        filled = [html for html in (fields.get(name, "") for name in self.names) if not templates.is_empty(html)]
        return (filled[0] if filled else "", "<br>".join(filled[1:]))

    def ordinals(self, fields: Mapping[str, str]) -> list[int]:
        """Which cards these fields give rise to, where no card says so: every blank, or every template that has something to ask."""
        if self.cloze:
            blanks = {min(int(number), 500) - 1 for number in BLANK.findall("".join(fields.values()))} - {-1}
            return sorted(blanks) or [0]
        nothing = dict.fromkeys(fields, "")
        asked = [
            ordinal
            for ordinal, one in self.templates.items()
            if not templates.is_empty(front := templates.sides(one["qfmt"], "", fields)[0]) and front != templates.sides(one["qfmt"], "", nothing)[0]
        ]
        return asked or [0]

    def own_sides(self, fields: Mapping[str, str], ordinal: int, term: str, definition: str) -> tuple[str, str] | None:
        """The sides of a further card, where they are not the note's."""
        if self.cloze:
            return self._of_blank(fields, ordinal, term, definition)
        template = self.templates.get(ordinal)
        if template is None or (self.simple and (ordinal == 0 or (ordinal == 1 and self.turned))):
            return None
        found = templates.sides(template["qfmt"], template["afmt"], {"Card": template["name"], **fields}, ordinal)
        return None if found == (term, definition) or (not found[0] and not found[1]) else found

    def _of_blank(self, fields: Mapping[str, str], ordinal: int, term: str, definition: str) -> tuple[str, str] | None:
        """The sides of the card of one blank, where others of its note show other fields."""
        template = next(iter(self.templates.values()), None)
        if template is None or not (templates.differs_by_blank(template["qfmt"]) or templates.differs_by_blank(template["afmt"])):
            return None
        front, back = templates.cloze_sides(template["qfmt"], template["afmt"], {"Card": template["name"], **fields}, ordinal)
        return None if (front, back) == (term, definition) or ordinal not in templates.blanks_in(front) else (front, back)


def _asked(template: str) -> str:
    """The field a question asks, also where it asks only under a condition."""
    if found := templates.only_field(template):
        return found
    nodes = [node for node in templates.parsed(template) if not (isinstance(node, str) and not node.strip())]
    inside = (
        [node for node in nodes[0].inside if not (isinstance(node, str) and not node.strip())]
        if len(nodes) == 1 and isinstance(nodes[0], templates.When)
        else []
    )
    return inside[0].name if len(inside) == 1 and isinstance(inside[0], templates.Put) and not inside[0].filters else ""


def made_type(id: int, count: int) -> dict[str, Any]:
    """A note type for notes whose own is missing."""
    fields = [{"name": f"Field {number + 1}", "ord": number} for number in range(min(count, MOST_FIELDS))]
    rest = "<br>".join(f"{{{{{one['name']}}}}}" for one in fields[1:])
    template = {"name": "Card 1", "ord": 0, "qfmt": "{{Field 1}}", "afmt": f"{{{{FrontSide}}}}<hr id=answer>{rest}"}
    return {"id": id, "name": "Recovered", "type": 0, "css": "", "flds": fields, "tmpls": [template]}
