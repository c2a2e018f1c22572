"""The letters that arrived, as scripts and people read them."""

import base64
import email
import email.policy
import secrets
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from typing import Any

from sandbox.clock import Clock, read, written
from sandbox.store import Record, Store

SHELF = "letters"


class Mailbox:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def receive(self, sender: str, recipients: list[str], content: bytes) -> str:
        """Keep a letter; its key."""
        key = secrets.token_hex(8)
        record = {
            "id": key,
            "sender": sender,
            "recipients": recipients,
            "received_at": written(self._clock.now()),
            "source": base64.b64encode(content).decode(),
        }
        self._store.put(SHELF, key, record)
        return key

    def letters(self, *, to: str = "", since: str = "", limit: int | None = None) -> list[dict[str, Any]]:
        """Newest first. ``to``: an address, in any case; ``since``: ISO 8601, raises ValueError otherwise."""
        found: list[dict[str, Any]] = []
        for record in self._matching(to, since):
            if limit is not None and len(found) >= limit:
                break
            found.append(_described(record))
        return found

    def count(self, *, to: str = "", since: str = "") -> int:
        return sum(1 for _ in self._matching(to, since))

    def _matching(self, to: str, since: str) -> Iterator[Record]:
        earliest = read(since) if since else None
        for record in reversed(self._store.shelf(SHELF).values()):
            if to and to.lower() not in (address.lower() for address in record["recipients"]):
                continue
            if earliest is None or read(record["received_at"]) >= earliest:
                yield record

    def letter(self, key: str) -> dict[str, Any] | None:
        record = self._store.get(SHELF, key)
        return None if record is None else _described(record)

    def source(self, key: str) -> bytes | None:
        record = self._store.get(SHELF, key)
        return None if record is None else base64.b64decode(record["source"])

    def attachment(self, key: str, number: int) -> tuple[str, str, bytes] | None:
        """File name, content type and bytes."""
        source = self.source(key)
        parts = list(_attachments(_parsed(source))) if source is not None else []
        if not 0 <= number < len(parts):
            return None
        return _name(parts[number], number), parts[number].get_content_type(), _bytes(parts[number])

    def empty(self) -> None:
        self._store.empty(SHELF)


def _parsed(source: bytes) -> EmailMessage:
    return email.message_from_bytes(source, policy=email.policy.default)


def _described(record: Record) -> dict[str, Any]:
    message = _parsed(base64.b64decode(record["source"]))
    return {
        "id": record["id"],
        "from": str(message.get("From", record["sender"])),
        "to": record["recipients"],
        "subject": str(message.get("Subject", "")),
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
        "attachments": [_attached(part, number) for number, part in enumerate(_attachments(message))],
        "message_id": str(message.get("Message-ID", "")),
        "received_at": record["received_at"],
        "headers": {name: str(value) for name, value in message.items()},
    }


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else _text(part)


def _attachments(message: EmailMessage) -> Iterator[MIMEPart]:
    """Every leaf that is no body, calendars among the alternatives included."""
    bodies = [message.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    for part in message.walk():
        if not part.is_multipart() and not any(part is body for body in bodies):
            yield part


def _attached(part: MIMEPart, number: int) -> dict[str, Any]:
    described = {
        "filename": _name(part, number),
        "content_type": part.get_content_type(),
        "parameters": dict(part["Content-Type"].params) if part["Content-Type"] else {},
    }
    if part.get_content_maintype() == "text":
        return {**described, "text": _text(part)}
    return {**described, "base64": base64.b64encode(_bytes(part)).decode()}


def _name(part: MIMEPart, number: int) -> str:
    return part.get_filename() or f"part-{number}"


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: MIMEPart) -> str:
    charset = part.get_content_charset("utf-8")
    try:
        return _bytes(part).decode(charset, "replace").replace("\r\n", "\n")
    except LookupError:
        return _bytes(part).decode("utf-8", "replace").replace("\r\n", "\n")
