"""Examples of calls about one's own consents, as the documentation of the API shows them."""

from drf_spectacular.utils import OpenApiExample

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_FOLLOWS = ["Письма, которые не касаются ваших записей, оплат и учётной записи, больше не приходят."]

CONSENTS = OpenApiExample(
    "Agreed to an earlier text",
    value={
        "next": None,
        "previous": None,
        "results": [
            {
                "purpose": "communications",
                "state": "granted",
                "version": "1.0",
                "decided_at": "2026-11-02T15:00:00+00:00",
                "channel": "web",
                "asked_again": True,
                "document": {
                    "version": "1.1",
                    "title": "Согласие на получение сообщений",
                    "text": "Я согласна получать сообщения…",
                    "sha256": _SHA256,
                },
                "withdrawal_brings": _FOLLOWS,
            }
        ],
    },
    response_only=True,
    status_codes=["200"],
)
DECISIONS = OpenApiExample(
    "One agreed to, one declined",
    value={
        "consents": [
            {"purpose": "personal_data", "version": "1.0", "act": "granted"},
            {"purpose": "communications", "version": "1.1", "act": "declined"},
        ]
    },
    request_only=True,
)
WITHDRAWN = OpenApiExample(
    "Withdrawn",
    value={
        "purpose": "communications",
        "version": "1.0",
        "withdrawn_at": "2026-11-22T08:00:00+00:00",
        "follows": _FOLLOWS,
    },
    response_only=True,
    status_codes=["200"],
)
ACT = OpenApiExample(
    "A consent given",
    value={
        "id": "6f1d2c3b-4a59-4b7c-8d9e-0f1a2b3c4d5e",
        "purpose": "communications",
        "act": "granted",
        "version": "1.0",
        "title": "Согласие на получение сообщений",
        "sha256": _SHA256,
        "at": "2026-11-02T15:00:00+00:00",
        "channel": "web",
    },
    response_only=True,
    status_codes=["200"],
)
