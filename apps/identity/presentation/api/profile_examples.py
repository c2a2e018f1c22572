"""Examples of calls about one's own profile, as the documentation of the API shows them."""

from drf_spectacular.utils import OpenApiExample

_PERSON = {
    "id": "0f6c1c3e-0a53-4a05-9d3c-6f5e6a1b2c3d",
    "display_name": "Анна",
    "time_zone": "Asia/Omsk",
    "language": "ru",
    "email": "anna@example.ru",
    "phone": "+79123456789",
    "telegram_linked": False,
    "created_at": "2026-11-02T15:00:00+00:00",
}

PROFILE = OpenApiExample("A profile", value=_PERSON, response_only=True, status_codes=["200"])
NEW_PROFILE = OpenApiExample(
    "Another name and time zone",
    value={"display_name": "Анна", "time_zone": "Asia/Omsk"},
    request_only=True,
)
NEW_EMAIL = OpenApiExample(
    "A new address", value={"kind": "email", "value": "anna.k@example.ru"}, request_only=True
)
NEW_PHONE = OpenApiExample(
    "A new number", value={"kind": "phone", "value": "+7 912 345-67-89"}, request_only=True
)
NO_PHONE = OpenApiExample("No number any more", value={"kind": "phone", "value": None}, request_only=True)
CODE_SENT = OpenApiExample(
    "Always the same",
    value={
        "confirmation_id": "6f1d2c3b-4a59-4b7c-8d9e-0f1a2b3c4d5e",
        "detail": "Письмо с кодом уже в пути. Код действует десять минут.",
    },
    response_only=True,
    status_codes=["202"],
)
CODE = OpenApiExample("The code of the letter", value={"code": "123456"}, request_only=True)
SESSION = OpenApiExample(
    "This session",
    value={
        "id": "1b4e28ba-2fa1-4d2b-883f-0016d3cca427",
        "created_at": "2026-11-20T09:30:00+00:00",
        "last_seen_at": "2026-11-22T08:00:00+00:00",
        "expires_at": "2026-12-20T09:30:00+00:00",
        "current": True,
    },
    response_only=True,
    status_codes=["200"],
)
ENDED = OpenApiExample("Two others", value={"ended": 2}, response_only=True, status_codes=["200"])
