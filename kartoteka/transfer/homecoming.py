"""An archive comes home: every row that is not here yet, under its own id, cleaned, checked, and replayed; all of it or nothing."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from kartoteka.engine.memory import Evidence
from kartoteka.engine.text import plain
from kartoteka.formats.base import Unreadable
from kartoteka.formats.kartoteka import format as archives
from kartoteka.library import actions as library
from kartoteka.library import files, limits, media
from kartoteka.library import queries as library_queries
from kartoteka.library.clean import CLEANER, clean
from kartoteka.library.fields import shown_form
from kartoteka.library.models import Deck
from kartoteka.people import actions as people
from kartoteka.people import privacy
from kartoteka.people.days import FUTURE_MS
from kartoteka.people.models import Person
from kartoteka.people.privacy import TABLES
from kartoteka.store.writer import action
from kartoteka.study import actions as study
from kartoteka.study import queries as study_queries

AT_ONCE = 2_000
PIECE = 1 << 20
MOST_KEYS, LONGEST_KEY, HEX, RETENTIONS = 100, 40, 32, (0.5, 0.99)
KEPT_IN = {"study.logged": "study.review"}  # what is read from a view comes home to a table
BROUGHT = ("library", "study", "transfer")  # the apps whose rows come home; who somebody is on this instance stays as it is
ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}(?![0-9a-f])")


def _words(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= MOST_KEYS
        and all(isinstance(word, str) and len(word) <= LONGEST_KEY for pair in value.items() for word in pair)
    )


def _shares(value: Any) -> bool:
    return isinstance(value, dict) and all(
        len(deck) == HEX and isinstance(share, float) and RETENTIONS[0] <= share <= RETENTIONS[1] for deck, share in value.items()
    )


CHECKED_HERE = {"motion": ("reduced", "full").__contains__, "keys": _words, "retentions": _shares}
CHECKED_BY_COLUMN = (*(name for name in people.SETTINGS if name not in CHECKED_HERE), "calendar")


@dataclass(slots=True)
class Brought:
    """What came of it: how many rows of each table are new, and how many notes were here already."""

    new: dict[str, int] = field(default_factory=dict)
    there: dict[str, int] = field(default_factory=dict)
    decks: list[UUID] = field(default_factory=list)
    left_out: int = 0


@action
def bring(owner: Person, path: Path, *, now_ms: int, leave_out: Collection[str] = ()) -> Brought:
    """Takes an archive in. What is here already stays as it is; ``leave_out``: ids of notes that stay out, with their cards.

    Raises ``Unreadable`` with one sentence where a row is not as Kartoteka writes it; then nothing was changed.
    """
    with zipfile.ZipFile(path) as archive, TemporaryDirectory(prefix="kartoteka-home-") as folder:
        archives.check(archive)
        home = _Home(owner, archive, now_ms, frozenset(leave_out))
        try:
            home.settings()
            home.media_files(Path(folder))
            for label, kept in TABLES.items():
                if kept.file and label.split(".")[0] in BROUGHT and label != "library.media":
                    home.table(label)
            home.memory()
            study.replay(owner, now_ms=now_ms)
        except (ValidationError, TypeError, ValueError, KeyError, AttributeError, OverflowError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Unreadable(_("This archive is damaged in %(where)s. Nothing was changed. Try another copy of it.") % {"where": f"{home.at}.jsonl"}) from error
    return home.brought


class _Home:
    """One archive on its way in."""

    def __init__(self, owner: Person, archive: zipfile.ZipFile, now_ms: int, leave_out: frozenset[str]) -> None:
        self.owner, self.archive, self.now_ms, self.leave_out = owner, archive, now_ms, leave_out
        self.brought = Brought()
        self.fits = 0
        self.at = "person"
        self.known: dict[str, set[Any]] = {}  # table → the keys of this owner's rows, for those that rows point to

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        self.at = name
        for row in archives.rows(self.archive, name):
            yield _with_ids(row, self.renamed) if self.renamed else row

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """New ids, where some are taken by somebody else here (the archive of another account): always the same for the same owner."""
        ids: set[str] = set()
        taken = False
        for label, kept in TABLES.items():
            if not (kept.file and label.split(".")[0] in BROUGHT and "id" in kept.exported):
                continue
            here = [row["id"] for row in archives.rows(self.archive, kept.file)]
            ids.update(here)
            model = apps.get_model(KEPT_IN.get(label, label))
            for some in _batches(iter(here)):
                found = model._default_manager.filter(pk__in=some)
                taken = taken or found.exclude(**{kept.whose: self.owner.pk}).exists()
        if not taken:
            return {}
        return {UUID(id).hex: _other(self.owner, UUID(id)).hex for id in ids}

    def settings(self) -> None:
        """How somebody likes to study, for who has not studied here yet."""
        if any(privacy.rows_of(self.owner, label).exists() for label in ("library.deck", "study.logged")):
            return
        for row in islice(self.rows("person"), 1):
            values = {
                name: cast(Any, Person._meta.get_field(name)).clean(row[name], None)
                for name in CHECKED_BY_COLUMN
                if name in row and row[name] not in (None, "", [])
            }
            values |= {name: row[name] for name, fits in CHECKED_HERE.items() if row.get(name) and fits(row[name])}
            if values:
                Person.objects.filter(pk=self.owner.pk).update(**values)
                self.owner.refresh_from_db()

    def memory(self) -> None:
        """Who studied by a model of their own goes on so; who studies by one here already keeps that."""
        for row in islice(self.rows("person"), 1):
            if self.owner.fit_id is None and row.get("fit_id"):
                study.take_up_model(self.owner, UUID(str(row["fit_id"])))

    def media_files(self, folder: Path) -> None:
        """The files, each by the hash of its bytes, whatever the archive calls it."""
        self.at = "media-files"
        rows = list(archives.rows(self.archive, "media-files"))
        here = set(privacy.rows_of(self.owner, "library.media").values_list("sha256", flat=True))
        limits.room_for_media(self.owner, sum(int(row["size"]) for row in rows if row["sha256"] not in here))
        self.known["library.media"] = here
        for row in rows:
            place = folder / "file"
            with self.archive.open(f"media/{row['sha256']}") as source, place.open("wb") as target:
                for piece in iter(lambda: source.read(PIECE), b""):
                    target.write(piece)
                    if target.tell() > int(row["size"]):
                        raise ValueError("a file is larger than it says")
            if files.hash_of(place) != row["sha256"]:
                raise ValueError("a file is not what its hash says")
            media.keep_row(files.keep_file(place))
            here.add(row["sha256"])
        self.brought.new["library.media"] = len(rows)

    def table(self, label: str) -> None:
        """The rows of one table that are not here yet."""
        kept, model = TABLES[label], apps.get_model(KEPT_IN.get(label, label))
        if label == "library.note":
            self._room_for_cards()
        new = there = 0
        finish = FINISH.get(label)
        whose = {} if "__" in kept.whose else {f"{kept.whose}_id": self.owner.pk}
        for some in _batches(self.rows(kept.file)):
            keys = {str(pk) for pk in model._default_manager.filter(pk__in=[row["id"] for row in some]).values_list("pk", flat=True)}
            if label in KEPT_IN:
                keys |= {row["id"] for row in some if row["id"] in self._in_a_past}
            there += len(keys)
            made = []
            for row in some:
                if row["id"] in keys or not self._wanted(label, row):
                    continue
                values = self._values(model, {name: row[name] for name in kept.exported if name in row})
                if values is not None:
                    made.append(model(**whose, **(finish(self, values) if finish else values)))
            model._default_manager.bulk_create(made, ignore_conflicts=True, batch_size=AT_ONCE)
            new += len(made)
            if label == "library.deck":
                self.brought.decks += [UUID(row["id"]) for row in some if row["binned_at"] is None]
        self.brought.new[label], self.brought.there[label] = new, there
        if label in POINTED_TO:
            self.known[label] = set(privacy.rows_of(self.owner, label).values_list("pk", flat=True))

    @cached_property
    def _in_a_past(self) -> set[str]:
        return study_queries.brought(self.owner)

    def _room_for_cards(self) -> None:
        ids = [row["id"] for row in self.rows("cards")]
        here = sum(apps.get_model("library.card").objects.filter(pk__in=some).count() for some in _batches(iter(ids)))
        limits.room_for_cards(self.owner, len(ids) - here)

    def _wanted(self, label: str, row: Mapping[str, Any]) -> bool:
        if label == "transfer.proposal":
            return bool(row["accepted_at"])
        return not (label in ("library.note", "library.card") and row["id" if label == "library.note" else "note"] in self.leave_out)

    def _values(self, model: type[models.Model], row: Mapping[str, Any]) -> dict[str, Any] | None:
        """A row's values by their fields' own rules; ``None`` where it points to what is not this owner's."""
        values: dict[str, Any] = {}
        for name, raw in row.items():
            made = model._meta.get_field(name)
            assert isinstance(made, models.Field)
            if isinstance(made, models.ForeignKey):
                target = made.related_model._meta.label_lower
                value = made.target_field.to_python(raw)
                if value not in self.known.get(target, ()) and not (target == "library.deck" and self._someones(model, value)):
                    self.brought.left_out += 1
                    return None
                values[made.attname] = value
            elif isinstance(made, models.JSONField):
                if type(raw) is not type(made.get_default()):
                    raise ValueError(f"{name} is not as it is written")
                values[name] = raw
            else:
                values[name] = None if raw is None and made.null else made.to_python(raw) if made.blank and raw == "" else made.clean(raw, None)
        return values

    def _someones(self, model: type[models.Model], deck: Any) -> bool:
        """A vote is about a set of somebody else."""
        return model._meta.label_lower == "library.rating" and Deck.objects.filter(id=deck).exclude(owner=self.owner).exists()

    def deck(self, values: dict[str, Any]) -> dict[str, Any]:
        values["description"] = clean(values["description"])
        values["visibility"] = values["visibility"] if values["visibility"] in ("link", "public") else "private"
        return {**values, "words": library.words_of(Deck(**values))}

    def note(self, values: dict[str, Any]) -> dict[str, Any]:
        """Nothing that comes in is shown before it was cleaned here."""
        known = self._files(values["deck_id"])
        shown = {name: shown_form(str(values[name]), values["deck_id"], known) for name in ("term", "definition")}
        more = {name: shown_form(str(html), values["deck_id"], known) for name, html in values["fields"].items()}
        texts = {f"{name}_text": plain(html) for name, html in shown.items()}
        return {**values, **shown, **texts, "fields": more, "cleaner": CLEANER}

    def _files(self, deck: UUID) -> Mapping[str, str]:
        if not self._names:
            for row in self.rows("media"):
                self._names.setdefault(UUID(row["deck"]), {})[row["name"]] = row["media"]
        return self._names.get(deck, {})

    @cached_property
    def _names(self) -> dict[UUID, dict[str, str]]:
        return {}

    def fit(self, values: dict[str, Any]) -> dict[str, Any]:
        """A memory model whose numbers can be reckoned with, under the next number."""
        if values["state"] == "waiting":
            values["state"] = "failed"
        if values["state"] == "kept":
            study_queries.check_model(values)
        self.fits = (self.fits or self._fits_here) + 1
        return {**values, "number": self.fits}

    @cached_property
    def _fits_here(self) -> int:
        return max((row.number for row in privacy.rows_of(self.owner, "study.fit")), default=0)

    def review(self, values: dict[str, Any]) -> dict[str, Any]:
        """An answer that the memory can be moved by: no later than now, and with evidence as it is written here."""
        values["at_ms"] = min(values["at_ms"], self.now_ms + FUTURE_MS)
        if values["evidence"]:
            if any(not isinstance(value, FACTS[name]) for name, value in values["evidence"].items()):
                raise ValueError("evidence is not as it is written")
            Evidence(**values["evidence"])  # no fact that it does not know
            values["evidence"] = {**values["evidence"], "at_ms": min(values["evidence"]["at_ms"], self.now_ms + FUTURE_MS)}
        return values


