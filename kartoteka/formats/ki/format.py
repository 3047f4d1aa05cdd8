"""Notes as ki keeps them in a git repository: a Markdown file a note, alone or in a zip of the repository."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kartoteka.formats.anki import messages
from kartoteka.formats.anki.bundling import gathered
from kartoteka.formats.anki.collection import Collection, Row
from kartoteka.formats.anki.loose import card_rows, media_in, opened_zip
from kartoteka.formats.base import Bundle, Findings, Said, Source, Unreadable

TITLE = Said("ki repository")
EXTENSIONS = (".md", ".zip")
KEEPS = ("fields", "note types and templates", "tags", "deck tree", "media")
DROPS = (
    "schedule and answers, which the format does not hold",
    "the history of the repository",
)

MOST_FILES, MOST_BYTES, MOST_NOTE_BYTES = 100_000, 500_000_000, 1_000_000
_NOTE = re.compile(r"\A\ufeff?\s*# Note\s*\n+```\s*\n(?P<facts>.*?)\n```\s*\n", re.DOTALL)
_FACT = re.compile(r"^(guid|notetype):[ \t]*(.*)$", re.MULTILINE)
_TAGS = re.compile(r"\A\s*### Tags\s*\n+```\s*\n(?P<tags>.*?)\n?```\s*\n", re.DOTALL)
_FIELD = re.compile(r"^## (.+?)\s*$", re.MULTILINE)


def recognises(head: bytes, name: str) -> float:
    if head.startswith(b"PK"):
        return 0.6 if re.search(rb"(?:^|/)models\.json", head) or b"/.ki/" in head else 0.0
    return 0.95 if _NOTE.match(head.decode("utf-8", "replace")) and b"notetype:" in head else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    reading = _Reading(findings)
    if source.head(2) != b"PK":
        reading.take(source.bytes()[:MOST_NOTE_BYTES], Path(source.name).stem or "Note", "ki")
        return _bundle(reading, (), findings)
    with tempfile.TemporaryDirectory(prefix="kartoteka-ki-") as folder:
        path = source.path or Path(folder) / "source"
        if source.path is None:
            path.write_bytes(source.bytes())
        with opened_zip(path) as archive:
            for name, raw in _members(archive, findings):
                if name.rsplit("/", 1)[-1] == "models.json":
                    reading.learn(raw)
            for name, raw in _members(archive, findings):
                if name.lower().endswith(".md"):
                    parts = [part for part in name.split("/")[:-1] if not part.startswith((".", "_"))]
                    reading.take(raw, name, "::".join(parts) or Path(source.name).stem or "ki")
            prefix = next((name[: name.index("_media/") + 7] for name in archive.namelist() if "_media/" in name), "")
            return _bundle(reading, media_in(archive, prefix, source.folder, findings) if prefix else (), findings)


def _members(archive: zipfile.ZipFile, findings: Findings) -> Iterator[tuple[str, bytes]]:
    total = 0
    for info in archive.infolist()[:MOST_FILES]:
        if info.is_dir() or info.file_size > MOST_NOTE_BYTES * 5 or not info.filename.endswith((".md", ".json")):
            continue
        total += info.file_size
        if total > MOST_BYTES:
            raise Unreadable(Said("This zip unpacks to far more than a collection holds. Nothing was changed."))
        try:
            yield info.filename, archive.read(info)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
            findings.say("files that cannot be read", Said("This file is damaged; it was left out."), where=info.filename[-80:], severity="refused")


def _bundle(reading: _Reading, media: Any, findings: Findings) -> Bundle:
    decks = gathered(reading.collection(), reading.notes, reading.cards, {}, findings)
    return Bundle("ki", tuple(decks), findings.told(), tuple(media))


class _Reading:
    """The notes of a repository as rows of a collection."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.types: dict[str, dict[str, Any]] = {}
        self.decks: dict[str, int] = {}
        self.notes: list[Row] = []
        self.cards: dict[int, list[Row]] = {}

    def collection(self) -> Collection:
        decks = {id: {"id": id, "name": name, "mod": 0, "conf": 1, "dyn": 0, "desc": ""} for name, id in self.decks.items()}
        return Collection(18, 0, {one["id"]: one for one in self.types.values()}, decks, {})

    def learn(self, raw: bytes) -> None:
        """The note types of ``models.json``."""
        try:
            said = json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            self.findings.say(
                "note types that cannot be read",
                Said("The list of note types (models.json) is damaged; notes are shown by their first two fields."),
                where="models.json",
            )
            return
        for one in said.values() if isinstance(said, dict) else ():
            if isinstance(one, Mapping) and one.get("name") and one.get("flds"):
                self.types.setdefault(str(one["name"]), messages.tidy_type(1_000_000 + len(self.types), one))

    def take(self, raw: bytes, where: str, deck: str) -> None:
        text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
        found = _NOTE.match(text)
        if found is None:
            if self.notes or not where.endswith(".md"):
                self.findings.say("files that are no notes", Said("This file is no note of ki; it was left out."), where=where[-80:], severity="info")
            return
        facts = dict(_FACT.findall(found["facts"]))
        rest = text[found.end() :]
        tags = _TAGS.match(rest)
        rest = rest[tags.end() :] if tags else rest
        pieces = _FIELD.split(rest)
        fields = {name: body.strip("\n") for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}
        kind = self.types.get(facts.get("notetype", "")) or self._made(facts.get("notetype", "").strip() or "ki", list(fields))
        id = len(self.notes) + 1
        texts = [fields.get(one["name"], "") for one in kind["flds"]]
        self.notes.append((id, facts.get("guid", ""), kind["id"], 0, " ".join(tags["tags"].split()) if tags else "", "\x1f".join(texts)))
        self.cards[id] = card_rows(kind, texts, id, self.decks.setdefault(deck, len(self.decks) + 2))

    def _made(self, name: str, fields: list[str]) -> dict[str, Any]:
        """A note type for a note whose own is not at hand."""
        first, *others = fields or ["Front", "Back"]
        back = "<br>".join(f"{{{{{one}}}}}" for one in others)
        said = {
            "name": name,
            "type": 0,
            "flds": [{"name": one, "ord": at} for at, one in enumerate([first, *others])],
            "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": f"{{{{{first}}}}}", "afmt": "{{FrontSide}}\n\n<hr id=answer>\n\n" + back}],
        }
        return self.types.setdefault(name, messages.tidy_type(1_000_000 + len(self.types), said))
