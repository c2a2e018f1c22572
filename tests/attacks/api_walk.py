"""The calls of the API as its own schema tells them, with bodies that fit: what every attack is tried on."""

import re
from dataclasses import dataclass
from typing import Any

from drf_spectacular.generators import SchemaGenerator

WRITING = ("post", "put", "patch")


@dataclass(frozen=True, kw_only=True)
class Call:
    """``example`` is a body that the documentation shows, ``fields`` the names that it may hold; None and
    none where the call takes no body. ``query`` are the names of the parameters after the question mark."""

    verb: str
    path: str
    example: dict[str, Any] | None
    fields: frozenset[str]
    query: frozenset[str] = frozenset()

    @property
    def parameters(self) -> frozenset[str]:
        """The names of what the path leaves open."""
        return frozenset(re.findall(r"{(\w+)}", self.path))

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
        Call(
            verb=verb,
            path=path,
            example=_example(operation),
            fields=_fields(schema, operation),
            query=_query(operation),
        )
        for path, operations in sorted(schema["paths"].items())
        for verb, operation in sorted(operations.items())
        if verb in verbs
    ]


def _query(operation: dict[str, Any]) -> frozenset[str]:
    return frozenset(each["name"] for each in operation.get("parameters", []) if each["in"] == "query")


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> frozenset[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return _properties(schema, content.get("schema", {}))


def _properties(schema: dict[str, Any], part: dict[str, Any]) -> frozenset[str]:
    part = _followed(schema, part)
    parts = [each for kind in ("allOf", "oneOf", "anyOf") for each in part.get(kind, [])]
    return frozenset(part.get("properties", {})).union(*(_properties(schema, each) for each in parts))


def _followed(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return part


def _example(operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    for each in content.get("examples", {}).values():
        if isinstance(each.get("value"), dict):
            return dict(each["value"])
    return {}
