"""The editor's list: every card as it looks, and what is worth a look about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.urls import reverse
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from kartoteka.engine.formulas import in_words
from kartoteka.engine.items import HINT
from kartoteka.engine.notes import clipped, side_of
from kartoteka.library import queries
from kartoteka.library.files import editable
from kartoteka.library.models import Deck, Note
from kartoteka.web.library.simple import to_text

ON_A_PAGE = 1000
_PICTURE = re.compile(r"<img\b[^<>]*>")


@dataclass(frozen=True, slots=True)
class Warning:
    """What is worth a look: ``stop`` where the card is set aside until it is mended; ``to`` the card beside which to look."""

    words: str
    stop: bool = False
    mend: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A card in the list. ``kind`` says of a long side how it will be asked."""

    note: Note
    number: int
    kind: str
    warnings: Sequence[Warning]

    @property
    def name(self) -> str:
        words = " ".join((self.note.shown_term or self.note.shown_definition).split())
        return clipped(words, 60)

    @property
    def sides(self) -> dict[str, str]:
        """Both sides and the hint as a rich field shows them."""
        return {"term": editable(self.note.term), "definition": editable(self.note.definition), "hint": editable(self.hint)}

    @property
    def hint(self) -> str:
        """The author's own hint, as it is shown."""
        return str(self.note.fields.get(HINT, ""))

    @property
    def hint_written(self) -> str:
        return to_text(self.hint)

    @property
    def accepted(self) -> list[tuple[str, str]]:
        """Further forms that are right: which way they are asked, and the text."""
        kept = (("forward", self.note.extra.get("accepted")), ("reversed", self.note.extra.get("accepted_terms")))
        return [(direction, text) for direction, texts in kept if isinstance(texts, list) for text in texts if isinstance(text, str)]

    @property
    def looks(self) -> dict[str, str]:
        """Sides that look otherwise than one writes them: those with formulas."""
        return {"term": looks_of(self.note.term), "definition": looks_of(self.note.definition)}

    @property
    def term_written(self) -> str:
        return to_text(self.note.term)

    @property
    def definition_written(self) -> str:
        return to_text(self.note.definition)


def looks_of(html: str) -> str:
    return html if "<math" in html else ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, out of all cards; ``to_look_at`` counts those with warnings."""

    rows: Sequence[Row]
    total: int
    to_look_at: int
    start: int
    before: int | None
    after: int | None

    @property
    def end(self) -> int:
        return self.start + len(self.rows)


def page_of(deck: Deck, *, look: bool = False, start: int = 0, card: UUID | None = None) -> Page:
    """The cards from ``start`` on, or the page that holds ``card``; only those with warnings where they are asked for."""
    rows = rows_of(deck)
    warned = [row for row in rows if row.warnings]
    listed = warned if look else rows
    if card is not None:
        place = next((place for place, row in enumerate(listed) if row.note.id == card), 0)
        start = place - place % ON_A_PAGE
    start = min(max(start, 0), max(len(listed) - 1, 0))
    shown = listed[start : start + ON_A_PAGE]
    following = start + ON_A_PAGE
    return Page(shown, len(rows), len(warned), start, max(start - ON_A_PAGE, 0) if start else None, following if following < len(listed) else None)


def rows_of(deck: Deck) -> list[Row]:
    notes = list(queries.notes_of(deck))
    numbers = {note.id: number for number, note in enumerate(notes, 1)}
    twins = queries.twins_of(deck)
    terms = {note.id: note.shown_term for note in notes}
    return [_row(deck, note, numbers, twins.get(note.id, ()), terms) for note in notes]


def row_of(deck: Deck, note: Note) -> Row:
    """One card as it stands in its list."""
    ids = list(queries.notes_of(deck).values_list("id", "term_text", "term"))
    numbers = {id: number for number, (id, *_sides) in enumerate(ids, 1)}
    return _row(deck, note, numbers, queries.twins_of(deck).get(note.id, ()), {id: in_words(text, term) for id, text, term in ids})


def _row(deck: Deck, note: Note, numbers: Mapping[UUID, int], twins: Sequence[UUID], terms: Mapping[UUID, str]) -> Row:
    return Row(note, numbers.get(note.id, 0), _kind(deck, note), tuple(_warnings(deck, note, numbers, twins, terms)))


def _kind(deck: Deck, note: Note) -> str:
    if len(note.definition_text) < 60 and "<li" not in note.definition:
        return ""
    side = side_of(note.definition, note.definition_text, deck.definition_lang, own_points=note.points)
    return ngettext("Long, %d point", "Long, %d points", len(side.points)) % len(side.points) if side.kind == "long" else ""


def _warnings(deck: Deck, note: Note, numbers: Mapping[UUID, int], twins: Sequence[UUID], terms: Mapping[UUID, str]) -> list[Warning]:
    found: list[Warning] = []
    if not note.term:
        found.append(Warning(_("No term yet. The card is set aside until it has one."), stop=True, mend=_("Write the term")))
    if not note.definition and note.kind != "cloze":
        found.append(Warning(_("No definition yet. The card is set aside until it has one."), stop=True, mend=_("Write the definition")))
    if twins:
        other = next((id for id in twins if id in numbers), None)
        if other is not None:
            words = {"number": numbers[other], "term": clipped(" ".join(terms[other].split()), 60)}
            sentence = _("Twin of card %(number)d, “%(term)s”. Nobody could tell them apart as choices.") % words
            to = f"{reverse('edit', args=[deck.id])}?card={other}#card-{other.hex}"
            found.append(Warning(sentence, mend=_("Look at card %(number)d") % words, to=to))
    found += _about_pictures(note)
    return found


def _about_pictures(note: Note) -> list[Warning]:
    found = []
    pictures = _PICTURE.findall(note.term + note.definition)
    if any('alt=""' in picture for picture in pictures):
        found.append(Warning(_("A picture without words. People who listen get no card."), mend=_("Say what it shows")))
    sounds = re.findall(r"<audio\b[^<>]*>", note.term + note.definition)
    if any(" src=" not in one for one in (*pictures, *sounds)):
        found.append(Warning(_("A picture or a sound is called by its name, but its file is not here."), mend=_("Add the file")))
    return found


def languages(*chosen: str) -> list[tuple[str, str]]:
    """The languages a side can be in, by their names in the reader's own."""
    found = {code: get_language_info(code)["name_translated"] for code, about in LANG_INFO.items() if "name" in about}
    for code in chosen:
        if code:
            found.setdefault(code, code)
    return sorted(found.items(), key=lambda one: str(one[1]).casefold())


LICENCES = ("", "CC0 1.0", "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC BY-NC-SA 4.0")
