"""The second factor of people of the practice: how often one may try, and which codes still count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from uuid import UUID

from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop

MOST_FAILURES = 5
"""Wrong codes before nothing is looked at for a while."""
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)
AUTHENTICATOR_NAME_LENGTH = 60


class Method(StrEnum):
    """What somebody proves themselves with."""

    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY_CODE = "recovery_codes"


class SecondFactorWrong(DomainError):
    """Wrong, used, expired or somebody else's: one answer for all."""

    code = "second_factor_wrong"
    message = gettext_noop(
        "This does not fit. Take the code that the app shows now, or a recovery code not used yet."
    )


class SecondFactorLocked(DomainError):
    """Nothing is looked at until the lock ends: a right code is refused as a wrong one is."""

    code = "second_factor_locked"
    message = gettext_noop(
        "Too many wrong codes. Please wait %(minutes)s min and try again, or use a passkey."
    )


class LastAuthenticator(DomainError):
    code = "last_authenticator"
    message = gettext_noop("This is your last authenticator: add another one first.")


class NoSuchAuthenticator(NotFound):
    code = "no_such_authenticator"
    message = gettext_noop("There is no such authenticator.")


class AuthenticatorName(DomainError):
    code = "authenticator_name"
    message = gettext_noop("Enter a name of at most %(limit)s characters.")


class OwnSecondFactors(DomainError):
    code = "own_second_factors"
    message = gettext_noop("Manage your own authenticators on the page “Security”.")


def authenticator_name(text: str) -> str:
    """The name with single spaces. Raises AuthenticatorName when it is empty or too long."""
    name = " ".join(text.replace("\0", "").split())
    if not name or len(name) > AUTHENTICATOR_NAME_LENGTH:
        raise AuthenticatorName(field="name", limit=AUTHENTICATOR_NAME_LENGTH)
    return name


@dataclass(kw_only=True)
class Tries:
    """The wrong codes of one person since the last right one.

    Each lock is twice as long as the one before, up to LONGEST_LOCK. ``last_counter`` is the time step of the
    last code of an authenticator app that was accepted: it and older ones are used up (RFC 6238, 5.2).
    """

    user_id: UUID
    failures: int = 0
    locks: int = 0
    locked_until: datetime | None = None
    last_counter: int = 0

    def refuse_while_locked(self, *, at: datetime) -> None:
        """Raises SecondFactorLocked."""
        if self.locked_until is not None and at < self.locked_until:
            raise SecondFactorLocked(minutes=ceil((self.locked_until - at) / timedelta(minutes=1)))

    def fail(self, *, at: datetime) -> bool:
        """Count a wrong code; returns whether this one has locked."""
        self.failures += 1
        if self.failures < MOST_FAILURES:
            return False
        self.locked_until = at + min(FIRST_LOCK * 2 ** min(self.locks, 10), LONGEST_LOCK)
        self.failures, self.locks = 0, self.locks + 1
        return True

    def succeed(self) -> None:
        self.failures, self.locks, self.locked_until = 0, 0, None

    def take(self, counter: int) -> bool:
        """Use up the code of a time step; False when it, or a later one, was used before."""
        if counter <= self.last_counter:
            return False
        self.last_counter = counter
        return True
