"""Development's mail: files that a person can read as they are."""

import email.policy
from types import SimpleNamespace

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

READABLE = email.policy.default.clone(cte_type="8bit", utf8=True)


class ReadableFileBackend(EmailBackend):
    """Django's file backend, with Russian left as Russian and not as base64."""

    def write_message(self, message: EmailMessage) -> None:
        super().write_message(SimpleNamespace(message=lambda: message.message(policy=READABLE)))
