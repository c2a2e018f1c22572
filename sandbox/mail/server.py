"""The SMTP server: it takes every letter, unless a fault is switched on."""

import asyncio
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mail.faults import MailFaults
from sandbox.mail.mailbox import Mailbox

LARGEST_LETTER = 25 * 1024 * 1024
REFUSALS = {
    "temporary": "451 4.7.1 Greylisted, try again later",
    "permanent": "550 5.1.1 The mailbox does not exist",
}


class MailServer:
    def __init__(self, mailbox: Mailbox, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.faults = MailFaults()
        self._mailbox = mailbox
        self._listener: asyncio.Server | None = None
        self._connections: set[SMTP] = set()

    @property
    def is_up(self) -> bool:
        return self._listener is not None

    async def listen(self) -> None:
        """Raises OSError where the port is taken."""
        if self._listener is None:
            loop = asyncio.get_running_loop()
            self._listener = await loop.create_server(
                self._connection, self.host, self.port, reuse_address=True, backlog=512
            )

    def _connection(self) -> SMTP:
        handler = _Handler(self._mailbox, self.faults)
        connection = SMTP(
            handler,
            data_size_limit=LARGEST_LETTER,
            enable_SMTPUTF8=True,
            hostname="sandbox.localhost",
            ident="sandbox",
            loop=asyncio.get_running_loop(),
        )
        handler.connection = connection
        self._connections = {one for one in self._connections if one.transport is not None}
        self._connections.add(connection)
        return connection

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for connection in self._connections:
            drop(connection)
        self._connections.clear()
        await asyncio.sleep(0)


class _Handler:
    """Called by the server at each command of one connection."""

    connection: SMTP

    def __init__(self, mailbox: Mailbox, faults: MailFaults) -> None:
        self._mailbox = mailbox
        self._faults = faults

    async def handle_RCPT(  # noqa: N802 - the name that the server calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._faults.take("rcpt", [address])
        if fault is not None:
            return REFUSALS[fault.kind]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that the server calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = self._faults.take("data", envelope.rcpt_tos)
        if fault is not None and fault.kind in REFUSALS:
            return REFUSALS[fault.kind]
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault is None or fault.kind != "close":
            self._keep(envelope)
        if fault is not None and fault.kind in ("close", "lost_answer"):
            drop(self.connection)
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        content: Any = envelope.original_content or envelope.content or b""
        self._mailbox.receive(envelope.mail_from or "", list(envelope.rcpt_tos), bytes(content))


def drop(connection: SMTP) -> None:
    """Close a connection without a word."""
    transport = cast("asyncio.Transport | None", connection.transport)
    if transport is not None:
        transport.abort()
