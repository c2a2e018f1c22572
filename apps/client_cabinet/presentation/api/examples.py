"""Examples of the API's documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_APPOINTMENT_ID = "7d0f8a54-6c1e-4f7e-9a3b-2f7f2f0c9b11"
_ENTRY: dict[str, Any] = {
    "id": "0e2c1f4a-58a7-4c07-9b6e-0d6f3f1f4a10",
    "type": "emotions",
    "happened_at": "2026-11-21T22:10:00+03:00",
    "time_zone": "Europe/Moscow",
    "day": "2026-11-21",
    "payload": {
        "emotions": [{"name": "тревога", "intensity": 6}, {"name": "облегчение", "intensity": 4}],
        "situation": "Разговор о сроках.",
        "body": "Сжатые плечи.",
    },
    "version": 1,
    "shared": None,
    "created_at": "2026-11-21T19:12:40.113904+00:00",
    "updated_at": "2026-11-21T19:12:40.113904+00:00",
}
_SHARE = {"appointment_id": _APPOINTMENT_ID, "shared_at": "2026-11-21T19:20:00+00:00"}


def _writing(name: str, kind: str, payload: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value={"type": kind, "payload": payload}, request_only=True)


WRITING = [
    _writing("Emotions", "emotions", _ENTRY["payload"]),
    _writing(
        "ABC",
        "abc",
        {
            "activating_event": "Начальник не ответил на письмо.",
            "beliefs": "Он мной недоволен.",
            "consequences": "Весь вечер перечитывала письмо.",
            "dispute": "Он редко отвечает в тот же день.",
            "new_effect": "Стало спокойнее, легла вовремя.",
        },
    ),
    _writing(
        "Sleep and energy",
        "sleep_energy",
        {"bed_time": "23:30", "rise_time": "07:15", "quality": 7, "energy": 6, "tension": 3},
    ),
    _writing("Gratitude", "gratitude", {"items": ["Прогулка с сестрой", "Тихое утро"]}),
]
CORRECTION = OpenApiExample(
    "Correction",
    value={"type": "emotions", "version": 1, "payload": _ENTRY["payload"]},
    request_only=True,
)
EMOTIONS = OpenApiExample("An entry", value=_ENTRY, response_only=True, status_codes=["200", "201"])
SHARING = OpenApiExample("For a session", value={"appointment_id": _APPOINTMENT_ID}, request_only=True)
SHARED = OpenApiExample(
    "A shared entry", value={**_ENTRY, "shared": _SHARE}, response_only=True, status_codes=["200"]
)

FAVOURITE = OpenApiExample(
    "A favourite",
    value={"kind": "interactive", "reference": "rit-03", "added_at": "2026-11-21T19:12:40+00:00"},
    response_only=True,
    status_codes=["200", "201"],
)

_MATERIAL: dict[str, Any] = {
    "id": "3a6fbd52-52d3-4a6e-8a02-9a3d2c2e7f01",
    "title": "После встречи: три опоры",
    "appointment_id": _APPOINTMENT_ID,
    "shared_at": "2026-11-21T18:00:00+00:00",
    "first_read_at": None,
}
MATERIAL = OpenApiExample("A material", value=_MATERIAL, response_only=True, status_codes=["200"])
MATERIAL_TEXT = OpenApiExample(
    "A material with its text",
    value={
        **_MATERIAL,
        "first_read_at": "2026-11-21T20:15:00+00:00",
        "text": "## Три опоры\n\n1. Дыхание по квадрату, две минуты утром.\n2. Прогулка без телефона.",
    },
    response_only=True,
    status_codes=["200"],
)