FINISH: dict[str, Callable[[_Home, dict[str, Any]], dict[str, Any]]] = {
    "library.deck": _Home.deck,
    "library.note": _Home.note,
    "study.logged": _Home.review,
    "study.fit": _Home.fit,
}
FACTS = {name: (int, float) if isinstance(value, float) else type(value) for name, value in Evidence("schedule", 1.0, "").facts().items()}
POINTED_TO = frozenset(("library.deck", "library.note", "study.sitting", "study.paper"))


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _other(owner: Person, id: UUID) -> UUID:
    """Another id for the same thing in this owner's library; its time stays, so that it sorts as it did."""
    digest = int.from_bytes(sha256(owner.pk.bytes + id.bytes).digest()[:10], "big")
    return UUID(int=id.int >> 80 << 80 | 0x7 << 76 | (digest >> 62 & 0xFFF) << 64 | 0b10 << 62 | digest & ((1 << 62) - 1))


def _with_ids(value: Any, renamed: Mapping[str, str]) -> Any:
    """A row under its new ids, wherever in it one is named."""
    if isinstance(value, str):
        return ID.sub(lambda found: _one(found, renamed), value) if len(value) >= 32 else value
    if isinstance(value, list):
        return [_with_ids(one, renamed) for one in value]
    if isinstance(value, dict):
        return {_with_ids(name, renamed): _with_ids(one, renamed) for name, one in value.items()}
    return value


def _one(found: re.Match[str], renamed: Mapping[str, str]) -> str:
    new = renamed.get(found[0].replace("-", ""))
    return found[0] if new is None else str(UUID(new)) if found[1] else new


def counted(brought: Brought, owner: Person) -> list[tuple[Deck, tuple[int, int, int, int]]]:
    """The sets that came home, each with its notes, cards, files and answers as they are now."""
    answers = study_queries.answers_per_deck(owner)
    found = []
    for deck in Deck.objects.filter(owner=owner, id__in=brought.decks, binned_at=None):
        notes, cards = library_queries.notes_of(deck).count(), sum(library_queries.cards_per_note(deck).values())
        found.append((deck, (notes, cards, len(library_queries.files_of(deck)), answers.get(deck.id, 0))))
    return found
