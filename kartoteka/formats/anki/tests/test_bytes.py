"""Fields and media of real packages, byte for byte as they were."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import Bundle, Source
from kartoteka.formats.colpkg import format as colpkg


def fields_of(bundle: Bundle) -> str:
    """The hash of all notes by guid: guid, record separator, fields, newline."""
    kept = [(note.guid, note.extra["anki"]) for deck in bundle.decks for note in deck.notes]
    lines = sorted((guid.removesuffix(f"#{said['id']}").encode(), said["fields"].encode("utf-8", "surrogatepass")) for guid, said in kept)
    return hashlib.sha256(b"".join(guid + b"\x1e" + fields + b"\n" for guid, fields in lines)).hexdigest()


def media_of(bundle: Bundle) -> str:
    lines = (f"{one.name}\t{one.sha256}" for one in sorted(bundle.media, key=lambda one: one.name))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_fields_and_media_are_those_of_the_truth(samples: Path, tmp_path: Path) -> None:
    known = [json.loads(line) for line in (samples / "formats" / "truth.jsonl").read_text().splitlines()]
    seen = 0
    for truth in known:
        file = samples / "formats" / truth["file"]
        if not truth["ok"] or truth["kind"] not in ("apkg", "colpkg") or truth["file"].startswith("hostile/") or truth["raw_notes"] > 10_000:
            continue
        read = (colpkg if truth["kind"] == "colpkg" else apkg).read
        bundle = read(Source(name=file.name, path=file, folder=tmp_path / file.stem), {})
        assert fields_of(bundle) == truth["raw_fields_sha256"], truth["file"]
        assert len(bundle.media) == truth["media"], truth["file"]
        if bundle.media:
            assert media_of(bundle) == truth["media_sha256"], truth["file"]
        seen += 1
    assert seen >= 24
