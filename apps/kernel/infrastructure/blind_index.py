"""Blind indexes: a person is found by a whole e-mail or phone number that is itself kept as ciphertext.

The index is HMAC-SHA-256 of the normalised value under a key of its field, which HKDF (RFC 5869) derives from
``settings.BLIND_INDEX_KEY``: the same contact in two fields has two indexes, and without the key nobody can
try addresses out. Equal values have equal indexes, so private texts (P2) never get one.
"""

from functools import cache
from hmac import digest

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from apps.kernel.infrastructure.encryption.key_ring import KEY_LENGTH, raw_key

INDEX_LENGTH = 64


def blind_index(field: str, value: str) -> str:
    """64 hex digits for ``value``, normalised already, of ``field`` (``app.model.field``)."""
    return digest(_key_of(field, settings.BLIND_INDEX_KEY), value.encode(), "sha256").hex()


@cache
def _key_of(field: str, master: str) -> bytes:
    info = f"blind index 1 {field}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_LENGTH, salt=None, info=info).derive(raw_key(master))
