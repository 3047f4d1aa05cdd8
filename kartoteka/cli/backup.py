"""`kartoteka backup` and `restore`: everything in one file, proved before it is called done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, cast

import click
from django.conf import settings
from django.db import connection, connections

VERSION = 1


class Broken(click.ClickException):
    """A backup that cannot be trusted."""


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it. Default: backups/ in the data folder, named by date.")
@click.option("--no-media", is_flag=True, help="Leave pictures and sounds out.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def backup(out: Path | None, no_media: bool, as_json: bool) -> None:
    """Keep everything in one file: database, media and a manifest.

    The file is read back and compared before this says it is done. It may run while Kartoteka serves.
    """
    path = write(out or settings.DATA / "backups" / f"kartoteka-{time.strftime('%Y%m%d-%H%M%S')}.zip", media=not no_media)
    manifest = check(path)
    if as_json:
        click.echo(json.dumps({"file": str(path), **manifest}))
    else:
        click.echo(f"{path}: {sum(manifest['rows'].values())} rows and {len(manifest['media'])} media files, read back and equal.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in place of what is there; the old data are kept in a folder beside it.")
def restore(file: Path, replace: bool) -> None:
    """Bring a backup back. Stop Kartoteka first.

    Restores into an empty data folder. With --replace what is there is moved aside, never deleted.
    """
    manifest = check(file)
    if connection.vendor != manifest["vendor"]:
        raise click.ClickException(
            f"This backup is of a {manifest['vendor']} database and KARTOTEKA_DATABASE names a {connection.vendor} one. Set it accordingly."
        )
    if connection.vendor == "postgresql":
        _restore_postgres(file, replace)
    else:
        _restore_sqlite(file, replace)
    _unpack_media(file, manifest)
    click.echo(f"Restored {sum(manifest['rows'].values())} rows and {len(manifest['media'])} media files from {file}. Start it with: kartoteka serve")


def write(path: Path, *, media: bool = True) -> Path:
    """Writes a backup and returns its path; nothing half-written is left under that name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            dump = _dump(Path(folder))
            archive.write(dump, "database")
            files = _media_files() if media else {}
            for name, file in files.items():
                archive.write(file, f"media/{name}", zipfile.ZIP_STORED)
            manifest = {
                "version": VERSION,
                "vendor": connection.vendor,
                "made": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                "sha256": _hash(dump),
                "rows": _rows_of(dump),
                "media": {name: file.stat().st_size for name, file in files.items()},
            }
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        os.chmod(unfinished, 0o600)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def check(path: Path) -> dict[str, Any]:
    """Reads a backup back: every byte by its hash, and the database by counting its rows. Raises ``Broken``."""
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            if manifest["version"] > VERSION:
                raise Broken(f"{path} was made by a newer Kartoteka. Upgrade this one, then restore it.")
            dump = Path(archive.extract("database", folder))
            if _hash(dump) != manifest["sha256"]:
                raise Broken(f"{path} is damaged: its database is not what was written. Use another backup.")
            for name in manifest["media"]:
                if _hash_of(archive, f"media/{name}") != name.rsplit("/", 1)[-1]:
                    raise Broken(f"{path} is damaged: the media file {name} is not what was written. Use another backup.")
            if _rows_of(dump) != manifest["rows"]:
                raise Broken(f"{path} is damaged: its tables do not hold as many rows as were written. Use another backup.")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Broken(f"{path} is not a backup of Kartoteka, or it is damaged ({error}). Nothing was changed.") from error
    return manifest


def _dump(folder: Path) -> Path:
    """The database as one file. A live database file is never copied: SQLite writes a clean one, PostgreSQL dumps."""
    dump = folder / "database"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(dump)])
        return dump
    _postgres("pg_dump", "--format=custom", f"--file={dump}", settings.DATABASES["default"]["NAME"])
    return dump


def _rows_of(dump: Path) -> dict[str, int]:
    """How many rows each table of a dump holds; for PostgreSQL how many entries its contents list has."""
    if connection.vendor != "sqlite":
        listing = _postgres("pg_restore", "--list", str(dump))
        return {"entries": sum(1 for line in listing.splitlines() if line and not line.startswith(";"))}
    module = cast(Any, connection).Database  # the SQLite that Django uses, a fixed one
    with_dump = module.connect(f"file:{dump}?mode=ro", uri=True)
    try:
        if with_dump.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Broken(f"The database in {dump.name} is damaged.")
        tables = [row[0] for row in with_dump.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
        return {table: with_dump.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}  # noqa: S608  (names come from the schema)
    finally:
        with_dump.close()


def _postgres(program: str, *arguments: str) -> str:
    database = settings.DATABASES["default"]
    environment = {
        **os.environ,
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
    }
    found = shutil.which(program) or next((str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None)
    if not found:
        raise click.ClickException(f"{program} is needed for backups of PostgreSQL. Install it with: apt-get install postgresql-client")
    done = subprocess.run([found, *arguments], env={k: v for k, v in environment.items() if v}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise click.ClickException(f"{program} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}")
    return done.stdout


def _restore_postgres(file: Path, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        if cursor.fetchone()[0] and not replace:
            raise click.ClickException("This database is not empty. Use an empty one, or --replace (a backup of what is there is made first).")
    if replace:
        click.echo(f"What was there is kept in {write(settings.DATA / 'backups' / f'before-restore-{int(time.time())}.zip')}.")
    connections.close_all()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file) as archive:
        dump = archive.extract("database", folder)
        _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={settings.DATABASES['default']['NAME']}", dump)


def _restore_sqlite(file: Path, replace: bool) -> None:
    place = Path(settings.DATABASES["default"]["NAME"])
    connections.close_all()
    here = [path for path in (place, place.with_name(place.name + "-wal"), place.with_name(place.name + "-shm")) if path.exists()]
    if here and not replace:
        raise click.ClickException(
            f"There are data in {settings.DATA} already. Choose an empty folder with KARTOTEKA_DATA, or --replace (what is there is kept beside it)."
        )
    unfinished = place.with_name(place.name + ".unfinished")
    with zipfile.ZipFile(file) as archive, archive.open("database") as source, unfinished.open("wb") as target:
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    if here:
        aside = settings.DATA / f"before-restore-{time.strftime('%Y%m%d-%H%M%S')}"
        aside.mkdir()
        for path in here:
            path.rename(aside / path.name)
    os.replace(unfinished, place)


def _unpack_media(file: Path, manifest: dict[str, Any]) -> None:
    folder = settings.DATA / "media"
    with zipfile.ZipFile(file) as archive:
        for name in manifest["media"]:
            place = folder / name
            if not place.resolve().is_relative_to(folder.resolve()):
                raise Broken(f"{file} names a media file outside its folder ({name}). Nothing more was restored.")
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(f"media/{name}") as source, place.open("wb") as target:
                shutil.copyfileobj(source, target)


def _media_files() -> dict[str, Path]:
    folder = settings.DATA / "media"
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file() and len(path.name) == 64}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    seen = hashlib.sha256()
    with archive.open(name) as file:
        while piece := file.read(1 << 20):
            seen.update(piece)
    return seen.hexdigest()
