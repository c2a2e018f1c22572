"""Hashes that only this installation can compute."""

from hashlib import sha256
from hmac import new

from django.conf import settings


def keyed_hash(purpose: str, *parts: bytes | str) -> str:
    """HMAC-SHA-256 of ``parts`` as 64 hex digits, under a key made of SECRET_KEY for this ``purpose``.

    Parts are length-prefixed: ("ab", "c") and ("a", "bc") differ.
    """
    key = sha256(f"{purpose}|{settings.SECRET_KEY}".encode()).digest()
    mac = new(key, digestmod=sha256)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        mac.update(len(data).to_bytes(8, "big"))
        mac.update(data)
    return mac.hexdigest()
