"""A real SMTP server on this machine, which fails on demand."""

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

type Answer = Callable[[Envelope], str | None]


class Hang(Exception):
    """Raised by an answer: the server cuts the connection instead."""


class MailServer:
    """``letters`` are those it took. ``on_recipient`` and ``on_data`` give an answer other than 250, or raise
    Hang; ``on_data`` is asked before the letter is taken, ``after_data`` when it has been."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.on_recipient: Callable[[str], str | None] = lambda address: None
        self.on_data: Answer = lambda envelope: None
        self.after_data: Answer = lambda envelope: None
        self.sessions = 0
        self._controller: Controller | None = None
        self.port = _free_port()

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
        self._controller = None

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions += 1
        return responses

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.on_recipient(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        try:
            refusal = self.on_data(envelope)
            if refusal is None:
                self.letters.append(_parsed(envelope))
            return refusal or self.after_data(envelope) or "250 taken"
        except Hang:
            server.transport.abort()
            return "421 gone"


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A running server that Django's default mailer leads to."""
    server = MailServer()
    server.start()
    backend = "apps.messaging.infrastructure.post.CarefulEmailBackend"
    mailer = {"host": "127.0.0.1", "port": server.port, "timeout": 3, **options}
    try:
        with override_settings(MAILERS={"default": {"BACKEND": backend, "OPTIONS": mailer}}):
            yield server
    finally:
        server.stop()


def _parsed(envelope: Envelope) -> EmailMessage:
    content = envelope.content
    raw = content if isinstance(content, bytes) else str(content).encode()
    return email.message_from_bytes(raw, policy=default)  # type: ignore[return-value]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
