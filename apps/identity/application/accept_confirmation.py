"""Take the code that proves a step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import Confirmations
from apps.identity.domain.confirmation import ConfirmationCodeInvalid, ConfirmationPurpose
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class AcceptConfirmation:
    confirmations: Confirmations
    unit_of_work: UnitOfWork

    def __call__(
        self, *, confirmation_id: UUID, user_id: UUID, purpose: ConfirmationPurpose, code: str, at: datetime
    ) -> None:
        """Use the code up. Raises ConfirmationCodeInvalid after the unit of work: a wrong try is counted."""
        with self.unit_of_work():
            accepted = self.confirmations.accept(
                confirmation_id=confirmation_id, user_id=user_id, purpose=purpose, code=code, at=at
            )
        if accepted is None:
            raise ConfirmationCodeInvalid(field="code")
