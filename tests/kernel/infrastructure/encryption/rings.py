"""Keys for the tests of encryption, and services over them."""

import os
from base64 import b64encode
from uuid import uuid4

from cryptography.fernet import Fernet
from django.conf import settings

from apps.kernel.application.ports import Place
from apps.kernel.infrastructure.encryption.data_keys import PostgresPersonKeys
from apps.kernel.infrastructure.encryption.envelope import EnvelopeEncryptionService
from apps.kernel.infrastructure.encryption.fernet import FernetEncryptionService
from apps.kernel.infrastructure.encryption.key_ring import KeyRing


def generation(name: str) -> str:
    return f"{name}:{b64encode(os.urandom(32)).decode()}"


OLD, NEW = generation("2026-05"), generation("2026-11")
FERNET_OLD, FERNET_NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def keys_under(*keys: str) -> PostgresPersonKeys:
    """The store as a process that has just started sees it; the practice's key is the tests' generation's."""
    return PostgresPersonKeys(KeyRing([*keys, *settings.KEY_ENCRYPTION_KEYS]))


def envelope(*keys: str) -> EnvelopeEncryptionService:
    return EnvelopeEncryptionService(keys_under(*(keys or (NEW,))))


def fernet(*keys: str) -> FernetEncryptionService:
    return FernetEncryptionService(keys or (FERNET_NEW,))


ADAPTERS = {"envelope": envelope, "fernet": fernet}


def somewhere() -> Place:
    """A place of its own: nothing else is sealed there."""
    return Place(field="diary.entry.text", row=str(uuid4()), person=uuid4())
