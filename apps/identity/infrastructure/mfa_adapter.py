"""What allauth's second factors need to know of the practice: names, and where secrets are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from apps.identity.domain.second_factor import Method
from apps.identity.infrastructure.models import SecondFactorSecret

KEPT_ELSEWHERE = "sealed"
"""What stands in allauth's table in the place of a secret."""

_owner: ContextVar[tuple[UUID, Method] | None] = ContextVar("owner_of_the_secret", default=None)


@contextmanager
def secret_of(user_id: UUID, method: Method) -> Iterator[None]:
    """Inside, secrets are kept and read as this one: allauth does not say whose they are."""
    token = _owner.set((user_id, method))
    try:
        yield
    finally:
        _owner.reset(token)


class PracticeMFAAdapter(DefaultMFAAdapter):
    """Secrets of apps and seeds of recovery codes are rows of ours, ciphertext under their person's key."""

    def encrypt(self, text: str) -> str:
        """Keep the secret, in the place of one that was there."""
        row = SecondFactorSecret.objects.filter(**_place()).first() or SecondFactorSecret(**_place())
        row.secret = text
        row.save()
        return KEPT_ELSEWHERE

    def decrypt(self, encrypted_text: str) -> str:
        """Raises DecryptionFailed, KeyDestroyed, SecondFactorSecret.DoesNotExist."""
        return str(SecondFactorSecret.objects.get(**_place()).secret)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": str(settings.MFA_TOTP_ISSUER)}


def _place() -> dict[str, UUID | str]:
    owner = _owner.get()
    if owner is None:
        raise RuntimeError("whose secret this is was not said: use secret_of")
    user_id, method = owner
    return {"user_id": user_id, "method": method.value}
