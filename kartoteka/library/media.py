"""Media come into a deck, find their places on its cards, and go when no deck shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from kartoteka.formats.base import BundleMedia
from kartoteka.library import access, files, limits, queries
from kartoteka.library.models import Deck, DeckMedia, Media, Note
from kartoteka.store.writer import action

_PLACED_ELSEWHERE = re.compile(r"/media/([0-9a-f-]{36})/([0-9a-f]{64})/")
_NAMED = re.compile(r'data-name="([^"]*)"')
LOST_DAYS = 2  # a file that no deck shows yet may belong to a card that is being written


def put_media(deck: Deck, name: str, file: BinaryIO, *, alt: str = "") -> DeckMedia:
    """Gives a deck a picture or a sound from a file field; the deck's own name for it is in what is returned.

    Raises ``NoMedia`` or ``TooMuch``. Looking at the bytes happens before anything waits for it.
    """
    kept = files.keep_upload(file, name=name)
    return _put(deck, files.file_name(name, kept.mime), kept, alt)


@action
def _put(deck: Deck, name: str, kept: files.Kept, alt: str) -> DeckMedia:
    there = DeckMedia.objects.select_related("media").filter(deck=deck, media_id=kept.sha256).first()
    if there:
        return there
    limits.room_for_media(deck.owner, kept.size)
    keep_row(kept)
    made = DeckMedia.objects.create(deck=deck, media_id=kept.sha256, name=_free_name(deck, name), alt=alt.strip()[:500])
    place_waiting(deck, [made.name])
    return made


def keep_row(kept: files.Kept) -> None:
    Media.objects.get_or_create(
        sha256=kept.sha256, defaults={"size": kept.size, "mime": kept.mime, "width": kept.width, "height": kept.height, "made_at": timezone.now()}
    )


def _free_name(deck: Deck, name: str) -> str:
    taken = set(DeckMedia.objects.filter(deck=deck).values_list("name", flat=True))
    stem, dot, ending = name.rpartition(".")
    number = 2
    free = name
    while free in taken:
        free, number = f"{stem}-{number}{dot}{ending}", number + 1
    return free


def take_in(deck: Deck, incoming: Iterable[BundleMedia]) -> int:
    """Files that came with a deck, byte for byte, under the names its cards call them by; returns how many are new here."""
    there = {one.name: one for one in DeckMedia.objects.filter(deck=deck)}
    new = 0
    for file in incoming:
        known = there.get(file.name)
        if known and known.media_id == file.sha256:
            continue
        kept = files.keep_file(file.path)
        keep_row(kept)
        if known:
            known.media_id = kept.sha256
            known.save(update_fields=["media_id"])
        else:
            there[file.name] = DeckMedia.objects.create(deck=deck, media_id=kept.sha256, name=file.name[:255])
        new += 1
    return new


def name_files(deck: Deck, kept: Mapping[str, files.Kept]) -> None:
    """Gives a new deck the files that lie in the media folder already, under the names its cards call them by."""
    now = timezone.now()
    rows = {one.sha256: Media(sha256=one.sha256, size=one.size, mime=one.mime, width=one.width, height=one.height, made_at=now) for one in kept.values()}
    Media.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=1000)
    DeckMedia.objects.bulk_create((DeckMedia(deck=deck, media_id=one.sha256, name=name) for name, one in kept.items()), batch_size=1000)


def take_in_media(deck: Deck, html: str) -> None:
    """What is pasted from another set its owner may see brings its pictures and sounds along."""
    others: dict[UUID, set[str]] = {}
    for id, sha256 in _PLACED_ELSEWHERE.findall(html):
        try:
            others.setdefault(UUID(id), set()).add(sha256)
        except ValueError:
            continue
    others.pop(deck.id, None)
    there = dict(DeckMedia.objects.filter(deck=deck).values_list("name", "media_id")) if others else {}
    for other in access.decks_seen(deck.owner, others):
        for one in DeckMedia.objects.filter(deck=other, media_id__in=others[other.id]):
            if one.name not in there:
                DeckMedia.objects.create(deck=deck, media_id=one.media_id, name=one.name, alt=one.alt)
                there[one.name] = one.media_id


def place_waiting(deck: Deck, names: Iterable[str]) -> int:
    """Cards that call a file by its name before it came show it now; returns how many."""
    if not (wanted := set(names)):
        return 0
    known, changed = queries.files_of(deck), []
    waiting = Note.objects.filter(deck=deck).filter(Q(term__contains="data-name=") | Q(definition__contains="data-name=") | ~Q(sides={}))
    for note in waiting.iterator(chunk_size=500):
        if not wanted & set(_NAMED.findall(f"{note.term}{note.definition}{note.sides}")):
            continue
        before = note.term, note.definition, note.sides
        note.term, note.definition = files.placed(note.term, known, deck.id), files.placed(note.definition, known, deck.id)
        note.sides = {kind: [files.placed(html, known, deck.id) for html in pair] for kind, pair in note.sides.items()}
        if before != (note.term, note.definition, note.sides):
            changed.append(note)
    Note.objects.bulk_update(changed, ["term", "definition", "sides"], batch_size=200)
    return len(changed)


def drop_lost_files(now: datetime) -> int:
    """Takes away files that no deck shows any more; returns how many."""
    before = now - timedelta(days=LOST_DAYS)
    lost = _drop_rows(before)
    for sha256 in lost:
        path = files.path_of(sha256)
        if path.is_file() and path.stat().st_mtime < before.timestamp():  # else somebody lays it in again just now
            path.unlink(missing_ok=True)
    return len(lost)


@action
def _drop_rows(before: datetime) -> list[str]:
    lost = list(Media.objects.filter(deckmedia=None, made_at__lt=before).values_list("sha256", flat=True))
    Media.objects.filter(sha256__in=lost, deckmedia=None).delete()
    return lost


def drop_files(hashes: Collection[str]) -> int:
    """Takes those of these files away that no deck shows, at once: their owner is gone. Returns how many."""
    lost = _drop_unshown(hashes)
    for sha256 in lost:
        files.path_of(sha256).unlink(missing_ok=True)
    return len(lost)


@action
def _drop_unshown(hashes: Collection[str]) -> list[str]:
    lost = list(Media.objects.filter(sha256__in=hashes, deckmedia=None).values_list("sha256", flat=True))
    Media.objects.filter(sha256__in=lost, deckmedia=None).delete()
    return lost
