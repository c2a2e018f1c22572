"""Send the letter that somebody asked for to sign in."""

from dataclasses import dataclass

from apps.identity.application.ports import SignInCodes, SignInMail
from apps.identity.domain.user import UserRepository
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class SendSignInCode:
    codes: SignInCodes
    users: UserRepository
    mail: SignInMail
    unit_of_work: UnitOfWork

    def __call__(self, *, row_id: int, request_number: int) -> bool:
        """Return whether a letter was sent. People who work in the practice get one without a code: a code
        must not stand in for their password."""
        with self.unit_of_work():
            email = self.codes.pending_address(row_id=row_id, request_number=request_number)
            if email is None:
                return False
            people = self.users.with_contacts(email=email, phone=None)
            is_staff = any(person.is_staff for person in people)
            letter = self.codes.issue(row_id=row_id, with_code=not is_staff)
        self.mail.send(letter)
        return True
