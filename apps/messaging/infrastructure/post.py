"""Handing letters to a mail server so that it is known at every moment whether it can have them."""

import re
import smtplib
import socket
from collections.abc import Callable
from contextlib import suppress
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.smtp import EmailBackend

from apps.messaging.application.ports import Letter, NotPosted, OutcomeUnknown
from apps.messaging.domain.message import Result

_OK, _START_INPUT, _SHUTTING_DOWN, _PERMANENT = 250, 354, 421, 500
INVITATION_NAME = "invite.ics"
_LEADING_DOT = re.compile(rb"(?m)^\.")


class _HandOver:
    """What the careful connection tells about the letter in hand; one per thread's Post."""

    def __init__(self) -> None:
        self.point_of_no_return: Callable[[], None] | None = None
        self.passed = False


def _careful(connection: type[smtplib.SMTP], handover: _HandOver) -> type[smtplib.SMTP]:
    class CarefulSMTP(connection):  # type: ignore[valid-type,misc]
        """Sends the whole text, then asks for leave, then sends the dot that makes the server take it
        (RFC 5321, 4.1.1.4): before the dot a server that is cut off has nothing."""

        def data(self, msg: Any) -> tuple[int, bytes]:
            self.putcmd("data")
            code, reply = self.getreply()
            if code != _START_INPUT:
                raise smtplib.SMTPDataError(code, reply)
            # Else the dot, a small packet after large ones, waits 40 ms for them to be acknowledged.
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            text = _LEADING_DOT.sub(b"..", msg)
            self.send(text if text.endswith(b"\r\n") else text + b"\r\n")
            try:
                if handover.point_of_no_return is not None:
                    handover.point_of_no_return()
            except BaseException:
                self.close()  # without the dot the server throws the text away
                raise
            handover.passed = True
            self.send(b".\r\n")
            return self.getreply()

    return CarefulSMTP


class CarefulEmailBackend(EmailBackend):
    """Django's SMTP backend over the careful connection."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.handover = _HandOver()

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _careful(super().connection_class, self.handover)


class MailerPost:
    """Post (port) over Django's default mailer. Keeps one connection between letters; not for two threads.

    Mailers that are no SMTP servers (tests, files) take every letter at once.
    """

    def __init__(self) -> None:
        self._mailer: Any = None

    def send(self, letter: Letter, *, point_of_no_return: Callable[[], None]) -> None:
        if self._mailer is None:
            self._mailer = mailers.default
        email = email_of(letter)
        try:
            content = bytes(email.message(policy=SMTP))
        except ValueError as error:  # a header that cannot be written
            raise NotPosted(Result.NOT_COMPOSED.value, permanent=True) from error
        if isinstance(self._mailer, CarefulEmailBackend):
            self._send_carefully(self._mailer, email, content, point_of_no_return)
        else:
            point_of_no_return()
            self._mailer.send_messages([email])

    def close(self) -> None:
        mailer, self._mailer = self._mailer, None
        if mailer is not None:
            with suppress(OSError, smtplib.SMTPException):  # the letters are through already
                mailer.close()

    def _send_carefully(
        self,
        mailer: CarefulEmailBackend,
        email: EmailMultiAlternatives,
        content: bytes,
        point_of_no_return: Callable[[], None],
    ) -> None:
        sender, recipient = mailer.prep_address(email.from_email), _written(mailer, email.to[0])
        handover = mailer.handover
        handover.point_of_no_return = point_of_no_return
        kept = mailer.connection is not None
        for is_last in (not kept, True):
            handover.passed = False
            try:
                mailer.open()
                server: Any = mailer.connection
                server.sendmail(sender, [recipient], content)
                return
            except smtplib.SMTPException as error:
                failure = _failure(error, passed=handover.passed)
            except OSError as error:
                failure = _cut_off(error, passed=handover.passed)
            except Exception as error:
                if handover.passed:
                    raise OutcomeUnknown from error
                raise
            if isinstance(failure, OutcomeUnknown) or failure.connection:
                _drop(mailer)
            # A connection that was kept may have died of idleness: that says nothing about the server.
            if is_last or isinstance(failure, OutcomeUnknown) or not failure.connection:
                raise failure


def email_of(letter: Letter) -> EmailMultiAlternatives:
    """The letter with all its headers and parts."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = sender.rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{letter.message_id}@{domain}>",
        "Date": formatdate(),
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers=headers,
    )
    email.attach_alternative(letter.html, "text/html")
    if letter.attachment is not None:
        method = letter.attachment.method.value
        # Calendars act on the alternative (RFC 6047, 2.4); the name is what people see and save.
        content_type = f'text/calendar; method={method}; name="{INVITATION_NAME}"'
        email.attach_alternative(letter.attachment.content.decode(), content_type)
    return email


def _written(mailer: CarefulEmailBackend, address: str) -> str:
    """The address as the server wants it. Raises NotPosted for one that cannot be written to."""
    try:
        written = str(mailer.prep_address(address))
    except ValueError as error:
        raise NotPosted(Result.ADDRESS_INVALID.value, permanent=True) from error
    if "@" not in written:
        raise NotPosted(Result.ADDRESS_INVALID.value, permanent=True)
    return written


def _failure(error: smtplib.SMTPException, *, passed: bool) -> NotPosted | OutcomeUnknown:
    """What an answer of the server means for the letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((answer[0] for answer in error.recipients.values()), default=0)
        return _answered(code)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # Our own address or rights: nothing is wrong with the letter, and somebody will mend it.
        return NotPosted(Result.SENDER_REFUSED.value, connection=True)
    if isinstance(error, smtplib.SMTPDataError):
        return _answered(error.smtp_code)
    return _cut_off(error, passed=passed)


def _answered(code: int) -> NotPosted:
    permanent = code >= _PERMANENT
    return NotPosted(f"smtp_{code}", permanent=permanent, connection=code == _SHUTTING_DOWN)


def _cut_off(error: Exception, *, passed: bool) -> NotPosted | OutcomeUnknown:
    return OutcomeUnknown() if passed else NotPosted(Result.NO_CONNECTION.value, connection=True)


def _drop(mailer: CarefulEmailBackend) -> None:
    """Forget a connection without a word to the server, which may not be there."""
    half_open = vars(mailer).pop("_partial_connection", None)
    vars(mailer)["_partial_connection"] = None
    for connection in (mailer.connection, half_open):
        if connection is not None:
            connection.close()
    mailer.connection = None
