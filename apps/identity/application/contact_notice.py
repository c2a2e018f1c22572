"""What to tell the address that an account had, when its contact has changed."""

from dataclasses import dataclass
from uuid import UUID

from apps.identity.application.change_contact import KINDS
from apps.identity.application.ports import Confirmations, ContactNotice
from apps.identity.domain.contacts import ContactKind
from apps.identity.domain.user import UserRepository
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class TellOldContact:
    confirmations: Confirmations
    users: UserRepository
    unit_of_work: UnitOfWork

    def __call__(self, *, confirmation_id: UUID) -> ContactNotice | None:
        """Where the notice goes: to the replaced address, or about a number to the person's own. None where
        there is nobody to tell: there was no address, or the person has been erased."""
        with self.unit_of_work():
            found = self.confirmations.done(confirmation_id)
            kind = None if found is None else KINDS.get(found[0].purpose)
            if found is None or kind is None:
                return None
            step, old_email = found
            user = self.users.get(step.user_id)
            email = old_email if kind is ContactKind.EMAIL else user.email
            if email is None:
                return None
            return ContactNotice(email=email, kind=kind.value, language=user.language)
