"""Ports that every context may need."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from apps.kernel.domain.events import DomainEvent


class EventBus(Protocol):
    def publish(self, events: Iterable[DomainEvent]) -> None:
        """Hand events to their subscribers; inside a unit of work, they leave only if it commits."""
        ...


class UnitOfWork(Protocol):
    def __call__(self) -> AbstractContextManager[None]:
        """A transaction: commits at the end of the block, rolls back on any exception."""
        ...


class EncryptionService(Protocol):
    """Encrypts P1-for-display and P2 texts. A failure raises; it never returns ciphertext or empty text."""

    def encrypt(self, plaintext: str) -> str:
        """Return an opaque ASCII token."""
        ...

    def decrypt(self, token: str) -> str:
        """Return the text of ``token``. Raises DecryptionFailed."""
        ...


class DecryptionFailed(Exception):
    """The token is damaged, foreign, or made with a key that is not at hand."""


class TemporaryFailure(Exception):
    """Something outside does not answer now; the same call may succeed later.

    A job that raises it is tried again for hours with growing pauses, where a defect of our own is given up
    after a few tries. ``code`` names the kind of fault (P0) for the list of jobs that need attention.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
