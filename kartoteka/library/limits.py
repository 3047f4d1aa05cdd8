"""How much one person may store here."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kartoteka.library import queries
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.store.refusals import TooMuch


def room_for_cards(person: Person, more: int) -> None:
    """Raises ``TooMuch`` where these cards would be more than this person may store."""
    most = settings.ENVIRONMENT["GUEST_CARDS" if person.is_guest else "ACCOUNT_CARDS"]
    stored = queries.cards_stored(person) if more else 0
    if stored + more <= most:
        return
    words = {"more": in_figures(more), "most": in_figures(most), "left": in_figures(max(0, most - stored))}
    if person.is_guest:
        raise TooMuch(
            _("That would be %(more)s more cards. Without an account you can keep %(most)s here, and %(left)s are left. Make an account, or delete a set.")
            % words
        )
    raise TooMuch(_("That would be %(more)s more cards. You can keep %(most)s here, and %(left)s are left. Delete a set and empty your bin first.") % words)


def room_for_media(person: Person, more_bytes: int) -> None:
    """Raises ``TooMuch`` where these bytes would be more than this person may store."""
    most = settings.ENVIRONMENT["GUEST_MB" if person.is_guest else "ACCOUNT_MB"]
    stored = queries.megabytes_stored(person)
    if stored + more_bytes / 1_000_000 > most:
        words = {"more": in_figures(max(1, round(more_bytes / 1_000_000))), "most": in_figures(most), "left": in_figures(max(0, int(most - stored)))}
        raise TooMuch(_("That would be %(more)s MB more pictures and sounds. You can keep %(most)s MB here, and %(left)s MB are left.") % words)
