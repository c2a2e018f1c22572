"""Pages of lists that grow while they are read."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

DEFAULT_SIZE = 25
MAX_SIZE = 100
CURSOR_MAX_LENGTH = 400


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The row beside which a page begins, by its values in the list's order; ``backwards``: to the top."""

    values: tuple[str, ...]
    backwards: bool

    def encode(self) -> str:
        text = json.dumps(["p" if self.backwards else "n", *self.values], ensure_ascii=False)
        return urlsafe_b64encode(text.encode()).decode()

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Raises ValueError on a text that :meth:`encode` has not made."""
        if len(text) > CURSOR_MAX_LENGTH:
            raise ValueError("too long for a cursor")
        parts = json.loads(urlsafe_b64decode(text.encode()).decode())
        if not isinstance(parts, list) or not all(
            isinstance(part, str) and "\0" not in part for part in parts
        ):
            raise ValueError("not a cursor")
        direction, *values = parts
        cursor = cls(values=tuple(values), backwards=direction == "p")
        if cursor.encode() != text:
            raise ValueError("not a cursor")
        return cursor


class CreatedCursorPagination(BasePagination):
    """``next``, ``previous``, ``results``; newest first, ties by ``id``, unless a subclass says otherwise.

    A page begins beside a row, not at a number, so rows that appear meanwhile move nothing. ``limit`` asks
    for 1 to 100 rows; another value, and a cursor that is none of ours, is a 422.
    """

    ordering: ClassVar[tuple[str, ...]] = ("-created_at", "-id")
    """Columns of the model, ``-`` for descending; together they tell every two rows apart."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self._url = request.build_absolute_uri()
        limit = _limit_of(request)
        self._fields = [queryset.model._meta.get_field(name.removeprefix("-")) for name in self.ordering]
        cursor = None
        if (text := request.query_params.get("cursor")) is not None:
            cursor, beside = self._read(text)
            queryset = queryset.filter(self._beyond(beside, backwards=cursor.backwards))
        backwards = cursor is not None and cursor.backwards
        order = [_reversed(name) for name in self.ordering] if backwards else self.ordering
        found = list(queryset.order_by(*order)[: limit + 1])
        more, rows = len(found) > limit, found[:limit]
        if backwards:
            rows.reverse()
        self._has_next = True if backwards else more
        self._has_previous = more if backwards else cursor is not None
        self._rows = rows
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link(self._rows[-1], backwards=False)
                if self._has_next and self._rows
                else None,
                "previous": (
                    self._link(self._rows[0], backwards=True) if self._has_previous and self._rows else None
                ),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE}
        return [
            {
                "name": "cursor",
                "required": False,
                "in": "query",
                "description": "Of the page: take it from next or previous.",
                "schema": {"type": "string", "maxLength": CURSOR_MAX_LENGTH},
            },
            {
                "name": "limit",
                "required": False,
                "in": "query",
                "description": "How many rows a page has.",
                "schema": limit,
            },
        ]

    def _read(self, text: str) -> tuple[Cursor, list[Any]]:
        """The cursor and its values as the columns' types."""
        try:
            cursor = Cursor.decode(text)
            values = [
                field.to_python(value) for field, value in zip(self._fields, cursor.values, strict=True)
            ]
            if any(value is None or _is_naive(value) for value in values):
                raise ValueError("not a cursor of this list")
        except (ValueError, OverflowError, ModelValidationError) as error:
            message = _("This cursor is not one of ours.")
            raise ValidationError({"cursor": [ErrorDetail(message, code="invalid_cursor")]}) from error
        return cursor, values

    def _beyond(self, values: list[Any], *, backwards: bool) -> Q:
        """The rows that come after ``values`` in the order of the list, or before them."""
        beyond, equal = Q(), Q()
        for name, field, value in zip(self.ordering, self._fields, values, strict=True):
            side = "lt" if name.startswith("-") is not backwards else "gt"
            beyond |= equal & Q(**{f"{field.name}__{side}": value})
            equal &= Q(**{field.name: value})
        return beyond

    def _link(self, row: Any, *, backwards: bool) -> str:
        values = tuple(field.value_to_string(row) for field in self._fields)
        return replace_query_param(self._url, "cursor", Cursor(values=values, backwards=backwards).encode())


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _is_naive(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None


def _limit_of(request: Request) -> int:
    text = request.query_params.get("limit")
    if text is None:
        return DEFAULT_SIZE
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= MAX_SIZE):
        message = _("Ask for 1 to %(limit)s rows.") % {"limit": MAX_SIZE}
        raise ValidationError({"limit": [ErrorDetail(message, code="invalid_limit")]})
    return int(text)
