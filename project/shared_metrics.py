"""Several web workers on one machine add up what they count through files."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "emotional-balance-metrics-"


def share_between_workers() -> None:
    """Name the directory of those files, before ``prometheus_client`` is imported, where it is needed.

    It belongs to the process that started the workers; what ended ones have left is deleted. Nothing is done
    with one worker, or when ``PROMETHEUS_MULTIPROC_DIR`` is set.
    """
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR") or int(os.environ.get("WEB_WORKERS") or 1) <= 1:
        return
    directory = Path(tempfile.gettempdir()) / f"{PREFIX}{os.getuid()}-{os.getppid()}"
    for old in directory.parent.glob(f"{PREFIX}{os.getuid()}-*"):
        if not _lives(int(old.name.rpartition("-")[2])):
            shutil.rmtree(old, ignore_errors=True)
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    if directory.is_symlink() or directory.stat().st_uid != os.getuid():
        return  # somebody else's: each worker counts for itself
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
