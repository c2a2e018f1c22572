"""Keys kept in a file, one a line: ``generation:base64``, the newest first, and ``blind-index:base64``.

Empty lines and lines that begin with ``#`` count for nothing.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BLIND_INDEX = "blind-index"


def keys_of(keys: list[str], blind_index_key: str, file: str) -> tuple[list[str], str]:
    """Key-encryption keys and the key of blind indexes, from the environment or else from ``file``."""
    if not file:
        return keys, blind_index_key
    if keys:
        raise ImproperlyConfigured(
            "KEY_ENCRYPTION_KEYS and KEY_ENCRYPTION_KEYS_FILE are both set. Keep one of them."
        )
    try:
        lines = [line.strip() for line in Path(file).read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeError) as error:
        raise ImproperlyConfigured(
            f"KEY_ENCRYPTION_KEYS_FILE cannot be read: {type(error).__name__}."
        ) from None
    named = [line for line in lines if line and not line.startswith("#")]
    for line in named:
        if line.startswith(f"{BLIND_INDEX}:"):
            blind_index_key = blind_index_key or line.partition(":")[2]
    return [line for line in named if not line.startswith(f"{BLIND_INDEX}:")], blind_index_key
