"""A small HTTP/1.1 server for one ASGI application.

A common server cannot do what a stand-in for an unreliable world must: close a connection without an answer
and stop listening for a while. This one serves whole bodies only, no streams and no WebSockets.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 10 * 1024 * 1024


class Dropped(Exception):
    """Raised by the application to close the connection without an answer."""


class _BadRequest(Exception):
    pass


@dataclass
class _Request:
    method: str
    target: str
    version: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""

    def header(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key == name), b"")

    @property
    def stays_open(self) -> bool:
        return self.version == "1.1" and self.header(b"connection").lower() != b"close"


@dataclass
class _Response:
    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""


class HttpServer:
    def __init__(self, app: Any, host: str, port: int) -> None:
        self._app = app
        self.host, self.port = host, port
        self._listener: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self) -> None:
        """Raises OSError where the port is taken."""
        if self._listener is None:
            self._listener = await asyncio.start_server(
                self._serve, self.host, self.port, limit=LARGEST_HEAD, backlog=512, reuse_address=True
            )

    def refuse(self) -> None:
        """Stop listening and drop every connection: callers find the port closed."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for writer in list(self._connections):
            writer.transport.abort()

    def refuse_for(self, seconds: float) -> None:
        """Refuse as soon as the answer under way is out, and listen again after so long."""

        async def pause() -> None:
            await asyncio.sleep(0.05)
            self.refuse()
            await asyncio.sleep(seconds)
            await self.listen()

        task = asyncio.ensure_future(pause())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        self.refuse()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        self._connections.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except Dropped:
            writer.transport.abort()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except (_BadRequest, asyncio.LimitOverrunError):
            with suppress(ConnectionError):
                writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                await writer.drain()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)
            self._connections.discard(writer)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False when no other can follow on this connection."""
        request = await _read_request(reader, writer)
        if request is None:
            return False
        response = await self._answer(request, writer.get_extra_info("peername"))
        stays = request.stays_open
        head = [f"HTTP/1.1 {response.status} {_phrase(response.status)}".encode()]
        head += [b"%s: %s" % pair for pair in response.headers if pair[0] != b"content-length"]
        head.append(b"content-length: %d" % len(response.body))
        head.append(b"connection: " + (b"keep-alive" if stays else b"close"))
        body = b"" if request.method == "HEAD" else response.body
        writer.write(b"\r\n".join(head) + b"\r\n\r\n" + body)
        await writer.drain()
        return stays

    async def _answer(self, request: _Request, peer: Any) -> _Response:
        path, _, query = request.target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": request.version,
            "method": request.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": request.headers,
            "client": peer[:2] if peer else None,
            "server": (self.host, self.port),
        }
        response = _Response()
        body = [request.body]

        async def receive() -> dict[str, Any]:
            if body:
                return {"type": "http.request", "body": body.pop(), "more_body": False}
            return await asyncio.Future()  # the client is not watched: it may go, the answer is made anyway

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                response.status, response.headers = message["status"], list(message.get("headers", []))
            else:
                response.body += message.get("body", b"")

        await self._app(scope, receive, send)
        return response


async def _read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> _Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").strip("\r\n").split("\r\n")
    try:
        method, target, protocol = first.split(" ")
        headers = [
            (name.strip().lower().encode("latin-1"), value.strip().encode("latin-1"))
            for name, value in (line.split(":", 1) for line in lines)
        ]
    except ValueError as error:
        raise _BadRequest from error
    request = _Request(method, target, protocol.removeprefix("HTTP/"), headers)
    if request.header(b"expect").lower() == b"100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if request.header(b"transfer-encoding").lower() == b"chunked":
        request.body = await _read_chunks(reader)
    else:
        length = request.header(b"content-length") or b"0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            raise _BadRequest
        request.body = await reader.readexactly(int(length))
    return request


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        try:
            size = int((await reader.readline()).split(b";")[0], 16)
        except ValueError as error:
            raise _BadRequest from error
        if size < 0 or len(body) + size > LARGEST_BODY:
            raise _BadRequest
        body += await reader.readexactly(size)
        await reader.readline()
        if size == 0:
            return body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
