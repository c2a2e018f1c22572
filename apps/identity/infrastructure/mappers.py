"""Between people and their rows."""

from apps.identity.domain.roles import Role
from apps.identity.domain.user import Status, User
from apps.identity.infrastructure import models


def to_domain(row: models.User) -> User:
    return User(
        id=row.id,
        role=Role(row.role),
        status=Status(row.status),
        display_name=row.display_name,
        email=row.email,
        phone=row.phone,
        telegram_id=row.telegram_id,
        time_zone=row.time_zone,
        language=row.language,
    )


def apply(user: User, row: models.User) -> None:
    row.id = user.id
    row.role = user.role.value
    row.status = user.status.value
    row.display_name = user.display_name
    row.email = user.email
    row.phone = user.phone
    row.telegram_id = user.telegram_id
    row.time_zone = user.time_zone
    row.language = user.language
