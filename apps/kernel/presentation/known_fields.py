"""Bodies that hold nothing but what was asked for."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


class KnownFieldsOnly(serializers.Serializer):
    """Refuses fields that it does not know, and those that only answers have (``unknown_field``).

    Nobody sets a role or a status by sending it along, and a misspelt name is told instead of ignored.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {field.field_name for field in self._writable_fields}
            unknown = sorted(str(name) for name in data if name not in writable)
            if unknown:
                message = _("This field is not known here, or cannot be set.")
                raise ValidationError({name: ErrorDetail(message, code="unknown_field") for name in unknown})
        return super().to_internal_value(data)


class KnownFieldsSchema(OpenApiSerializerExtension):
    """``additionalProperties: false`` in the schema of such bodies."""

    target_class = KnownFieldsOnly
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(  # noqa: SLF001  # as its documentation shows
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "additionalProperties": False}
