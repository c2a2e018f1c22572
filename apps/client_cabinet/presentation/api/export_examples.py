"""Examples of exports for the API's documentation."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_EXPORT: dict[str, Any] = {
    "id": "3b0a6d1e-58c2-4a57-9f0e-8a6f2b7c4d10",
    "kind": "archive",
    "first_day": None,
    "last_day": None,
    "status": "requested",
    "failure": "",
    "progress": {"done": 0, "total": 0},
    "size": 0,
    "created_at": "2026-11-21T13:04:02.113904+00:00",
    "ready_at": None,
    "expires_at": None,
}

ASKING_ARCHIVE = OpenApiExample("Everything about me", value={"kind": "archive"}, request_only=True)
ASKING_DIARY = OpenApiExample(
    "My diary of a quarter",
    value={"kind": "diary_pdf", "first_day": "2026-07-01", "last_day": "2026-09-30"},
    request_only=True,
)
ASKED = OpenApiExample(
    "Keep the passphrase",
    value={**_EXPORT, "passphrase": "7QX4-M2KD-9TBA-HE3Z-0WNR-5CVY"},
    response_only=True,
    status_codes=["201"],
)
PROCESSING = OpenApiExample(
    "Being prepared",
    value={**_EXPORT, "status": "processing", "progress": {"done": 1200, "total": 2180}},
    response_only=True,
    status_codes=["200"],
)
READY = OpenApiExample(
    "Ready",
    value={
        **_EXPORT,
        "status": "ready",
        "progress": {"done": 2180, "total": 2180},
        "size": 412_604,
        "ready_at": "2026-11-21T13:04:07.550121+00:00",
        "expires_at": "2026-11-24T13:04:07.550121+00:00",
    },
    response_only=True,
    status_codes=["200"],
)
ZIP_FILE = OpenApiExample(
    "Bytes of an encrypted archive",
    value="PK\u0003\u0004…",
    response_only=True,
    status_codes=["200"],
    media_type="application/zip",
)
PDF_FILE = OpenApiExample(
    "Bytes of an encrypted PDF",
    value="%PDF-2.0…",
    response_only=True,
    status_codes=["200"],
    media_type="application/pdf",
)
