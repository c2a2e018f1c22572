"""What a command was given, as JSON by a script or as a form by a page."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

_OWN_PATH = re.compile(r"/(\w[\w/-]*)?")


class WrongArgument(Exception):
    """The text says which argument is wrong and what it may be."""


class Arguments:
    def __init__(self, given: dict[str, Any], *, as_form: bool = False) -> None:
        self._given = given
        self.as_form = as_form
        self._asked: set[str] = set()

    @classmethod
    async def of(cls, request: Request) -> "Arguments":
        body = await request.body()
        if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return cls(dict(parse_qsl(body.decode(), keep_blank_values=True)), as_form=True)
        try:
            given = json.loads(body) if body else {}
        except ValueError:
            raise WrongArgument("The body is no JSON.") from None
        if not isinstance(given, dict):
            raise WrongArgument("The body must be a JSON object.")
        return cls(given)

    def _value(self, name: str) -> Any:
        self._asked.add(name)
        return self._given.get(name)

    def text(self, name: str, default: str = "") -> str:
        value = self._value(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise WrongArgument(f"{name} must be a text.")
        return value

    def one_of(self, name: str, allowed: Iterable[str], default: str | None = None) -> str:
        given = self._value(name)
        value = default if given in (None, "") else str(given)
        if value is None or value not in allowed:
            raise WrongArgument(f"{name} must be one of: {', '.join(sorted(allowed))}.")
        return value

    def number(self, name: str, default: float, *, lowest: float = 0, highest: float = 10**9) -> float:
        value = self._value(name)
        if value in (None, ""):
            return default
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise WrongArgument(f"{name} must be a number.") from None
        if not lowest <= number <= highest:
            raise WrongArgument(f"{name} must be from {lowest} to {highest}.")
        return number

    def whole(self, name: str, default: int, *, lowest: int = 0, highest: int = 100_000) -> int:
        number = self.number(name, default, lowest=lowest, highest=highest)
        if number != int(number):
            raise WrongArgument(f"{name} must be a whole number.")
        return int(number)

    def times(self) -> int | None:
        """How often; null (or an empty field of a form) stands for «until lifted», absence for once."""
        if "times" in self._given and self._given["times"] in (None, ""):
            self._asked.add("times")
            return None
        return self.whole("times", 1, lowest=1)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._value(name)
        if value in (None, ""):
            return default
        words = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
        if isinstance(value, bool):
            return value
        if value in words:
            return words[value]
        raise WrongArgument(f"{name} must be true or false.")

    def mapping(self, name: str) -> dict[str, Any]:
        value = self._value(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise WrongArgument(f"{name} must be an object.")
        return value

    def anything(self, name: str) -> Any:
        return self._value(name)

    def has(self, name: str) -> bool:
        return name in self._given

    def no_others(self) -> None:
        """Raises for an argument that nobody asked for: a slip of the pen, most likely."""
        unknown = sorted(self._given.keys() - self._asked - {"next"})
        if unknown:
            raise WrongArgument(f"Unknown argument: {', '.join(unknown)}.")

    @property
    def next_page(self) -> str:
        """Where a page's form goes on to; only a path of the sandbox itself."""
        target = str(self._given.get("next", "/"))
        return target if _OWN_PATH.fullmatch(target) else "/"
