"""Rules that a diary's contents obey: plain values in, clean values out, every fault at its own place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from apps.kernel.domain.errors import gettext_noop

type Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
type Path = tuple[str | int, ...]

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong at ``path`` of the contents: a stable code, and a sentence (an English msgid) with its
    ``params``. What the person wrote is never among them."""

    path: Path
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


class Rule(Protocol):
    def read(self, value: object, path: Path, faults: list[Fault]) -> Json:
        """The value as it is kept; what is wrong with it is added to ``faults``."""
        ...


@dataclass(frozen=True)
class Text:
    """Text of at most ``longest`` characters, kept without the blanks around it. An optional text may be
    empty, and is then left out."""

    longest: int

    def read(self, value: object, path: Path, faults: list[Fault]) -> Json:
        if not isinstance(value, str):
            faults.append(Fault(path=path, code="invalid", message=gettext_noop("Write text here.")))
            return None
        if len(value) > self.longest:
            message = gettext_noop("Write at most %(limit)d characters.")
            params = {"limit": self.longest}
            faults.append(Fault(path=path, code="max_length", message=message, params=params))
        return value.strip()


@dataclass(frozen=True)
class Scale:
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int

    def read(self, value: object, path: Path, faults: list[Fault]) -> Json:
        whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
        if not whole or not self.least <= value <= self.most:  # type: ignore[operator]  # whole says it is a number
            message = gettext_noop("Choose a whole number from %(least)d to %(most)d.")
            params = {"least": self.least, "most": self.most}
            faults.append(Fault(path=path, code="out_of_scale", message=message, params=params))
            return None
        return int(value)  # type: ignore[call-overload]  # a number


@dataclass(frozen=True)
class Hours:
    """A length of time within one day, in hours; parts of an hour are allowed."""

    most: int = 24

    def read(self, value: object, path: Path, faults: list[Fault]) -> Json:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= self.most:
            return value
        message = gettext_noop("Enter hours from 0 to %(most)d.")
        faults.append(Fault(path=path, code="invalid_hours", message=message, params={"most": self.most}))
        return None


@dataclass(frozen=True)
class TimeOfDay:
    """``HH:MM`` by the person's own clock."""

    pattern = _CLOCK.pattern

    def read(self, value: object, path: Path, faults: list[Fault]) -> Json:
        if isinstance(value, str) and _CLOCK.fullmatch(value):
            return value
        message = gettext_noop("Enter a time of day like 23:30.")
        faults.append(Fault(path=path, code="invalid_time", message=message))
        return None


@dataclass(frozen=True)
class Several:
    """A list of ``fewest`` to ``most`` values that obey ``each``; empty texts are refused."""

    each: Rule
    fewest: int
    most: int

    def read(self, value: object, path: Path, faults: list[Fault]) -> Json:
        if not isinstance(value, list):
            faults.append(Fault(path=path, code="not_a_list", message=gettext_noop("Send a list here.")))
            return None
        if not self.fewest <= len(value) <= self.most:
            message = gettext_noop("Send from %(fewest)d to %(most)d of them.")
            params = {"fewest": self.fewest, "most": self.most}
            faults.append(Fault(path=path, code="wrong_count", message=message, params=params))
            return None
        return [_filled(self.each, each, (*path, index), faults) for index, each in enumerate(value)]


@dataclass(frozen=True)
class Group:
    """Named values: those of ``needed`` must be there and not be empty, those of ``optional`` may. A name
    that is in neither is refused, so that nothing is lost by a slip of the pen."""

    needed: Mapping[str, Rule]
    optional: Mapping[str, Rule] = field(default_factory=dict)

    def read(self, value: object, path: Path, faults: list[Fault]) -> Json:
        if not isinstance(value, dict):
            faults.append(Fault(path=path, code="not_an_object", message=gettext_noop("Send an object.")))
            return None
        kept: dict[str, Json] = {}
        for name, rule in self.needed.items():
            if name in value:
                kept[name] = _filled(rule, value[name], (*path, name), faults)
            else:
                faults.append(
                    Fault(path=(*path, name), code="required", message=gettext_noop("This is needed."))
                )
        for name, rule in self.optional.items():
            if name in value:
                read = rule.read(value[name], (*path, name), faults)
                if read not in (None, ""):
                    kept[name] = read
        if value.keys() - self.needed.keys() - self.optional.keys():
            # The name is the caller's own text: it is not repeated.
            message = gettext_noop("There is a field that this kind of entry does not have.")
            faults.append(Fault(path=path, code="unknown_field", message=message))
        return kept


def _filled(rule: Rule, value: object, path: Path, faults: list[Fault]) -> Json:
    known = len(faults)
    read = rule.read(value, path, faults)
    if read == "" and len(faults) == known:
        faults.append(Fault(path=path, code="blank", message=gettext_noop("This may not be empty.")))
    return read
