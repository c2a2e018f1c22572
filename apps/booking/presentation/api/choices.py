"""Fields that take one of an enumeration's values."""

from enum import StrEnum
from typing import Any

from rest_framework import serializers


def choice(of: type[StrEnum], **options: Any) -> serializers.ChoiceField:
    """A field of the values of ``of``; the schema names it as settings say (ENUM_NAME_OVERRIDES)."""
    return serializers.ChoiceField(choices=[(each.value, each.name) for each in of], **options)
