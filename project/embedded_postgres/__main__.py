"""The command line: see the package's own words."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from project.embedded_postgres import (
    DEFAULT_DATA_DIR,
    EmbeddedPostgresError,
    destroy,
    ensure_running,
    is_running,
    running,
    stop,
    url,
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m project.embedded_postgres")
    parser.add_argument("command", choices=["start", "stop", "status", "url", "destroy", "run"])
    parser.add_argument("--testing", action="store_true", help="the cluster of the tests")
    own, program = _split(sys.argv[1:])
    arguments = parser.parse_args(own)
    data_dir = Path(os.environ.get("DATA_DIR") or DEFAULT_DATA_DIR)
    testing: bool = arguments.testing
    if os.environ.get("DATABASE_URL") and arguments.command in ("start", "url"):
        print(os.environ["DATABASE_URL"])
        return 0
    try:
        match arguments.command:
            case "start":
                ensure_running(data_dir, testing=testing)
                print(url(data_dir, testing=testing))
            case "stop":
                stop(data_dir, testing=testing)
            case "destroy":
                destroy(data_dir, testing=testing)
            case "url":
                print(url(data_dir, testing=testing))
            case "status":
                answers = is_running(data_dir, testing=testing)
                print("running" if answers else "stopped")
                return 0 if answers else 3
            case "run":
                with running(data_dir, testing=testing):
                    return subprocess.run(program, check=False).returncode  # noqa: S603
    except EmbeddedPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and what follows ``--``."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


if __name__ == "__main__":
    sys.exit(main())
