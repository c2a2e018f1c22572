"""Ports that every context may need."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.kernel.domain.events import DomainEvent


class EventBus(Protocol):
    def publish(self, events: Iterable[DomainEvent]) -> None:
        """Hand events to their subscribers; inside a unit of work, they leave only if it commits."""
        ...


class UnitOfWork(Protocol):
    def __call__(self) -> AbstractContextManager[None]:
        """A transaction: commits at the end of the block, rolls back on any exception."""
        ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a ciphertext belongs; it opens nowhere else.

    ``field`` is ``app.model.field``, ``row`` what names the row in its table, ``person`` whose data key seals
    the text; None is the practice's own key, for texts that belong to nobody in particular.
    """

    field: str
    row: str
    person: UUID | None


class EncryptionService(Protocol):
    """Encrypts P1-for-display and P2 texts. A failure raises; it never returns ciphertext or empty text."""

    def encrypt(self, plaintext: str, *, place: Place) -> str:
        """Return an opaque ASCII token. Raises KeyDestroyed when the person has been erased."""
        ...

    def decrypt(self, token: str, *, place: Place) -> str:
        """Return the text of ``token``. Raises DecryptionFailed, KeyDestroyed."""
        ...

    def preload(self, persons: Iterable[UUID | None]) -> None:
        """Make ready to open the texts of many people: one statement at most, not one for each of them."""
        ...


class PersonKeys(Protocol):
    def destroy(self, person: UUID, *, at: datetime) -> bool:
        """Destroy the person's data key for good, inside the caller's transaction; whatever it sealed is lost
        everywhere, copies included. Return whether there was one. A destroyed key is never made anew."""
        ...


class DecryptionFailed(Exception):
    """The token is damaged, foreign, moved from another place, or made with a key that is not at hand."""


class KeyDestroyed(DecryptionFailed):
    """The person was erased: their data key is gone, and their texts with it."""


class TemporaryFailure(Exception):
    """Something outside does not answer now; the same call may succeed later.

    A job that raises it is tried again for hours with growing pauses, where a defect of our own is given up
    after a few tries. ``code`` names the kind of fault (P0) for the list of jobs that need attention.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
