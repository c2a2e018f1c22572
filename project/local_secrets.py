"""Secrets of a development machine: made once, kept in files that only their owner reads."""

import os
from collections.abc import Callable
from pathlib import Path


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
