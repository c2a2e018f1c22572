"""Make the code that proves a step, when its letter is sent."""

from dataclasses import dataclass
from uuid import UUID

from apps.identity.application.ports import ConfirmationLetter, Confirmations
from apps.identity.domain.user import Status, UserRepository
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class IssueConfirmationCode:
    confirmations: Confirmations
    users: UserRepository
    unit_of_work: UnitOfWork

    def __call__(self, *, confirmation_id: UUID) -> ConfirmationLetter | None:
        """What to write, or None where no code is to be had: the step is over or a newer one has taken its
        place, the person is not active any more, or has no address."""
        with self.unit_of_work():
            user_id = self.confirmations.whose(confirmation_id)
            if user_id is None:
                return None
            user = self.users.get(user_id)  # people are locked before their steps, everywhere
            pending = self.confirmations.pending(confirmation_id)
            if pending is None:
                return None
            step, sent_to = pending
            email = sent_to or user.email
            if user.status != Status.ACTIVE or email is None:
                return None
            code, minutes = self.confirmations.issue(confirmation_id)
            return ConfirmationLetter(
                email=email,
                code=code,
                purpose=step.purpose.value,
                language=user.language,
                lifetime_minutes=minutes,
            )
