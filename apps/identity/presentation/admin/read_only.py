"""What every list of identity has in common: rows are changed by commands, never by a form."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from apps.identity.domain.user import Status, UserNotFound
from apps.identity.infrastructure.models import User


class ReadOnlyRows:
    """Mixin for a ModelAdmin whose forms only show; looking is up to the role's table."""

    list_per_page = 25
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Without the link to Django's own history: what commands did is in the activity log."""
        context = {**(extra_context or {}), "show_history": False}
        return super().changeform_view(request, object_id, form_url, context)  # type: ignore[misc]  # a mixin


def listed_id(model_admin: Any, request: HttpRequest, object_id: str) -> UUID:
    """The id of a person whom this list shows. Raises UserNotFound: a command of one list does not reach
    the people of another."""
    person = model_admin.get_object(request, object_id)
    if person is None:
        raise UserNotFound
    person_id: UUID = person.pk
    return person_id


def as_uuid(text: Any) -> UUID | None:
    """The id in an address, None when it is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def is_blocked(object_id: Any) -> bool:
    """Whether the account in an address is blocked: which of two opposite commands makes sense."""
    user_id = as_uuid(object_id)
    return user_id is not None and User.objects.filter(pk=user_id, status=Status.BLOCKED.value).exists()
