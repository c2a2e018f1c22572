"""The control API over HTTP: JSON for scripts, forms for the control page."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.control import commands
from sandbox.control.arguments import Arguments, WrongArgument
from sandbox.server import HttpServer
from sandbox.world import World
from sandbox.yookassa.errors import ApiError

PREFIX = "/sandbox/control"
_PLAIN: dict[str, commands.Command] = {
    "clock": commands.move_clock,
    "fail": commands.fail,
    "heal": commands.heal,
    "reset": commands.reset,
    "webhooks": commands.set_webhooks,
    "webhooks/release": commands.release_webhooks,
    "webhooks/forge": commands.forge_webhook,
    "refunds": commands.set_refunds,
    "receipts": commands.set_receipts,
    "mail": commands.break_mail,
    "smtp": commands.switch_smtp,
    "authenticator": commands.add_account,
}


def routes(world: World, server: Callable[[], HttpServer | None]) -> list[Route]:
    def route(path: str, command: Callable[[Arguments, dict[str, str]], Awaitable[Any]]) -> Route:
        async def answer(request: Request) -> Response:
            return await _answer(request, command)

        return Route(f"{PREFIX}/{path}", answer, methods=["POST"])

    def plain(path: str, command: commands.Command) -> Route:
        return route(path, lambda given, _: command(world, given))

    async def refuse(given: Arguments, _: dict[str, str]) -> Any:
        return await _refuse(world, server(), given)

    async def state(_request: Request) -> Response:
        return JSONResponse(world.state())

    return [
        Route("/sandbox/state.json", state),
        *(plain(path, command) for path, command in _PLAIN.items()),
        route("refuse", refuse),
        route("webhooks/{id}/resend", lambda given, path: commands.resend_webhook(world, given, path["id"])),
        route("refunds/{id}/end", lambda given, path: commands.end_refund(world, given, path["id"])),
        route(
            "payments/{id}/{act}",
            lambda given, path: commands.act_on_payment(world, given, path["id"], path["act"]),
        ),
    ]


async def _answer(
    request: Request, command: Callable[[Arguments, dict[str, str]], Awaitable[Any]]
) -> Response:
    try:
        given = await Arguments.of(request)
        outcome = await command(given, request.path_params)
    except WrongArgument as error:
        return JSONResponse({"error": str(error)}, 400)
    except ApiError as error:
        return JSONResponse({"error": str(error), "parameter": error.parameter}, 400)
    if given.as_form:
        return RedirectResponse(given.next_page, 303)
    return JSONResponse(outcome)


async def _refuse(world: World, server: HttpServer | None, given: Arguments) -> Any:
    """Close the port of HTTP for some seconds: callers find the connection refused."""
    seconds = given.number("seconds", 5, lowest=0.1, highest=3600)
    given.no_others()
    if server is None:
        raise WrongArgument("This server cannot close its port.")
    server.refuse_for(seconds)
    return {"seconds": seconds}
