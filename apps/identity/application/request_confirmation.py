"""Ask for a code that proves a step of somebody signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import Confirmation, Confirmations
from apps.identity.domain.confirmation import (
    HOUR,
    LETTERS_PER_ADDRESS,
    REQUESTS_PER_PERSON,
    ConfirmationPurpose,
    NoAddressForCode,
    TooManyConfirmations,
)
from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.events import ConfirmationCodeRequested
from apps.identity.domain.user import UserRepository
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class RequestConfirmation:
    """The answer and the work are the same whether or not somebody else has the address: only whoever reads
    its letters gets any further."""

    confirmations: Confirmations
    users: UserRepository
    events: EventBus
    unit_of_work: UnitOfWork
    new_id: NewId

    def __call__(
        self,
        *,
        user_id: UUID,
        purpose: ConfirmationPurpose,
        at: datetime,
        email: str | None = None,
        new_value: str | None = None,
    ) -> UUID:
        """The id of the step, whose code goes to ``email`` or to the person's own address. Codes asked for
        before for the same purpose stop working. Over the limit of letters to a foreign address the step
        gets no code, and nobody learns of it.

        Raises UserNotFound, InvalidEmail, NoAddressForCode, TooManyConfirmations.
        """
        sent_to = None if email is None else normalise_email(email)
        with self.unit_of_work():
            user = self.users.get(user_id)
            if self.confirmations.count_person(user_id=user_id, at=at) > REQUESTS_PER_PERSON:
                raise TooManyConfirmations(retry_after=int(HOUR.total_seconds()))
            if sent_to is None and user.email is None:
                raise NoAddressForCode
            silent = (
                sent_to is not None
                and sent_to != user.email
                and self.confirmations.count_address(email=sent_to, at=at) > LETTERS_PER_ADDRESS
            )
            step = Confirmation(id=self.new_id(), user_id=user_id, purpose=purpose, new_value=new_value)
            self.confirmations.open(step, sent_to=sent_to, silent=silent, at=at)
            requested = ConfirmationCodeRequested(
                event_id=self.new_id(), occurred_at=at, confirmation_id=step.id
            )
            self.events.publish([requested])
            return step.id
