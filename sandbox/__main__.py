"""``python -m sandbox``: start the outside world."""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from sandbox.app import application
from sandbox.authenticator import accounts_of
from sandbox.server import HttpServer
from sandbox.settings import Settings
from sandbox.world import World


def main() -> int:
    settings = _settings()
    try:
        asyncio.run(_run(settings))
    except OSError as error:
        print(f"The sandbox cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def _settings() -> Settings:
    usual = Settings()
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--host", default=usual.host)
    parser.add_argument("--port", type=int, default=usual.port)
    parser.add_argument("--smtp-port", type=int, default=usual.smtp_port)
    parser.add_argument("--data", type=Path, help="where the state is kept; without it, in memory only")
    parser.add_argument("--shop-id", default=os.environ.get("YOOKASSA_SHOP_ID") or usual.shop_id)
    parser.add_argument("--secret-key", default=os.environ.get("YOOKASSA_SECRET_KEY") or usual.secret_key)
    parser.add_argument("--web-port", type=int, default=usual.web_port, help="where the workspace listens")
    parser.add_argument(
        "--authenticator",
        default=os.environ.get("SANDBOX_AUTHENTICATOR") or "",
        help="accounts whose codes are shown: owner@example.org=SECRET,…",
    )
    parser.add_argument("--webhook-url", default=usual.webhook, help="where notifications go, if not there")
    given = parser.parse_args()
    return Settings(
        host=given.host,
        port=given.port,
        smtp_port=given.smtp_port,
        data=given.data,
        shop_id=given.shop_id,
        secret_key=given.secret_key,
        web_port=given.web_port,
        webhook=given.webhook_url,
        accounts=accounts_of(given.authenticator),
    )


async def _run(settings: Settings) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    world = World(settings)
    server = HttpServer(application(world, lambda: server), settings.host, settings.port)
    await world.start()
    try:
        await server.listen()
        await stopped.wait()
    finally:
        await server.stop()
        await world.stop()


if __name__ == "__main__":
    sys.exit(main())
