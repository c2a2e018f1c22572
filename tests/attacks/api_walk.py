"""The calls of the API as its own schema tells them, with bodies that fit: what every attack is tried on."""

import re
from dataclasses import dataclass
from typing import Any

from drf_spectacular.generators import SchemaGenerator

WRITING = ("post", "put", "patch")


@dataclass(frozen=True, kw_only=True)
class Call:
    """``example`` is a body that the documentation shows; None where the call takes none."""

    verb: str
    path: str
    example: dict[str, Any] | None

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"

    def address(self, **known: object) -> str:
        """The path with ``known`` values; an unknown id is one that nothing has."""
        nothing = "00000000-0000-4000-8000-000000000000"
        return re.sub(r"{(\w+)}", lambda name: str(known.get(name[1], nothing)), self.path)


def calls(*verbs: str) -> list[Call]:
    """Every call with one of ``verbs``, by path."""
    schema = SchemaGenerator().get_schema(public=True)
    return [
        Call(verb=verb, path=path, example=_example(schema, operation))
        for path, operations in sorted(schema["paths"].items())
        for verb, operation in sorted(operations.items())
        if verb in verbs
    ]


def properties(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of a schema's part, references followed."""
    part = _followed(schema, part)
    found = dict(part.get("properties", {}))
    for each in part.get("allOf", []):
        found |= properties(schema, each)
    return found


def _followed(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return part


def _example(schema: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    for each in content.get("examples", {}).values():
        if isinstance(each.get("value"), dict):
            return dict(each["value"])
    return {}
