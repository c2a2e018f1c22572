"""Examples of erasures in the API's documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ENTRY_ID = "0e2c1f4a-58a7-4c07-9b6e-0d6f3f1f4a10"
_GOING: list[dict[str, Any]] = [
    {"section": "profile", "title": "Профиль и контакты", "count": 1},
    {"section": "diary", "title": "Записи дневника", "count": 42},
]
_KEPT: list[dict[str, Any]] = [
    {
        "what": "Платежи, возвраты и чеки – под номером вместо вашего имени",
        "ground": "Документы бухгалтерского и налогового учёта: закон 402-ФЗ, ст. 29, и Налоговый кодекс, "
        "ст. 23, п. 1, пп. 8",
        "years": 5,
        "count": 3,
    }
]

PLAN = OpenApiExample(
    "The account",
    value={
        "scope": "account",
        "entry_id": None,
        "is_possible": False,
        "going": _GOING,
        "kept": _KEPT,
        "obstacles": [
            {
                "code": "appointment_ahead",
                "message": "У вас есть предстоящая запись. Сначала отмените её: до этого договор с вами – "
                "основание хранить ваши данные.",
            }
        ],
    },
    response_only=True,
    status_codes=["200"],
)
WISH_ACCOUNT = OpenApiExample("The account", value={"scope": "account"}, request_only=True)
WISH_ENTRY = OpenApiExample("One entry", value={"scope": "entry", "entry_id": _ENTRY_ID}, request_only=True)
STARTED = OpenApiExample(
    "A code is on its way",
    value={
        "id": "5c1b8a7e-2a64-4a3e-8c0e-51d3cf6f0b77",
        "scope": "account",
        "entry_id": None,
        "status": "awaiting_code",
        "requested_at": "2026-11-22T12:00:00+03:00",
        "expires_at": "2026-11-22T12:10:00+03:00",
    },
    response_only=True,
    status_codes=["201"],
)
CODE = OpenApiExample("The code of the letter", value={"code": "1234-5678"}, request_only=True)
ACT = OpenApiExample(
    "Done",
    value={
        "act_number": 17,
        "scope": "account",
        "erased_at": "2026-11-22T12:03:21+03:00",
        "key_destroyed": True,
        "destroyed": _GOING,
        "kept": _KEPT,
    },
    response_only=True,
    status_codes=["200"],
)
