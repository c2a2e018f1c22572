"""A tiny HTTP server on a real socket that answers however a test tells it to."""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Server:
    """Answers with ``behaviours`` in order, the last of them ever after; ``seen`` lists what arrived."""

    url: str
    behaviours: list[Behaviour]
    seen: list[Seen] = field(default_factory=list)
    leaving: Event = field(default_factory=Event)

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours[:] = behaviours


@contextmanager
def serving() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._note()

        def do_POST(self) -> None:
            self._note()

        def _note(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.seen.append(
                Seen(self.command, self.path, dict(self.headers), json.loads(raw) if raw else None)
            )
            behaviour = server.behaviours.pop(0) if len(server.behaviours) > 1 else server.behaviours[0]
            self.close_connection = True
            behaviour(self)

        def log_message(self, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

        def handle_error(self, *args: object) -> None:
            pass

    http = Quiet(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}/v3", [answering(500, {})])
    http.leaving = server.leaving
    Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.leaving.set()
        http.shutdown()
        http.server_close()


def answering(status: int, body: object, headers: dict[str, str] | None = None) -> Behaviour:
    """A whole answer; what is no string or bytes is sent as JSON."""
    raw = (
        body
        if isinstance(body, bytes)
        else body.encode()
        if isinstance(body, str)
        else json.dumps(body).encode()
    )

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    return behave


def refusing(status: int, code: str) -> Behaviour:
    """An error as the provider documents it."""
    return answering(
        status, {"type": "error", "id": "e-1", "code": code, "description": "…", "parameter": "amount"}
    )


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Take the request and never answer."""
    handler.server.leaving.wait(30)


def resetting(handler: BaseHTTPRequestHandler) -> None:
    """Take the request and tear the connection down."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def hanging_up(handler: BaseHTTPRequestHandler) -> None:
    """Take the request and close the connection politely, without a word."""


def breaking_off(handler: BaseHTTPRequestHandler) -> None:
    """Promise a body and close in the middle of it."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "2')


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Answer a byte at a time, for much longer than anybody waits."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    while not handler.server.leaving.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def gibberish(handler: BaseHTTPRequestHandler) -> None:
    """No HTTP at all."""
    handler.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")
