"""Ask for a code to sign in with."""

from dataclasses import dataclass
from datetime import datetime

from apps.identity.application.ports import SignInCodes
from apps.identity.domain.contacts import normalise_email
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class RequestSignInCode:
    codes: SignInCodes
    unit_of_work: UnitOfWork

    def __call__(self, *, email: str, language: str, at: datetime) -> None:
        """Do the same work for every address, known or not. Raises InvalidEmail."""
        email = normalise_email(email)
        with self.unit_of_work():
            self.codes.request(email=email, language=language, at=at)
