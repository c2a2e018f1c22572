"""Enrolling, renaming and removing the authenticators of people of the practice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from apps.identity.application.ports import AuditLog, Sessions
from apps.identity.application.second_factor import TriesRepository
from apps.identity.domain.second_factor import (
    LastAuthenticator,
    Method,
    NoSuchAuthenticator,
    OwnSecondFactors,
    SecondFactorWrong,
    authenticator_name,
)
from apps.identity.domain.user import NotAStaffRole, UserRepository
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Authenticator:
    """What a person proves themselves with; recovery codes are none of these."""

    id: int
    method: Method
    name: str
    created_at: datetime
    last_used_at: datetime | None


class Authenticators(Protocol):
    def of(self, user_id: UUID) -> list[Authenticator]:
        """The person's authenticators, oldest first, locked until the end of the transaction."""
        ...

    def counter_of_secret(self, *, secret: str, code: str) -> int | None:
        """The time step whose code under a secret not kept yet this is; None when it fits none of now."""
        ...

    def set_totp(self, *, user_id: UUID, secret: str, name: str) -> None:
        """Keep the secret of the authenticator app, in the place of one that was there."""
        ...

    def add_passkey(self, *, user_id: UUID, name: str, response: Mapping[str, Any]) -> bool:
        """Keep a passkey that answers the challenge this session was given last; False when it does not."""
        ...

    def rename(self, *, authenticator_id: int, name: str) -> None: ...

    def remove(self, *, authenticator_id: int) -> None: ...

    def remove_all(self, *, user_id: UUID) -> int:
        """Remove everything, recovery codes included; returns how many authenticators there were."""
        ...

    def has_recovery_codes(self, user_id: UUID) -> bool: ...

    def new_recovery_codes(self, user_id: UUID) -> list[str]:
        """Make fresh recovery codes; those before stop working."""
        ...


@dataclass(frozen=True)
class AddAuthenticator:
    """Adds an authenticator app or a passkey of one's own."""

    authenticators: Authenticators
    tries: TriesRepository
    audit: AuditLog
    unit_of_work: UnitOfWork

    def totp(
        self, *, user_id: UUID, secret: str, code: str, name: str, actor: Actor, at: datetime
    ) -> list[str]:
        """Returns the recovery codes when these are the first ones, to be shown once.

        The code proves that the app knows the secret, and is used up by that. An app that was there before
        is replaced. Raises SecondFactorWrong, SecondFactorLocked, AuthenticatorName.
        """
        name = authenticator_name(name)
        with self.unit_of_work():
            tries = self.tries.of(user_id)
            tries.refuse_while_locked(at=at)
            counter = self.authenticators.counter_of_secret(secret=secret, code=code)
            if counter is None:
                tries.fail(at=at)
                codes = []
            else:
                tries.succeed()
                tries.last_counter = counter
                self.authenticators.set_totp(user_id=user_id, secret=secret, name=name)
                codes = self._added(user_id, Method.TOTP, actor, at)
            self.tries.save(tries)
        if counter is None:
            raise SecondFactorWrong(field="code")
        return codes

    def passkey(
        self, *, user_id: UUID, response: Mapping[str, Any], name: str, actor: Actor, at: datetime
    ) -> list[str]:
        """As :meth:`totp`. Raises SecondFactorWrong, AuthenticatorName."""
        name = authenticator_name(name)
        with self.unit_of_work():
            if not self.authenticators.add_passkey(user_id=user_id, name=name, response=response):
                raise SecondFactorWrong(field="passkey")
            return self._added(user_id, Method.PASSKEY, actor, at)

    def _added(self, user_id: UUID, method: Method, actor: Actor, at: datetime) -> list[str]:
        _record(self.audit, "authenticator_added", user_id, actor, at, method=method.value)
        if self.authenticators.has_recovery_codes(user_id):
            return []
        return self.authenticators.new_recovery_codes(user_id)


@dataclass(frozen=True)
class ManageAuthenticators:
    """What somebody does with authenticators of their own that are there already."""

    authenticators: Authenticators
    audit: AuditLog
    unit_of_work: UnitOfWork

    def rename(self, *, user_id: UUID, authenticator_id: int, name: str, actor: Actor, at: datetime) -> None:
        """Raises NoSuchAuthenticator, AuthenticatorName."""
        name = authenticator_name(name)
        with self.unit_of_work():
            found, _ = self._own(user_id, authenticator_id)
            self.authenticators.rename(authenticator_id=found.id, name=name)
            _record(self.audit, "authenticator_renamed", user_id, actor, at, method=found.method.value)

    def remove(self, *, user_id: UUID, authenticator_id: int, actor: Actor, at: datetime) -> None:
        """Raises NoSuchAuthenticator, LastAuthenticator."""
        with self.unit_of_work():
            found, count = self._own(user_id, authenticator_id)
            if count == 1:
                raise LastAuthenticator
            self.authenticators.remove(authenticator_id=found.id)
            _record(self.audit, "authenticator_removed", user_id, actor, at, method=found.method.value)

    def new_recovery_codes(self, *, user_id: UUID, actor: Actor, at: datetime) -> list[str]:
        """Fresh recovery codes, to be shown once; those before stop working."""
        with self.unit_of_work():
            self.authenticators.of(user_id)
            codes = self.authenticators.new_recovery_codes(user_id)
            _record(self.audit, "recovery_codes_made", user_id, actor, at)
        return codes

    def _own(self, user_id: UUID, authenticator_id: int) -> tuple[Authenticator, int]:
        everything = self.authenticators.of(user_id)
        for each in everything:
            if each.id == authenticator_id:
                return each, len(everything)
        raise NoSuchAuthenticator


@dataclass(frozen=True)
class ResetSecondFactors:
    """An owner helps a colleague who has lost their device: they enrol anew at the next sign-in."""

    users: UserRepository
    authenticators: Authenticators
    tries: TriesRepository
    sessions: Sessions
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, user_id: UUID, actor: Actor, at: datetime) -> None:
        """The colleague's sessions end. Raises UserNotFound, NotAStaffRole, OwnSecondFactors."""
        with self.unit_of_work():
            user = self.users.get(user_id)
            if not user.is_staff:
                raise NotAStaffRole
            if actor.user_id == user_id:
                raise OwnSecondFactors
            count = self.authenticators.remove_all(user_id=user_id)
            tries = self.tries.of(user_id)
            tries.succeed()
            self.tries.save(tries)
            self.sessions.close_all(user_id=user_id)
            _record(self.audit, "second_factors_reset", user_id, actor, at, count=count)


def _record(audit: AuditLog, action: str, user_id: UUID, actor: Actor, at: datetime, **facts: object) -> None:
    changes = {name: (None, value) for name, value in facts.items()}
    audit.record(actor=actor, action=action, entity="user", entity_id=str(user_id), at=at, changes=changes)
