"""Encryption of sensitive text: ciphertext alone reaches the database.

What it promises is in apps/kernel/application/ports.py; why it is built this way, in docs/adr/0012.
"""

from apps.kernel.infrastructure.encryption.service import (
    ENVELOPE,
    FERNET,
    LEGACY,
    Encryption,
    encryption_service,
    key_ring,
    person_keys,
    scheme_of,
)

__all__ = [
    "ENVELOPE",
    "FERNET",
    "LEGACY",
    "Encryption",
    "encryption_service",
    "key_ring",
    "person_keys",
    "scheme_of",
]
