"""Secrets of a development machine: made once, kept in files that only their owner reads."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

import pyrage

_BACKUP_KEY = "backup_key"


def kept_secret(data_dir: Path, name: str, make: Callable[[], str]) -> str:
    """The secret ``name`` under ``data_dir/secrets``; made at the first call, whichever process is first."""
    path = data_dir / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{name}.{os.getpid()}")
        draft.write_text(make())
        draft.chmod(0o600)
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was quicker: its secret counts
            pass
        finally:
            draft.unlink()
    return path.read_text()


def public_backup_key(data_dir: Path) -> str:
    """The public key that backups of this machine are made for; its pair is made at the first call."""
    private = kept_secret(data_dir, _BACKUP_KEY, lambda: str(pyrage.x25519.Identity.generate()))
    return str(pyrage.x25519.Identity.from_str(private).to_public())


def backup_key_file(data_dir: Path) -> Path:
    """Where the private key of this machine's backups is."""
    return data_dir / "secrets" / _BACKUP_KEY


def random_key() -> str:
    """32 random bytes in URL-safe base64."""
    return urlsafe_b64encode(os.urandom(32)).decode("ascii")
