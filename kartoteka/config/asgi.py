"""One process that answers: pages as WSGI threads and answers by a shorter way, behind one small ASGI function."""

from __future__ import annotations

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.config.settings")

wsgi = get_wsgi_application()

from kartoteka.config import lane  # noqa: E402  (Django must be set up first)

_pages = WSGIMiddleware(cast(Any, wsgi), workers=16)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers take the short way, pages go to a thread; nothing else is served yet."""
    if scope["type"] == "http":
        await (lane.serve if lane.takes(scope) else _pages)(scope, receive, send)
    elif scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    else:
        await send({"type": "websocket.close"})
