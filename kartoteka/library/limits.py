"""How much one person may store here."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kartoteka.library import queries
from kartoteka.people.models import Person
from kartoteka.store.refusals import TooMuch


def room_for_cards(person: Person, more: int) -> None:
    """Raises ``TooMuch`` where these cards would be more than this person may store."""
    most = settings.ENVIRONMENT["GUEST_CARDS" if person.is_guest else "ACCOUNT_CARDS"]
    stored = queries.cards_stored(person) if more else 0
    if stored + more <= most:
        return
    words = {"more": more, "most": most, "left": max(0, most - stored)}
    if person.is_guest:
        raise TooMuch(
            _("That would be %(more)d more cards. Without an account you can keep %(most)d here, and %(left)d are left. Make an account, or delete a set.")
            % words
        )
    raise TooMuch(_("That would be %(more)d more cards. You can keep %(most)d here, and %(left)d are left. Delete a set and empty your bin first.") % words)


def room_for_media(person: Person, more_bytes: int) -> None:
    """Raises ``TooMuch`` where these bytes would be more than this person may store."""
    most = settings.ENVIRONMENT["GUEST_MB" if person.is_guest else "ACCOUNT_MB"]
    stored = queries.megabytes_stored(person)
    if stored + more_bytes / 1_000_000 > most:
        words = {"more": max(1, round(more_bytes / 1_000_000)), "most": most, "left": max(0, int(most - stored))}
        raise TooMuch(_("That would be %(more)d MB more pictures and sounds. You can keep %(most)d MB here, and %(left)d MB are left.") % words)
