"""Development's mail: files that a person can read as they are."""

import email.policy
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

READABLE = email.policy.default.clone(cte_type="8bit", utf8=True)


class ReadableFileBackend(EmailBackend):
    """Django's file backend, with Russian left as Russian and not as base64."""

    def write_message(self, message: EmailMessage) -> None:
        super().write_message(_Readable(message))  # type: ignore[arg-type]  # only message() is asked of it


class _Readable:
    def __init__(self, message: EmailMessage) -> None:
        self._message = message

    def message(self) -> Any:
        return self._message.message(policy=READABLE)
