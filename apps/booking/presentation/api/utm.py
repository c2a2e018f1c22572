"""Marks of a campaign: known names, short values, P0 only."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

UTM_KEYS = (
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "utm_id",
    "utm_source_platform",
    "utm_creative_format",
    "utm_marketing_tactic",
)
# No @: an e-mail address has no place in a mark that statistics see.
_VALUE = re.compile(r"[^@\x00-\x1f\x7f]{1,100}")


@extend_schema_field(
    {
        "type": "object",
        "description": "UTM marks of the visit; nothing personal belongs here, and no @ is taken.",
        "properties": {
            key: {"type": "string", "pattern": r"^[^@\u0000-\u001f\u007f]{1,100}$"} for key in UTM_KEYS
        },
        "additionalProperties": False,
        "example": {"utm_source": "telegram", "utm_campaign": "autumn"},
    }
)
class UtmField(serializers.Field):
    """Known ``utm_*`` names with texts of 1 to 100 characters."""

    default_error_messages = {
        "invalid_utm": _("Send an object of utm_* names with texts."),
        "unknown_utm": _("This name is not one of the known utm_* names."),
        "invalid_utm_value": _("Send a text of 1 to 100 characters, without an e-mail address."),
    }

    def to_representation(self, value: Any) -> dict[str, str]:
        return dict(value)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict):
            self.fail("invalid_utm")
        errors = {}
        for name, value in data.items():
            if name not in UTM_KEYS:
                errors[str(name)] = [self._error("unknown_utm")]
            elif not isinstance(value, str) or not _VALUE.fullmatch(value):
                errors[name] = [self._error("invalid_utm_value")]
        if errors:
            raise serializers.ValidationError(errors)
        return dict(data)

    def _error(self, code: str) -> ErrorDetail:
        return ErrorDetail(str(self.error_messages[code]), code=code)
