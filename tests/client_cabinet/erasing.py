"""Erasing people in tests, with the code as its letter would bring it."""

from typing import Any
from uuid import UUID

from rest_framework.test import APIClient

from apps.client_cabinet.infrastructure.models import ErasureRequest
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from tests.booking.factories import signed_in

BASE = "/api/v1/me/erasure/"


def code_for(erasure_id: str | UUID) -> str:
    """The code that the letter about this erasure carries."""
    row = ErasureRequest.objects.get(pk=erasure_id)
    letter = identity.issue_confirmation_code(confirmation_id=row.confirmation_id)
    assert letter is not None
    assert letter.code is not None
    return letter.code


def started(api: APIClient, scope: str = "account", **wish: Any) -> str:
    """The id of an erasure that waits for its code."""
    answer = api.post(BASE, {"scope": scope, **wish})
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def confirmed(api: APIClient, erasure_id: str, code: str | None = None) -> Any:
    return api.post(f"{BASE}{erasure_id}/confirmation/", {"code": code or code_for(erasure_id)})


def erased(person: User) -> Any:
    """The answer to erasing the person's own account."""
    api = signed_in(person)
    answer = confirmed(api, started(api))
    assert answer.status_code == 200, answer.json()
    return answer.json()
