"""Everything that the sandbox stands for, put together."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sandbox.authenticator import Authenticator
from sandbox.clock import Clock, written
from sandbox.faults import Faults
from sandbox.mail.mailbox import Mailbox
from sandbox.mail.server import MailServer
from sandbox.settings import Settings
from sandbox.store import Store
from sandbox.timetable import Timetable
from sandbox.yookassa.api import Calls
from sandbox.yookassa.idempotence import Idempotence
from sandbox.yookassa.payments import Payments
from sandbox.yookassa.receipts import Receipts, Registrar
from sandbox.yookassa.refunds import Bank, Refunds
from sandbox.yookassa.webhooks import Habits, Webhooks


class World:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.data)
        kept = self.store.get("clock", "offset") or {"seconds": 0}
        self.clock = Clock(timedelta(seconds=kept["seconds"]))
        self.timetable = Timetable(self.clock)
        self.faults = Faults()
        self.calls = Calls()
        self.idempotence = Idempotence(self.store, self.clock)
        self.webhooks = Webhooks(self.store, self.clock, self.timetable, settings.webhook_url)
        self.receipts = Receipts(self.store, self.clock, self.timetable)
        self.payments = Payments(
            self.store, self.clock, self.timetable, self.webhooks, self.receipts,
            shop_id=settings.shop_id, base_url=settings.base_url,
        )  # fmt: skip
        self.refunds = Refunds(
            self.store, self.clock, self.timetable, self.webhooks, self.receipts, self.payments
        )
        self.mailbox = Mailbox(self.store, self.clock)
        self.mail_server = MailServer(self.mailbox, settings.host, settings.smtp_port)
        self.authenticator = Authenticator(settings.accounts)
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises OSError where the SMTP port is taken."""
        for part in (self.payments, self.refunds, self.receipts, self.webhooks):
            part.restore()
        await self.mail_server.listen()
        self._keeper = asyncio.create_task(self.timetable.keep())

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        self.webhooks.stop()
        self.faults.lift()
        await self.mail_server.stop()
        self.store.close()

    def advance(self, by: timedelta) -> None:
        """Move the clock; what becomes due happens before this returns (webhooks are only begun)."""
        self.clock.advance(by)
        self.store.put("clock", "offset", {"seconds": self.clock.offset.total_seconds()})
        self.timetable.run_due()
        self.timetable.look_again()

    async def reset(self) -> None:
        """As on the first day: no payments, no letters, no faults, the machine's time."""
        self.webhooks.stop()
        self.timetable.clear()
        self.store.empty()
        self.clock.offset = timedelta(0)
        self.calls.clear()
        self.heal()
        await self.mail_server.listen()

    def heal(self) -> None:
        """Lift all faults; what was done stays."""
        self.faults.lift()
        self.webhooks.habits = Habits()
        self.webhooks.url = self.settings.webhook_url
        self.receipts.registrar = Registrar()
        self.refunds.bank = Bank()
        self.mail_server.faults.lift()

    def state(self) -> dict[str, Any]:
        def newest(shelf: str) -> list[dict[str, Any]]:
            return list(reversed(self.store.shelf(shelf).values()))

        return {
            "now": written(self.clock.now()),
            "clock_offset_seconds": self.clock.offset.total_seconds(),
            "payments": [
                {**one["object"], "failed_tries": one["failed_tries"], "capture": one["capture"]}
                for one in newest("payments")
            ],
            "refunds": [one["object"] for one in newest("refunds")],
            "receipts": [{**one["object"], "customer": one["customer"]} for one in newest("receipts")],
            "webhooks": newest("webhooks"),
            "webhook_settings": self.webhooks.settings(),
            "faults": self.faults.planned(),
            "mail_faults": self.mail_server.faults.planned(),
            "smtp_up": self.mail_server.is_up,
            "letters": len(self.store.shelf("letters")),
            "calls": {
                "by_kind": dict(self.calls.by_kind),
                "by_key": dict(self.calls.by_key),
                "last": list(self.calls.last),
            },
        }
