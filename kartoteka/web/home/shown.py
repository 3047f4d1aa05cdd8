"""Sets as they lie on the start page and in the library: a card each, with how well it is known and what is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka import shelf
from kartoteka.engine.formulas import in_words
from kartoteka.engine.text import plain
from kartoteka.library import queries as library
from kartoteka.library.models import Deck, Visibility
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.study import queries as study

DESCRIPTION_SIGNS = 140


@dataclass(frozen=True, slots=True)
class SetCard:
    """A set of one's own: how many cards, who sees it, how well it is known, what is due."""

    deck: Deck
    cards: int
    who: str
    about: str
    levels: Mapping[str, int]
    due: int
    state: str
    waits: bool


@dataclass(frozen=True, slots=True)
class PublicCard:
    """A set of somebody's, as its visitors see it."""

    deck: Deck
    cards: int
    about: str
    rated: str
    studied_by: int
    author: str


@dataclass(frozen=True, slots=True)
class Door:
    """A way to study that exists here."""

    icon: str
    title: str
    words: str


def about(deck: Deck) -> str:
    """The first words of a set's description, without its marks."""
    return str(Truncator(" ".join(in_words(plain(deck.description), deck.description).split())).chars(DESCRIPTION_SIGNS, truncate="…"))


def set_card(deck: Deck, learner: Person, now_ms: int, cards: Sequence[library.CardRow] | None = None) -> SetCard:
    """``cards``: those of the set, where they were read already."""
    standing = study.standing_of(learner, deck, now_ms, cards)
    levels = {str(level): number for level, number in standing.levels.items()}
    many = sum(levels.values())
    state, waits = _state(standing.due, levels, many)
    return SetCard(deck, many, _who(deck), about(deck), levels, standing.due, state, waits)


def _who(deck: Deck) -> str:
    return {Visibility.PRIVATE: _("only me"), Visibility.LINK: _("by link"), Visibility.PUBLIC: _("everyone")}.get(Visibility(deck.visibility), "")


def _state(due: int, levels: Mapping[str, int], cards: int) -> tuple[str, bool]:
    """What a set waits for, and whether it waits for the learner."""
    if due:
        return ngettext("%s due", "%s due", due) % in_figures(due), True
    if not cards:
        return _("no cards yet"), True
    if levels.get("new") == cards:
        return _("not started"), True
    if levels.get("fading"):
        return ngettext("%s fading", "%s fading", levels["fading"]) % in_figures(levels["fading"]), True
    return _("nothing due"), False


def public_card(deck: Deck) -> PublicCard:
    rating = library.rating_of(deck)
    if rating.stars is not None:
        rated = ngettext("%(stars)s from %(votes)s vote", "%(stars)s from %(votes)s votes", rating.votes) % {
            "stars": in_figures(round(rating.stars, 1)),
            "votes": in_figures(rating.votes),
        }
    else:
        rated = _("Not rated yet, %(votes)d of 3 votes") % {"votes": rating.votes} if rating.votes else _("Not rated yet")
    return PublicCard(deck, library.notes_of(deck).count(), about(deck), rated, study.studied_by(deck), deck.owner.shown_name)


def tags_of(decks: Iterable[Deck], most: int = 8) -> list[tuple[str, int]]:
    """The commonest tags of these sets, with how many carry each."""
    return Counter(tag for deck in decks for tag in deck.tags).most_common(most)


def doors() -> Sequence[Door]:
    """The ways to study that exist here, in their order."""
    words = {
        "flashcards": _("Look, flip, bullet by bullet"),
        "sorting": _("Two piles: know, still learning"),
        "learn": _("From recognising to recalling"),
        "test": _("Partial credit, every mark open to appeal"),
        "spaced": _("Minutes a day, and it says why"),
        "match": _("Pairs, with or without a clock"),
        "call": _("Say it out loud, point by point"),
    }
    return [Door(str(part.ICON), _(part.TITLE), words.get(name, "")) for name, part in shelf.parts("modes", "rules").items()]
