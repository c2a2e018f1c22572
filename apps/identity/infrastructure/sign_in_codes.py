"""Codes to sign in with: one row per address, locked while it is looked at."""

from datetime import datetime

from django.db import connection

from apps.identity.application.ports import SignInLetter
from apps.identity.domain.sign_in import REQUESTS_PER_WINDOW, WINDOW_SECONDS
from apps.identity.infrastructure.mailed_codes import MailedCode, lifetime_minutes
from apps.identity.infrastructure.models import SignInCode
from apps.kernel.application.ports import Place
from apps.kernel.infrastructure.encryption import encryption_service
from apps.kernel.infrastructure.fields import place_of
from apps.kernel.infrastructure.keyed_hash import keyed_hash

_REQUEST = """
INSERT INTO identity_signincode AS row
    (address_hash, address, language, code_hash, state, window_start, requests, requested_at)
VALUES (%(hash)s, %(address)s, %(language)s, '', '{}', %(now)s, 1, %(now)s)
ON CONFLICT (address_hash) DO UPDATE SET
    address = EXCLUDED.address,
    language = EXCLUDED.language,
    requested_at = EXCLUDED.requested_at,
    requests = CASE WHEN row.window_start <= %(now)s - make_interval(secs => %(window)s)
                    THEN 1 ELSE row.requests + 1 END,
    window_start = CASE WHEN row.window_start <= %(now)s - make_interval(secs => %(window)s)
                        THEN %(now)s ELSE row.window_start END
RETURNING row.id, row.requests
"""


class SignInCodeProcess(MailedCode):
    hashed_for = "sign-in code"


class DjangoSignInCodes:
    """SignInCodes (port) over one row per address."""

    def request(self, *, email: str, language: str, at: datetime) -> tuple[int, int]:
        address_hash = _hash_of_address(email)
        values: dict[str, str | int | datetime] = {
            "hash": address_hash,
            "address": encryption_service().encrypt(email, place=_place_of(address_hash)),
            "language": language,
            "now": at,
            "window": WINDOW_SECONDS,
        }
        with connection.cursor() as cursor:
            cursor.execute(_REQUEST, values)
            row_id, request_number = cursor.fetchone()
        return row_id, request_number

    def pending_address(self, *, row_id: int, request_number: int) -> str | None:
        row = SignInCode.objects.select_for_update().filter(pk=row_id).first()
        if row is None or request_number != min(row.requests, REQUESTS_PER_WINDOW):
            return None
        return str(row.address)

    def issue(self, *, row_id: int, with_code: bool) -> SignInLetter:
        row = SignInCode.objects.select_for_update().get(pk=row_id)
        process = SignInCodeProcess(row)
        code = process.initiate() if with_code else None
        if code is None:
            process.abort()
        return SignInLetter(
            email=row.address,
            code=code,
            language=row.language,
            lifetime_minutes=lifetime_minutes(),
        )

    def accept(self, *, email: str, code: str) -> bool:
        row = SignInCode.objects.select_for_update().filter(address_hash=_hash_of_address(email)).first()
        return row is not None and SignInCodeProcess(row).accept(code)


def forget_address(email: str) -> int:
    """Drop the state of signing in with a normalised address; return how many rows there were."""
    return SignInCode.objects.filter(address_hash=_hash_of_address(email)).delete()[0]


def _place_of(address_hash: str) -> Place:
    return place_of(SignInCode(address_hash=address_hash), "address")


def _hash_of_address(email: str) -> str:
    return keyed_hash("sign-in address", email)
