"""Pictures and sounds, in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseNotModified, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kartoteka.library import access, actions, files
from kartoteka.store.refusals import NotThere, Refusal
from kartoteka.web.library.cards import shown_as
from kartoteka.web.library.speaking import clock, speaking

# Whatever a file holds, opened on its own it is a page that may do nothing at all.
POLICY = "sandbox; default-src 'none'"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
PIECE = 65_536
Response = HttpResponse | StreamingHttpResponse


@require_safe
def media(request: Any, deck: UUID, sha256: str) -> Response:
    """A picture or a sound of a set this person may see; a part of it where a player asks for one."""
    found = access.media_to_see(request.learner, deck, sha256)
    path = files.path_of(found.sha256)
    if not path.is_file():
        raise NotThere(_("The file of this picture or sound is missing on this server."))
    if request.headers.get("If-None-Match") == f'"{sha256}"':
        return _guarded(HttpResponseNotModified(), found.mime, sha256)
    part = _part(request.headers.get("Range", ""), found.size)
    if part:
        response: Response = StreamingHttpResponse(_pieces(path, *part), status=206)
        response["Content-Range"] = f"bytes {part[0]}-{part[1]}/{found.size}"
        response["Content-Length"] = str(part[1] - part[0] + 1)
    else:
        response = FileResponse(path.open("rb"))
        response["Content-Length"] = str(found.size)
    return _guarded(response, found.mime, sha256)


def _guarded(response: Response, mime: str, sha256: str) -> Response:
    shown = re.match(files.SHOWN, mime) is not None
    response["Content-Type"] = mime if shown else "application/octet-stream"
    response["Content-Disposition"] = "inline" if shown and mime != files.SVG else "attachment"  # <img> shows a drawing all the same
    response["Content-Security-Policy"] = f"{POLICY}; style-src 'unsafe-inline'; img-src data:" if mime == files.SVG else POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{sha256}"'
    return response


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of the one part asked for; ``None``: all of it."""
    found = _RANGE.match(asked)
    if not found or not (found[1] or found[2]):
        return None
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    last = min(int(found[2]) if found[1] and found[2] else size - 1, size - 1)
    return (first, last) if first <= last else None


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


@require_POST
@speaking
def put_media(request: Any, deck: UUID) -> HttpResponse:
    """A picture or a sound for a set, from a file field or the clipboard."""
    found = access.deck_to_edit(request.learner, deck)
    file = request.FILES.get("file")
    if file is None:
        raise Refusal(_("Choose a picture or a sound first."))
    made = actions.put_media(found, file.name or "", file, alt=request.POST.get("alt", ""))
    html = files.placed(shown_as(made), {made.name: made.media_id}, found.id)
    return JsonResponse({"name": made.name, "html": html, "address": files.address(found.id, made.media_id), "saved": clock()})
