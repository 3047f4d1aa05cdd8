"""Finds the format that knows a file and reads it, keeping a bad file away from everything else."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from kartoteka import shelf
from kartoteka.formats import letters
from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.transfer import child, wire, working

AT_ONCE_BYTES = 256 * 1024  # a pasted set is read here and now; what is larger, or no text, is read by the child
CERTAIN = 0.99
PATIENCE = 6  # times the seconds of CPU it may have: a busy machine fails nothing
LOOK_SECONDS = 0.5  # between two looks at whether somebody cancelled
HOUSE = Path(__file__).resolve().parents[2]
_children = threading.BoundedSemaphore(2)  # each may take 400 MB


def read(source: Source, options: Mapping[str, str], *, format: str = "", out: Path | None = None) -> Bundle:
    """What stands in this file. Raises ``Unreadable`` with one sentence where it cannot be read at all."""
    name = format or recognise(source)
    part = shelf.parts("formats", "format").get(name)
    if part is None:
        raise Unreadable(_("There is no format “%(name)s” here. Choose one of: %(names)s.") % {"name": name, "names": ", ".join(formats())})
    if getattr(part, "APART", False) or not _small_text(source):
        return _read_apart(name, source, options, out)
    try:
        bundle: Bundle = part.read(source, options)
        if getattr(part, "LETTERS", True):
            bundle = letters.offer(bundle, options)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_broken(name)) from error
    return bundle


def recognise(source: Source) -> str:
    """The name of the format that is surest of this file. Raises ``Unreadable`` where none is."""
    head = source.head()
    if not head.strip():
        raise Unreadable(_("There is nothing in it yet. Paste or write a term and its definition, or choose a file."))
    sure: list[tuple[float, str]] = []
    for name, part in shelf.parts("formats", "format").items():
        sure.append((_sure(part.recognises, head, source.name), name))
        if sure[-1][0] >= CERTAIN:  # the others need not look: some weigh every letter of it
            break
    best = max(sure, default=(0.0, ""))[0]
    if best <= 0:
        raise Unreadable(
            _("No format here knows this file. Nothing was changed. What can be read: %(names)s.") % {"names": ", ".join(map(_, formats().values()))}
        )
    return next(name for score, name in sure if score == best)


def formats() -> dict[str, str]:
    """The formats that can be read, by name, each with its title."""
    return {name: _(part.TITLE) for name, part in shelf.parts("formats", "format").items()}


def _sure(recognises: object, head: bytes, name: str) -> float:
    try:
        return float(recognises(head, name))  # type: ignore[operator]
    except Exception:  # a format that stumbles over a head does not know it
        return 0.0


def _small_text(source: Source) -> bool:
    size = len(source.data) if source.data is not None else source.path.stat().st_size if source.path else 0
    return size <= AT_ONCE_BYTES and b"\0" not in source.head()


def _broken(name: str) -> str:
    return _("This looks like %(title)s, but it is damaged and cannot be read. Nothing was changed. Try saving or exporting it again.") % {
        "title": _(formats()[name])
    }


def _read_apart(name: str, source: Source, options: Mapping[str, str], keep: Path | None) -> Bundle:
    """Reads in a child: whatever the file does to it, this process only ever sees lines of JSON."""
    with _children, tempfile.TemporaryDirectory(prefix="kartoteka-read-") as folder:
        file, out = source.path or Path(folder) / "source", keep or Path(folder) / "bundle"
        if source.data is not None:
            file = Path(folder) / "source"
            file.write_bytes(source.data)
        code, said = _run(
            name,
            file,
            out,
            json.dumps({"name": source.name, "options": dict(options), "folder": str(source.folder.resolve()) if source.folder else ""}),
            Path(folder),
        )
        if code == 0:
            try:
                with out.open(encoding="utf-8", errors="surrogatepass") as lines:
                    return wire.load(lines)
            except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
                raise Unreadable(_broken(name)) from error
        raise Unreadable(_refusal(name, code, said, child.seconds_for(file.stat().st_size)))


def _run(name: str, file: Path, out: Path, asked: str, folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", child.__name__, name, str(file.resolve()), str(out)]
    environment = {"PYTHONPATH": str(HOUSE), "PATH": os.defpath, "PYTHONIOENCODING": "utf-8", "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own module, paths of our own)
        command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    until, waiting = time.monotonic() + PATIENCE * child.seconds_for(file.stat().st_size), asked
    while True:
        try:
            said, _errors = process.communicate(waiting, timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            waiting = ""
            if time.monotonic() > until:
                _end(process)
                return -signal.SIGXCPU, ""
            try:
                working.go_on()
            except working.Cancelled:
                _end(process)
                raise
        else:
            return process.returncode, said


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def _refusal(name: str, code: int, said: str, seconds: int) -> str:
    if code == child.UNREADABLE and said:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            return wire.said(json.loads(said))
        return said
    if code == child.TOO_LARGE:
        return _("This file needs more memory than one file may have (400 MB). Nothing was changed. Split it into smaller files.")
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return _("Reading this file took longer than %(seconds)d seconds and was stopped. Nothing was changed. Split it into smaller files.") % {
            "seconds": seconds
        }
    return _broken(name)
