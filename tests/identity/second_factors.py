"""Authenticators of the people of the tests."""

import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from apps.identity.domain.second_factor import Method
from apps.identity.infrastructure.mfa_adapter import secret_of
from apps.identity.models import User

_secrets: dict[Any, str] = {}


def enrol(user: User, *, recovery: bool = False) -> Any:
    """Give ``user`` an authenticator app and return its secret; with ``recovery`` their recovery codes."""
    if recovery:
        with secret_of(user.pk, Method.RECOVERY_CODE):
            return RecoveryCodes.activate(user).generate_codes()
    with secret_of(user.pk, Method.TOTP):
        secret = _secrets[user.pk] = generate_totp_secret()
        TOTP.activate(user, secret)
    return secret


def code_of(whose: User | str, *, steps: int = 0) -> str:
    """What an authenticator app shows now for a person enrolled here, or for a secret."""
    secret = whose if isinstance(whose, str) else _secrets[whose.pk]
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def next_code_of(whose: User | str) -> str:
    """The code after that: accepted already, because clocks differ."""
    return code_of(whose, steps=1)
