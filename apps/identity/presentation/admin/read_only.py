"""What every list of identity has in common: rows are changed by commands, never by a form."""

from typing import Any

from django.http import HttpRequest


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
