"""Reading of request bodies that nobody vouches for."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from apps.kernel.presentation.problem import MAX_BODY_BYTES, BodyTooLarge

MAX_DEPTH = 20


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 of at most MAX_BODY_BYTES and MAX_DEPTH levels.

    Raises BodyTooLarge; ParseError for what is no JSON (RFC 8259: NaN and repeated names included);
    ValidationError, with the place, for texts that PostgreSQL cannot keep (null characters, lone surrogates).
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
        try:
            data = json.loads(
                body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_unique_names
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not valid JSON.")) from error
        _check(data, [], 0)
        return data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _check(value: Any, path: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ParseError(_("The body is nested too deeply."))
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_text(name, path)
            _check(each, [*path, name], depth + 1)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _check(each, [*path, str(index)], depth + 1)


def _check_text(text: str, path: list[str]) -> None:
    if "\0" in text:
        error = ErrorDetail(_("Null characters are not allowed."), code="null_character")
    elif any("\ud800" <= character <= "\udfff" for character in text):
        error = ErrorDetail(_("The text contains half of a character."), code="invalid_text")
    else:
        return
    detail: Any = [error]
    for token in reversed(path):
        detail = {token: detail}
    raise ValidationError(detail)
