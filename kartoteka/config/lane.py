"""The short way: answers, and the questions that come next, are served without what only pages need, in two hops between threads.

A page goes through a2wsgi, whose every piece of body and answer waits for the event loop and back. Here the body is read first, one thread does
the work (of an answer that comes in: the one that writes), and the answer is sent whole. The checks are Django's own, in the order of the settings:
only those of pages are left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from a2wsgi.wsgi import build_environ
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpResponse
from django.urls import ResolverMatch, get_resolver, set_script_prefix
from django.utils.module_loading import import_string

from kartoteka.store.refusals import NotKept
from kartoteka.store.turns import turns
from kartoteka.store.writer import handed_over

WAITING = 32  # answers that share a COMMIT: each waits in a thread of its own, and costs nothing while it does
ANSWERS = "/api/v1/reviews"
SHORT = (ANSWERS, "/api/v1/sittings/", "/api/v1/marks", "/api/v1/health")  # small both ways; files come and go in pieces, as pages do
START, BODY = "http.response.start", "http.response.body"


class Lane(BaseHandler):
    """Django with the middleware of ``settings.API_MIDDLEWARE``."""

    def load_middleware(self, is_async: bool = False) -> None:
        assert not is_async
        views: list[Any] = []
        nothing: list[Any] = []
        respond = convert_exception_to_response(self._get_response)
        for name in reversed(settings.API_MIDDLEWARE):
            around = import_string(name)(respond)
            if hasattr(around, "process_view"):
                views.insert(0, around.process_view)
            respond = convert_exception_to_response(around)
        self._view_middleware, self._template_response_middleware, self._exception_middleware = views, nothing, nothing
        self._middleware_chain = respond

    def _get_response(self, request: Any) -> HttpResponse:
        """Django's own, without what it does for views that are coroutines or render late: none of these goes this way."""
        match = request.resolver_match = _view_at(request.path_info)
        for look in self._view_middleware:
            refused = look(request, match.func, match.args, match.kwargs)
            if refused:
                return cast(HttpResponse, refused)
        return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))

    def answer(self, environ: dict[str, Any]) -> HttpResponse:
        # All that Django's two signals around a request come to here: a connection that broke is let go.
        connections[DEFAULT_DB_ALIAS].close_if_unusable_or_obsolete()
        with turns.taken():
            return self.respond(environ)

    def respond(self, environ: dict[str, Any]) -> HttpResponse:
        set_script_prefix("/")
        return cast(HttpResponse, self.get_response(WSGIRequest(environ)))


_threads = ThreadPoolExecutor(WAITING, thread_name_prefix="api")


@functools.cache
def _lane() -> Lane:
    lane = Lane()
    lane.load_middleware()
    return lane


@functools.lru_cache(256)
def _view_at(path: str) -> ResolverMatch:
    """The same few addresses come again and again, and finding each costs as much as a small statement."""
    return get_resolver().resolve(path)


def takes(scope: Any) -> bool:
    return bool(scope["path"].startswith(SHORT))


async def serve(scope: Any, receive: Any, send: Any) -> None:
    """Answers one request."""
    response = await _answered(scope, await _body(receive))
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"set-cookie", cookie.output(header="").strip().encode("latin-1")) for cookie in response.cookies.values()]
    await send({"type": START, "status": response.status_code, "headers": headers})
    await send({"type": BODY, "body": b"" if scope["method"] == "HEAD" else response.content})


async def _answered(scope: Any, body: bytes) -> HttpResponse:
    """Answers that come in are kept by the writer's own thread, many with one COMMIT; what could not be kept so is tried once more alone, and refused as ever."""
    if scope["path"] == ANSWERS and scope["method"] == "POST" and (handed := handed_over(functools.partial(_lane().respond, _environ(scope, body)))):
        with contextlib.suppress(NotKept, DatabaseError):
            return await asyncio.wrap_future(handed)
    return await asyncio.get_running_loop().run_in_executor(_threads, _lane().answer, _environ(scope, body))


def _environ(scope: Any, body: bytes) -> dict[str, Any]:
    return cast(dict[str, Any], build_environ(scope, cast(Any, io.BytesIO(body))))


async def _body(receive: Any) -> bytes:
    """The whole body. What is longer than anything taken here is not read on: its announced length is refused."""
    pieces, length, more = [], 0, True
    while more and length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        message = await receive()
        pieces.append(message.get("body", b""))
        length += len(pieces[-1])
        more = message.get("more_body", False)
    return b"".join(pieces)
