"""What each kind of diary entry holds: the one table that the API, its documentation and exports read."""

from collections.abc import Mapping
from enum import StrEnum

from apps.client_cabinet.domain.content_rules import (
    Fault,
    Group,
    Hours,
    Json,
    Scale,
    Several,
    Text,
    TimeOfDay,
)
from apps.kernel.domain.errors import DomainError, gettext_noop

LONG_TEXT, SHORT_TEXT, NAME = 4_000, 500, 60
MOST_EMOTIONS, MOST_ITEMS = 10, 10


class DiaryType(StrEnum):
    EMOTIONS = "emotions"
    ABC = "abc"
    SLEEP_ENERGY = "sleep_energy"
    GRATITUDE = "gratitude"


class WrongDiaryContent(DomainError):
    """``faults`` tell all that is wrong, each at its place."""

    code = "wrong_diary_content"
    message = gettext_noop("Some parts of the entry need another look.")

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(field="payload")
        self.faults = tuple(faults)


TEN = Scale(0, 10)
_NOTE = {"note": Text(LONG_TEXT)}
CONTENTS: Mapping[DiaryType, Group] = {
    DiaryType.EMOTIONS: Group(
        needed={
            "emotions": Several(Group(needed={"name": Text(NAME), "intensity": TEN}), 1, MOST_EMOTIONS),
        },
        optional={"situation": Text(LONG_TEXT), "body": Text(LONG_TEXT), **_NOTE},
    ),
    # The ABC form of rational emotive behaviour therapy (A. Ellis), with its D and E as free additions.
    DiaryType.ABC: Group(
        needed={
            "activating_event": Text(LONG_TEXT),
            "beliefs": Text(LONG_TEXT),
            "consequences": Text(LONG_TEXT),
        },
        optional={"dispute": Text(LONG_TEXT), "new_effect": Text(LONG_TEXT), **_NOTE},
    ),
    DiaryType.SLEEP_ENERGY: Group(
        needed={"quality": TEN, "energy": TEN, "tension": TEN},
        optional={"bed_time": TimeOfDay(), "rise_time": TimeOfDay(), "hours": Hours(), **_NOTE},
    ),
    DiaryType.GRATITUDE: Group(needed={"items": Several(Text(SHORT_TEXT), 1, MOST_ITEMS)}, optional=_NOTE),
}


def content_of(kind: DiaryType, raw: object) -> dict[str, Json]:
    """The contents as they are kept: texts trimmed, empty optional ones left out.
    Raises WrongDiaryContent."""
    faults: list[Fault] = []
    content = CONTENTS[kind].read(raw, (), faults)
    if kind is DiaryType.SLEEP_ENERGY and not faults and isinstance(content, dict):
        faults += _sleep_without_length(content)
    if faults or not isinstance(content, dict):
        raise WrongDiaryContent(faults)
    return content


def _sleep_without_length(content: Mapping[str, Json]) -> list[Fault]:
    """Both times, or the hours, or all of them."""
    missing = [name for name in ("bed_time", "rise_time") if name not in content]
    if not missing or ("hours" in content and len(missing) == 2):
        return []
    message = gettext_noop("Give both times, or the hours of sleep.")
    place = missing[0] if len(missing) == 1 else "hours"
    return [Fault(path=(place,), code="sleep_length_needed", message=message)]
