"""The web application of the sandbox: the payment API, the payment page, the mailbox, the control API."""

from collections.abc import Callable

from starlette.applications import Starlette

from sandbox import authenticator
from sandbox.control import api as control
from sandbox.mail import api as mail
from sandbox.pages import Pages
from sandbox.server import HttpServer
from sandbox.world import World
from sandbox.yookassa import api as yookassa


def application(world: World, server: Callable[[], HttpServer | None] = lambda: None) -> Starlette:
    """``server`` gives the server that serves it, for the command that closes its port."""
    return Starlette(
        routes=[
            *yookassa.routes(world),
            *mail.routes(world.mailbox),
            *control.routes(world, server),
            *authenticator.routes(world.authenticator),
            *Pages(world).routes(),
        ]
    )
