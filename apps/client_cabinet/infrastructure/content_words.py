"""The contents of a diary entry as headings and texts."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from apps.client_cabinet.infrastructure.diary_words import FIELDS


def told(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an entry says, in the order of the form."""
    return [(capfirst(str(FIELDS[name])), _text(name, payload[name])) for name in FIELDS if name in payload]


def _text(field: str, value: Any) -> str:
    if field == "emotions":
        return "\n".join(
            gettext("%(emotion)s: %(strength)d of 10")
            % {"emotion": each["name"], "strength": each["intensity"]}
            for each in value
        )
    if field == "items":
        return "\n".join(f"• {each}" for each in value)
    return gettext("%(number)s of 10") % {"number": value} if field in _SCALES else str(value)


_SCALES = frozenset({"quality", "energy", "tension"})
