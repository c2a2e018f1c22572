"""People in PostgreSQL."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.identity.domain.roles import Role
from apps.identity.domain.user import ContactTaken, Status, User, UserNotFound
from apps.identity.infrastructure import models
from apps.identity.infrastructure.mappers import apply, to_domain


class DjangoUserRepository:
    """UserRepository over the ORM."""

    def get(self, user_id: UUID) -> User:
        row = models.User.objects.select_for_update().filter(pk=user_id).first()
        if row is None:
            raise UserNotFound
        return to_domain(row)

    def with_contacts(self, *, email: str | None, phone: str | None) -> list[User]:
        known = Q()
        if email is not None:
            known |= Q(email=email)
        if phone is not None:
            known |= Q(phone=phone)
        if not known:
            return []
        rows = models.User.objects.select_for_update().filter(known).order_by("pk")
        return [to_domain(row) for row in rows]

    def add(self, user: User) -> None:
        row = models.User()
        row.set_unusable_password()
        apply(user, row)
        self._save(row, force_insert=True)

    def save(self, user: User) -> None:
        row = models.User.objects.select_for_update().get(pk=user.id)
        apply(user, row)
        self._save(row)

    def has_other_owner(self, user_id: UUID) -> bool:
        owners = models.User.objects.select_for_update().filter(
            role=Role.OWNER.value, status=Status.ACTIVE.value
        )
        return any(row.pk != user_id for row in owners.order_by("pk"))

    def _save(self, row: models.User, *, force_insert: bool = False) -> None:
        try:
            with transaction.atomic():
                row.save(force_insert=force_insert)
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
            if any(name in constraint for name in ("email", "phone", "telegram_id")):
                raise ContactTaken from error
            raise
