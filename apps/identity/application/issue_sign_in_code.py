"""Make the code that somebody asked for to sign in."""

from dataclasses import dataclass

from apps.identity.application.ports import SignInCodes, SignInLetter
from apps.identity.domain.user import UserRepository
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class IssueSignInCode:
    codes: SignInCodes
    users: UserRepository
    unit_of_work: UnitOfWork

    def __call__(self, *, row_id: int, request_number: int) -> SignInLetter | None:
        """What to write to the address, or None where nothing is to be written. People who work in the
        practice get no code: it must not stand in for their password."""
        with self.unit_of_work():
            email = self.codes.pending_address(row_id=row_id, request_number=request_number)
            if email is None:
                return None
            people = self.users.with_contacts(email=email, phone=None)
            is_staff = any(person.is_staff for person in people)
            return self.codes.issue(row_id=row_id, with_code=not is_staff)
