"""What allauth's second factors need to know of the practice: names, and where secrets belong."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from apps.kernel.application.ports import Place
from apps.kernel.infrastructure.encryption import encryption_service

_owner: ContextVar[UUID | None] = ContextVar("owner_of_the_secrets", default=None)


@contextmanager
def secrets_of(user_id: UUID) -> Iterator[None]:
    """Inside, secrets are sealed and opened as those of this person: allauth does not say whose they are."""
    token = _owner.set(user_id)
    try:
        yield
    finally:
        _owner.reset(token)


class PracticeMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of authenticator apps and seeds of recovery codes are ciphertext under their person's key."""

    def encrypt(self, text: str) -> str:
        return encryption_service().encrypt(text, place=_place())

    def decrypt(self, encrypted_text: str) -> str:
        return encryption_service().decrypt(encrypted_text, place=_place())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": str(settings.MFA_TOTP_ISSUER)}


def _place() -> Place:
    owner = _owner.get()
    if owner is None:
        raise RuntimeError("whose secret this is was not said: use secrets_of")
    return Place(field="mfa.authenticator.data", row=str(owner), person=owner)
