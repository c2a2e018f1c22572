"""Ask for a code to sign in with."""

from dataclasses import dataclass
from datetime import datetime

from apps.identity.application.ports import SignInCodes
from apps.identity.domain.contacts import normalise_email
from apps.identity.domain.events import SignInCodeRequested
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class RequestSignInCode:
    codes: SignInCodes
    events: EventBus
    unit_of_work: UnitOfWork
    new_id: NewId

    def __call__(self, *, email: str, language: str, at: datetime) -> None:
        """Do the same work for every address, known or not. Raises InvalidEmail."""
        email = normalise_email(email)
        with self.unit_of_work():
            row_id, request_number = self.codes.request(email=email, language=language, at=at)
            requested = SignInCodeRequested(
                event_id=self.new_id(), occurred_at=at, row_id=row_id, request_number=request_number
            )
            self.events.publish([requested])
