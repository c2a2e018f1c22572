"""Pages of lists that grow while they are read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

DEFAULT_SIZE = 25
MAX_SIZE = 100


class CreatedCursorPagination(CursorPagination):
    """Newest first by ``created_at``, ties by ``id``: ``next``, ``previous``, ``results``.

    ``limit`` asks for 1 to 100 rows a page; another value, and a cursor we have not made, is a 422.
    """

    ordering = ("-created_at", "-id")
    page_size = DEFAULT_SIZE
    max_page_size = MAX_SIZE
    page_size_query_param = "limit"
    read_position: Callable[[str], object] = staticmethod(datetime.fromisoformat)
    """Raises an error for what is no value of the first column of ``ordering``."""

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("limit")
        if text is None:
            return DEFAULT_SIZE
        if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= MAX_SIZE):
            message = _("Ask for 1 to %(limit)s rows.") % {"limit": MAX_SIZE}
            raise ValidationError({"limit": [ErrorDetail(message, code="invalid_limit")]})
        return int(text)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None:
                self.read_position(cursor.position)
        except Exception as error:
            raise ValidationError(
                {"cursor": [ErrorDetail(_("This cursor is not one of ours."), code="invalid_cursor")]}
            ) from error
        return cursor

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_SIZE,
                    "default": DEFAULT_SIZE,
                }
        return parameters
