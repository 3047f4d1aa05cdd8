"""What Anki makes of a package: run with a Python that has the ``anki`` package; prints one JSON object a file.

``python anki_import.py FILE…`` in an environment of its own: Anki is AGPL, and nothing of Kartoteka is loaded here.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.import_export_pb2 import ImportAnkiPackageUpdateCondition as When


def told(path: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "collection.anki2")
        if path.endswith(".colpkg"):
            from anki._backend import RustBackend
            from anki.collection import Collection as _Empty

            media, media_db = Path(folder) / "collection.media", str(Path(folder) / "media.db")
            media.mkdir()
            started = time.process_time()
            RustBackend().import_collection_package(col_path=place, backup_path=path, media_folder=str(media), media_db=media_db)
            col = _Empty(place)
        else:
            col = Collection(place)
            started = time.process_time()
            options = ImportAnkiPackageOptions(
                merge_notetypes=False,
                with_scheduling=True,
                with_deck_configs=True,
                update_notes=When.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS,
                update_notetypes=When.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS,
            )
            col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
        cpu = time.process_time() - started
        found = figures(col)
        col.close()
        return {**found, "cpu": round(cpu, 3), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def figures(col: Collection) -> dict[str, object]:
    assert col.db is not None
    days = "due, ivl, factor, reps, lapses, left, odue, type, queue, flags"
    media = Path(col.media.dir())
    names = {one.id: one.name for one in col.decks.all_names_and_ids()}
    return {
        "notes": sorted(
            [guid, tags.strip(), flds, col.models.get(mid)["name"]] for guid, tags, flds, mid in col.db.all("select guid, tags, flds, mid from notes")
        ),
        "cards": sorted(
            [guid, ord, names.get(did, ""), json.loads(data or "{}"), *rest]
            for guid, ord, did, data, *rest in col.db.all(
                f"select n.guid, c.ord, c.did, c.data, {', '.join('c.' + one.strip() for one in days.split(','))} from cards c join notes n on n.id = c.nid"
            )
        ),
        "reviews": sorted(
            col.db.all(
                "select r.id, n.guid, c.ord, r.ease, r.ivl, r.lastIvl, r.factor, r.time, r.type from revlog r join cards c on c.id = r.cid join notes n on n.id = c.nid"
            )
        ),
        "media": {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(media.iterdir())} if media.is_dir() else {},
        "types": sorted((_type(one) for one in col.models.all()), key=json.dumps),
        "decks": sorted((_deck(col, one) for one in col.decks.all()), key=json.dumps),
        "crt": col.db.scalar("select crt from col"),
    }


def _type(said: Any) -> list[Any]:
    """A note type as far as a learner would miss it: its name, kind, look, fields and templates."""
    fields = [[one["name"], one.get("rtl"), one.get("font"), one.get("size"), one.get("sticky"), one.get("description", "")] for one in said["flds"]]
    return [
        said["name"],
        said["type"],
        said["css"],
        said["latexPre"],
        said["latexPost"],
        said["sortf"],
        fields,
        [[one["name"], one["qfmt"], one["afmt"], one["bqfmt"], one["bafmt"]] for one in said["tmpls"]],
    ]


def _deck(col: Collection, said: Any) -> list[Any]:
    """A deck: its name, what is written about it, and the options it is studied by."""
    options = (
        {}
        if said["dyn"]
        else {name: value for name, value in col.decks.config_dict_for_deck_id(said["id"]).items() if name not in ("id", "mod", "usn", "name")}
    )
    return [said["name"], said["dyn"], said.get("desc", ""), options]


if __name__ == "__main__":
    for path in sys.argv[1:]:
        try:
            print(json.dumps(told(path)))
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {str(error)[:500]}"}))
