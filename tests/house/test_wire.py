"""A connection reads requests, and keeps no head without end."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from kartoteka.config.wire import MOST_HEAD, Wire

HEAD = b"GET /x HTTP/1.1\r\nHost: a\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


class Socket(asyncio.Transport):
    """What the server would send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent, self.closed = b"", False

    def write(self, data: Any) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self.closed


def said(*pieces: bytes) -> Socket:
    """What is answered to a request that comes in these pieces."""

    async def talk() -> Socket:
        socket = Socket()
        config = uvicorn.Config(echo, http=Wire, ws="none", log_config=None, access_log=False, lifespan="off")
        wire = Wire(config, ServerState(), {})
        wire.connection_made(socket)
        for piece in pieces:
            if not socket.closed:
                wire.data_received(piece)
        for _ in range(5):
            await asyncio.sleep(0)
        wire.connection_lost(ConnectionError())
        return socket

    return asyncio.run(talk())


def test_a_request_in_pieces_is_one_request() -> None:
    socket = said(HEAD[:5], HEAD[5:], b"X-A: " + b"a" * 1000 + b"\r\n", b"\r\n")
    assert socket.sent.startswith(b"HTTP/1.1 200 ")
    assert socket.sent.endswith(b"ok")


def test_a_head_without_end_is_refused_and_the_line_is_closed() -> None:
    socket = said(HEAD, *[b"X-A: " + b"a" * 30_000 + b"\r\n"] * (MOST_HEAD // 30_000 + 1))
    assert socket.sent.startswith(b"HTTP/1.1 400 ")
    assert socket.closed
    assert said(HEAD, b"X-A: " + b"a" * 30_000, *[b"a" * 30_000] * (MOST_HEAD // 30_000)).closed


def test_a_long_body_is_no_head() -> None:
    body = b"a" * 30_000
    socket = said(HEAD + b"Content-Length: 120000\r\n\r\n", body, body, body, body)
    assert socket.sent.startswith(b"HTTP/1.1 200 ")
    assert not socket.closed
