"""Proving oneself by a second factor: at sign-in, and before what nobody may do from a borrowed seat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from apps.identity.application.ports import AuditLog
from apps.identity.domain.second_factor import Method, SecondFactorWrong, Tries
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor

type Answer = str | Mapping[str, Any]
"""A code as typed, or what a passkey has signed (WebAuthn's authentication response)."""


class TriesRepository(Protocol):
    def of(self, user_id: UUID) -> Tries:
        """The person's tries, locked until the end of the transaction."""
        ...

    def save(self, tries: Tries) -> None: ...


class SecondFactors(Protocol):
    """The authenticators that people of the practice have enrolled."""

    def totp_counter(self, *, user_id: UUID, code: str) -> int | None:
        """The time step whose code this is, of the person's app; None when it fits none of now."""
        ...

    def use_recovery_code(self, *, user_id: UUID, code: str) -> bool:
        """Use up a recovery code of the person; False when it is none, or used."""
        ...

    def use_passkey(self, *, user_id: UUID, response: Mapping[str, Any]) -> bool:
        """Whether a passkey of the person has signed the challenge that this session was given last."""
        ...

    def note_use(self, *, user_id: UUID, method: Method, at: datetime) -> None:
        """Remember when an authenticator was used last."""
        ...


@dataclass(frozen=True)
class PassSecondFactor:
    tries: TriesRepository
    factors: SecondFactors
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, user_id: UUID, answer: Answer, purpose: str, actor: Actor, at: datetime) -> Method:
        """Check an answer and return what it proved. ``purpose`` is ``sign_in`` or ``step_up``.

        Every wrong code counts, whatever comes of the caller's work, and is written to the audit log.
        Raises SecondFactorWrong, SecondFactorLocked.
        """
        with self.unit_of_work():
            tries = self.tries.of(user_id)
            if isinstance(answer, str):
                tries.refuse_while_locked(at=at)
            method = self._method(tries, answer)
            if method is None:
                locked = isinstance(answer, str) and tries.fail(at=at)
            else:
                tries.succeed()
                self.factors.note_use(user_id=user_id, method=method, at=at)
            self.tries.save(tries)
            self._record(
                "second_factor_passed" if method else "second_factor_failed", method, purpose, actor, at
            )
            if method is None and locked:
                self._record("second_factor_locked", None, purpose, actor, at)
        if method is None:
            if locked:
                tries.refuse_while_locked(at=at)
            raise SecondFactorWrong(field="second_factor")
        return method

    def _method(self, tries: Tries, answer: Answer) -> Method | None:
        if not isinstance(answer, str):
            right = self.factors.use_passkey(user_id=tries.user_id, response=answer)
            return Method.PASSKEY if right else None
        counter = self.factors.totp_counter(user_id=tries.user_id, code=answer)
        if counter is not None:
            return Method.TOTP if tries.take(counter) else None
        used = self.factors.use_recovery_code(user_id=tries.user_id, code=answer)
        return Method.RECOVERY_CODE if used else None

    def _record(self, action: str, method: Method | None, purpose: str, actor: Actor, at: datetime) -> None:
        changes: dict[str, tuple[object, object]] = {"purpose": (None, purpose)}
        if method is not None:
            changes["method"] = (None, method.value)
        self.audit.record(
            actor=actor, action=action, entity="user", entity_id=str(actor.user_id), at=at, changes=changes
        )
