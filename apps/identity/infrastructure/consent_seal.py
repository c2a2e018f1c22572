"""The signature under exports of the consents: Ed25519 (RFC 8032)."""

from base64 import b64encode, urlsafe_b64decode
from binascii import Error as NotBase64
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from apps.identity.application.consent_ports import SealNotSet


class Ed25519Seal:
    """Seal with a private key of 32 bytes in URL-safe base64. Raises SealNotSet for anything else."""

    def __init__(self, key: str) -> None:
        try:
            self._key = Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(key))
        except (NotBase64, ValueError) as error:
            raise SealNotSet("CONSENT_EXPORT_KEY has to be 32 bytes in URL-safe base64") from error

    @property
    def public_key(self) -> str:
        return b64encode(self._key.public_key().public_bytes_raw()).decode("ascii")

    def sign(self, octets: bytes) -> str:
        return b64encode(self._key.sign(octets)).decode("ascii")


@cache
def _seal_of(key: str) -> Ed25519Seal:
    return Ed25519Seal(key)


def practice_seal() -> Ed25519Seal:
    """The seal with ``settings.CONSENT_EXPORT_KEY``. Raises SealNotSet."""
    return _seal_of(settings.CONSENT_EXPORT_KEY)


def is_signed(public_key: str, signature: str, octets: bytes) -> bool:
    """Whether the holder of ``public_key`` signed ``octets``; both texts are base64."""
    try:
        Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(_urlsafe(public_key))).verify(
            urlsafe_b64decode(_urlsafe(signature)), octets
        )
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def _urlsafe(text: str) -> str:
    return text.replace("+", "-").replace("/", "_")
