"""The provider's REST API over HTTP, with its authentication, its counters and its faults."""

import asyncio
import json
import secrets
from base64 import b64decode
from collections import Counter, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.clock import written
from sandbox.faults import Fault
from sandbox.server import Dropped
from sandbox.yookassa.errors import ApiError
from sandbox.yookassa.idempotence import HEADER

if TYPE_CHECKING:
    from sandbox.world import World

LOGGED = 300
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Calls:
    """What was called, how often, with which keys."""

    def __init__(self) -> None:
        self.by_kind: Counter[str] = Counter()
        self.by_key: Counter[str] = Counter()
        self.last: deque[dict[str, Any]] = deque(maxlen=LOGGED)

    def clear(self) -> None:
        self.by_kind.clear()
        self.by_key.clear()
        self.last.clear()


def routes(world: "World") -> list[Route]:
    async def receive(request: Request) -> Response:
        return await _receive(world, request)

    paths = {
        "/v3/{shelf:str}": ["GET", "POST"],
        "/v3/{shelf:str}/{id:str}": ["GET", "POST"],
        "/v3/{shelf:str}/{id:str}/{act:str}": ["GET", "POST"],
    }
    return [Route(path, receive, methods=methods) for path, methods in paths.items()]


async def _receive(world: "World", request: Request) -> Response:
    call = _name(request)
    key = request.headers.get(HEADER, "")
    world.calls.by_kind[call] += 1
    if key:
        world.calls.by_key[key] += 1
    fault = world.faults.take(call)
    entry = {
        "at": written(world.clock.now()),
        "call": call,
        "id": request.path_params.get("id", ""),
        "key": key,
        "fault": fault.kind if fault else "",
        "status": 0,
    }
    world.calls.last.appendleft(entry)
    body = await request.body()
    if fault is None or fault.accepted:
        response = _answer(world, request, call, key, body)
    else:
        response = PlainTextResponse("")
    if fault is not None:
        response = await _spoil(world, fault, response)
    entry["status"] = response.status_code
    return response


def _name(request: Request) -> str:
    shelf, act = request.path_params["shelf"], request.path_params.get("act")
    if act:
        return f"{shelf}.{act}"
    if request.method == "POST":
        return f"{shelf}.create"
    return f"{shelf}.get" if "id" in request.path_params else f"{shelf}.list"


def _answer(world: "World", request: Request, call: str, key: str, body: bytes) -> Response:
    try:
        _authenticate(world, request)
        world.timetable.run_due()
        return JSONResponse(_carry_out(world, request, call, key, body))
    except ApiError as error:
        headers = {"WWW-Authenticate": 'Basic realm="YooKassa"'} if error.status == 401 else None
        return JSONResponse(error.body(world.clock.now()), error.status, headers)


def _authenticate(world: "World", request: Request) -> None:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    try:
        given = b64decode(credentials, validate=True)
    except ValueError:
        given = b""
    right = f"{world.settings.shop_id}:{world.settings.secret_key}".encode()
    if scheme.lower() != "basic" or not secrets.compare_digest(given, right):
        raise ApiError(401, "Authentication by given credentials failed", "Authorization")


def _carry_out(world: "World", request: Request, call: str, key: str, body: bytes) -> Any:
    name = request.path_params.get("id", "")
    query = dict(request.query_params)
    reads: dict[str, Callable[[], Any]] = {
        "payments.get": lambda: world.payments.read(name),
        "payments.list": lambda: world.payments.list(query),
        "refunds.get": lambda: world.refunds.read(name),
        "refunds.list": lambda: world.refunds.list(query),
        "receipts.get": lambda: world.receipts.read(name),
        "receipts.list": lambda: world.receipts.list(query),
    }
    content = _json(request, body) if request.method == "POST" else None
    writes: dict[str, Callable[[], Any]] = {
        "payments.create": lambda: world.payments.create(content),
        "payments.capture": lambda: world.payments.capture(name, content),
        "payments.cancel": lambda: world.payments.cancel(name),
        "refunds.create": lambda: world.refunds.create(content),
        "receipts.create": lambda: world.receipts.create(content),
    }
    if request.method == "POST":
        if call not in writes or (call.endswith(".create") and name):
            raise ApiError(405 if name or call in reads else 404, "Method is not allowed")
        return world.idempotence.once(key, f"{call} {name}", content, writes[call])
    if call in writes:
        raise ApiError(405, "Method is not allowed")
    if call not in reads:
        raise ApiError(404, "Resource doesn't exist")
    return reads[call]()


def _json(request: Request, body: bytes) -> Any:
    if not body:
        return None
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        raise ApiError(415, "Content-Type must be application/json", "Content-Type")
    try:
        return json.loads(body)
    except ValueError:
        raise ApiError(400, "Request body is not valid JSON") from None


async def _spoil(world: "World", fault: Fault, response: Response) -> Response:
    if fault.kind == "closed":
        raise Dropped
    if fault.kind == "timeout":
        await world.faults.hold(fault.seconds)
        raise Dropped
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return response
    if fault.kind == "html":
        return HTMLResponse(BAD_GATEWAY, 502)
    if fault.kind == "garbage":
        return Response(bytes(response.body)[: len(response.body) // 2], media_type="application/json")
    if fault.kind == "202":
        processing = {
            "type": "processing",
            "description": "Request accepted, but not processed yet",
            "retry_after": 1800,
        }
        return JSONResponse(processing, 202)
    description = {"429": "Too many requests", "500": "Internal server error"}[fault.kind]
    error = ApiError(int(fault.kind), description)
    return JSONResponse(error.body(world.clock.now()), error.status)
