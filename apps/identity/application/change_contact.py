"""Somebody changes their e-mail address or phone number, and proves it by a code."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import AuditLog, Confirmation, Confirmations, Sessions
from apps.identity.application.request_confirmation import RequestConfirmation
from apps.identity.domain.confirmation import (
    DAY,
    PHONE_CHANGES,
    ConfirmationCodeInvalid,
    ConfirmationNotFound,
    ConfirmationPurpose,
    TooManyConfirmations,
)
from apps.identity.domain.contacts import ContactKind, normalise_contact
from apps.identity.domain.events import ContactChanged
from apps.identity.domain.sign_in import ensure_fresh
from apps.identity.domain.user import (
    ContactTaken,
    ContactUnchanged,
    LastContact,
    User,
    UserNotFound,
    UserRepository,
)
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import DomainError
from apps.kernel.domain.ids import NewId

PURPOSES = {
    ContactKind.EMAIL: ConfirmationPurpose.CHANGE_EMAIL,
    ContactKind.PHONE: ConfirmationPurpose.CHANGE_PHONE,
}
KINDS = {purpose: kind for kind, purpose in PURPOSES.items()}


@dataclass(frozen=True)
class RequestContactChange:
    """A new address is proved by the code that is sent to it. Nobody can be reached by text message here: a
    new number, and the removal of a contact, is confirmed by a code to the person's own address."""

    request: RequestConfirmation
    confirmations: Confirmations
    users: UserRepository
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(
        self, *, kind: ContactKind, value: str | None, signed_in_at: datetime, actor: Actor, at: datetime
    ) -> UUID:
        """The id of the step; None for ``value`` asks to remove the contact. Whether somebody else has it
        makes no difference.

        Raises SignInAgain, InvalidEmail, InvalidPhone, ContactUnchanged, LastContact, NoAddressForCode,
        TooManyConfirmations, AccountDeleted.
        """
        ensure_fresh(signed_in_at, at=at)
        value = None if value is None else normalise_contact(kind, value)
        user_id = _own_id(actor)
        with self.unit_of_work():
            self.users.get(user_id).ensure_contact_may_become(kind, value)
            tries_a_number = kind is ContactKind.PHONE and value is not None
            if tries_a_number and self.confirmations.count_phone(user_id=user_id, at=at) > PHONE_CHANGES:
                raise TooManyConfirmations(retry_after=int(DAY.total_seconds()))
            step = self.request(
                user_id=user_id,
                purpose=PURPOSES[kind],
                email=value if kind is ContactKind.EMAIL else None,
                new_value=value or "",
                at=at,
            )
            self.audit.record(
                actor=actor,
                action="contact_change_requested",
                entity="user",
                entity_id=str(user_id),
                at=at,
                changes={"contact": (None, kind.value)},
            )
            return step


@dataclass(frozen=True)
class ConfirmContact:
    """Only here does anybody learn that a contact is somebody else's: they have proved the address."""

    confirmations: Confirmations
    users: UserRepository
    sessions: Sessions
    audit: AuditLog
    events: EventBus
    unit_of_work: UnitOfWork
    new_id: NewId

    def __call__(
        self, *, confirmation_id: UUID, code: str, session_id: UUID, actor: Actor, at: datetime
    ) -> User:
        """The person with the contact changed. A new e-mail address ends their other sessions and every code
        that went to the old one.

        Raises ConfirmationNotFound; and after the unit of work, which keeps what a wrong try or a used code
        leaves behind, ConfirmationCodeInvalid, ContactTaken, ContactUnchanged, LastContact.
        """
        user_id = _own_id(actor)
        if self.confirmations.whose(confirmation_id) != user_id:
            raise ConfirmationNotFound
        outcome: User | DomainError = ConfirmationCodeInvalid(field="code")
        with self.unit_of_work():
            user = self.users.get(user_id)
            step = self._accepted(confirmation_id, user_id=user_id, code=code, at=at)
            if step is not None:
                outcome = self._change(user, step, session_id=session_id, actor=actor, at=at)
        if isinstance(outcome, DomainError):
            raise outcome
        return outcome

    def _accepted(
        self, confirmation_id: UUID, *, user_id: UUID, code: str, at: datetime
    ) -> Confirmation | None:
        for purpose in KINDS:
            step = self.confirmations.accept(
                confirmation_id=confirmation_id, user_id=user_id, purpose=purpose, code=code, at=at
            )
            if step is not None:
                return step
        return None

    def _change(
        self, user: User, step: Confirmation, *, session_id: UUID, actor: Actor, at: datetime
    ) -> User | DomainError:
        kind, old_email = KINDS[step.purpose], user.email
        refusal: DomainError | None = None
        try:
            user.change_contact(kind, step.new_value or None)
            self.users.save(user)
        except (ContactTaken, ContactUnchanged, LastContact) as error:
            refusal = error
        self.audit.record(
            actor=actor,
            action="contact_changed" if refusal is None else "contact_refused",
            entity="user",
            entity_id=str(user.id),
            at=at,
            changes={"contact": (None, kind.value)},
        )
        if refusal is not None:
            return refusal
        if kind is ContactKind.EMAIL:
            self.sessions.close_others(session_id=session_id, user_id=user.id)
            self.confirmations.close_all(user_id=user.id, at=at)
            if old_email is not None:
                self.confirmations.remember_old_email(confirmation_id=step.id, email=old_email)
        self.events.publish([ContactChanged(event_id=self.new_id(), occurred_at=at, confirmation_id=step.id)])
        return user


def _own_id(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise UserNotFound
    return actor.user_id
