"""The rules of a diary's contents as JSON Schema, so that the documentation cannot differ from them."""

from typing import Any

from apps.client_cabinet.domain.content_rules import Group, Hours, Rule, Scale, Several, Text, TimeOfDay
from apps.client_cabinet.domain.diary_content import CONTENTS, DiaryType

_SLEEP_LENGTH: dict[str, Any] = {
    "anyOf": [{"required": ["hours"]}, {"required": ["bed_time", "rise_time"]}],
    "dependentRequired": {"bed_time": ["rise_time"], "rise_time": ["bed_time"]},
}


def content_schema(kind: DiaryType) -> dict[str, Any]:
    """The schema of what an entry of ``kind`` holds."""
    schema = _schema(CONTENTS[kind], needed=True)
    return schema | _SLEEP_LENGTH if kind is DiaryType.SLEEP_ENERGY else schema


def _schema(rule: Rule, *, needed: bool) -> dict[str, Any]:
    match rule:
        case Text(longest=longest):
            filled = {"minLength": 1, "pattern": r"\S"} if needed else {}
            return {"type": "string", "maxLength": longest, **filled}
        case Scale(least=least, most=most):
            return {"type": "integer", "minimum": least, "maximum": most}
        case Hours(most=most):
            return {"type": "number", "minimum": 0, "maximum": most}
        case TimeOfDay():
            return {"type": "string", "pattern": f"^{rule.pattern}$", "example": "23:30"}
        case Several(each=each, fewest=fewest, most=most):
            items = _schema(each, needed=True)
            return {"type": "array", "minItems": fewest, "maxItems": most, "items": items}
        case Group(needed=needed_ones, optional=optional):
            return {
                "type": "object",
                "properties": {
                    **{name: _schema(each, needed=True) for name, each in needed_ones.items()},
                    **{name: _schema(each, needed=False) for name, each in optional.items()},
                },
                "required": list(needed_ones),
                "additionalProperties": False,
            }
    raise TypeError(f"{rule} has no schema")
