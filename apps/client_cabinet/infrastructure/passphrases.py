"""Passphrases that people write down or paste, and nobody guesses."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base32 of Crockford: no I, L, O and U, which are taken for others."""
GROUPS, LENGTH = 6, 4


def new_passphrase() -> str:
    """Six groups of four characters: 120 bits of chance. The key derivation of encrypted ZIP archives takes
    a thousand rounds only (WinZip AE-2), so it is the passphrase that must be beyond guessing."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
