"""Which of one's answers a page of figures speaks of: since when, in which way to study, of cards with which tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.engine.state import DAY_MS
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.study import queries as study

SINCE = {"7": gettext_lazy("the last 7 days"), "30": gettext_lazy("the last 30 days"), "90": gettext_lazy("the last 90 days")}


@dataclass(frozen=True, slots=True)
class Filters:
    """``since``: a number of days; all may be empty, and what is not known is. ``ways`` and ``tags``: what there is to choose."""

    since: str
    mode: str
    tag: str
    ways: Sequence[tuple[str, str]]
    tags: Sequence[str]

    @property
    def sinces(self) -> Sequence[tuple[str, str]]:
        return [(days, str(words)) for days, words in SINCE.items()]

    @property
    def set(self) -> bool:
        return bool(self.since or self.mode or self.tag)

    @property
    def narrows(self) -> bool:
        """Whether answers are left out, not only cards."""
        return bool(self.since or self.mode)

    @property
    def query(self) -> str:
        """The same choice as parameters of an address, to stand before others."""
        chosen = [(name, value) for name, value in (("since", self.since), ("mode", self.mode), ("tag", self.tag)) if value]
        return f"{urlencode(chosen)}&" if chosen else ""

    def since_ms(self, now_ms: int) -> int:
        return now_ms - int(self.since) * DAY_MS if self.since else 0


def filters_in(params: Mapping[str, str], deck: Deck) -> Filters:
    modes, tags = study.modes(), sorted(library.tags_in(deck), key=str.casefold)
    since, mode, tag = params.get("since", ""), params.get("mode", ""), params.get("tag", "")
    return Filters(
        since if since in SINCE else "",
        mode if mode in modes else "",
        tag if tag in tags else "",
        [(name, _(rules.TITLE)) for name, rules in modes.items()],
        tags,
    )
