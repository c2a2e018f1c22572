"""Second factors over allauth's table and algorithms (TOTP by RFC 6238, WebAuthn, recovery codes)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator as Row
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from apps.identity.application.authenticators import Authenticator
from apps.identity.domain.second_factor import Method, Tries
from apps.identity.infrastructure.mfa_adapter import secret_of
from apps.identity.infrastructure.models import SecondFactorSecret, SecondFactorTries, User

_BAD_RESPONSE = (ValidationError, AttributeError, KeyError, TypeError, ValueError)
"""What allauth and fido2 raise for answers of a passkey that are wrong, foreign or no such thing at all."""


class DjangoTries:
    """TriesRepository over one row per person."""

    def of(self, user_id: UUID) -> Tries:
        SecondFactorTries.objects.bulk_create([SecondFactorTries(user_id=user_id)], ignore_conflicts=True)
        row = SecondFactorTries.objects.select_for_update().get(pk=user_id)
        return Tries(
            user_id=user_id,
            failures=row.failures,
            locks=row.locks,
            locked_until=row.locked_until,
            last_counter=row.last_counter,
        )

    def save(self, tries: Tries) -> None:
        SecondFactorTries.objects.filter(pk=tries.user_id).update(
            failures=tries.failures,
            locks=tries.locks,
            locked_until=tries.locked_until,
            last_counter=tries.last_counter,
        )


class AllauthAuthenticators:
    """SecondFactors and Authenticators (ports). Passkeys need the request that allauth's middleware keeps."""

    def of(self, user_id: UUID) -> list[Authenticator]:
        User.objects.select_for_update().get(pk=user_id)  # one change of somebody's authenticators at a time
        return enrolled(user_id)

    def totp_counter(self, *, user_id: UUID, code: str) -> int | None:
        row = Row.objects.filter(user_id=user_id, type=Row.Type.TOTP).first()
        if row is None:
            return None
        with secret_of(user_id, Method.TOTP):
            secret = decrypt(row.data["secret"])
        return self.counter_of_secret(secret=secret, code=code)

    def counter_of_secret(self, *, secret: str, code: str) -> int | None:
        matching = None
        for counter in totp.yield_hotp_counters_from_time():
            expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
            if compare_user_code(actual=code, expected=expected):
                matching = counter
        return matching

    def use_recovery_code(self, *, user_id: UUID, code: str) -> bool:
        row = Row.objects.filter(user_id=user_id, type=Row.Type.RECOVERY_CODES).first()
        if row is None:
            return False
        with secret_of(user_id, Method.RECOVERY_CODE):
            return bool(RecoveryCodes(row).validate_code(code))

    def use_passkey(self, *, user_id: UUID, response: Mapping[str, Any]) -> bool:
        try:
            webauthn.parse_authentication_response(response)
            row = webauthn.complete_authentication(User.objects.get(pk=user_id), dict(response))
        except _BAD_RESPONSE:
            return False
        row.record_usage()
        return True

    def note_use(self, *, user_id: UUID, method: Method, at: datetime) -> None:
        if method is not Method.PASSKEY:  # of several passkeys, the one that answered has noted it
            Row.objects.filter(user_id=user_id, type=method.value).update(last_used_at=at)

    def set_totp(self, *, user_id: UUID, secret: str, name: str) -> None:
        with secret_of(user_id, Method.TOTP):
            data = {"secret": encrypt(secret), "name": name}
        Row.objects.update_or_create(
            user_id=user_id, type=Row.Type.TOTP, defaults={"data": data, "last_used_at": None}
        )

    def add_passkey(self, *, user_id: UUID, name: str, response: Mapping[str, Any]) -> bool:
        credential = dict(response)
        try:
            webauthn.parse_registration_response(credential)
            webauthn.complete_registration(credential)
        except _BAD_RESPONSE:
            return False
        webauthn.WebAuthn.add(User.objects.get(pk=user_id), name, credential)
        return True

    def rename(self, *, authenticator_id: int, name: str) -> None:
        row = Row.objects.get(pk=authenticator_id)
        row.data["name"] = name
        row.save(update_fields=["data"])

    def remove(self, *, authenticator_id: int) -> None:
        row = Row.objects.get(pk=authenticator_id)
        SecondFactorSecret.objects.filter(user_id=row.user_id, method=row.type).delete()
        row.delete()

    def remove_all(self, *, user_id: UUID) -> int:
        count = len(enrolled(user_id))
        SecondFactorSecret.objects.filter(user_id=user_id).delete()
        Row.objects.filter(user_id=user_id).delete()
        return count

    def has_recovery_codes(self, user_id: UUID) -> bool:
        return Row.objects.filter(user_id=user_id, type=Row.Type.RECOVERY_CODES).exists()

    def new_recovery_codes(self, user_id: UUID) -> list[str]:
        Row.objects.filter(user_id=user_id, type=Row.Type.RECOVERY_CODES).delete()
        with secret_of(user_id, Method.RECOVERY_CODE):
            codes: list[str] = RecoveryCodes.activate(User.objects.get(pk=user_id)).generate_codes()
        return codes


def enrolled(user_id: UUID) -> list[Authenticator]:
    """The person's authenticators, oldest first, without recovery codes: one query."""
    rows = (
        Row.objects.filter(user_id=user_id).exclude(type=Row.Type.RECOVERY_CODES).order_by("created_at", "pk")
    )
    return [
        Authenticator(
            id=row.pk,
            method=Method(row.type),
            name=row.data.get("name") or "",
            created_at=row.created_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    ]


def has_enrolled(user_id: UUID) -> bool:
    return _rows(user_id).exists()


def recovery_codes_left(user_id: UUID) -> int:
    row = Row.objects.filter(user_id=user_id, type=Row.Type.RECOVERY_CODES).first()
    if row is None:
        return 0
    with secret_of(user_id, Method.RECOVERY_CODE):
        return len(RecoveryCodes(row).get_unused_codes())


def _rows(user_id: UUID) -> QuerySet[Row]:
    return Row.objects.filter(user_id=user_id).exclude(type=Row.Type.RECOVERY_CODES)
