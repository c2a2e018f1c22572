"""Keeps one program running: ``python -m project.supervise PROGRAM [ARGUMENT…]``.

A worker of the queue exits when PostgreSQL goes away, with success even; it is started again, after a pause
that grows while it keeps failing, but stays so short that work goes on within seconds of PostgreSQL's return.
SIGTERM and SIGINT stop the program and the watch.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

SHORTEST_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 5.0
GOOD_RUN = 60.0  # a run this long makes earlier failures forgotten


def pause_after(runs_that_failed: int) -> float:
    """Seconds to wait before the next start: 1, 2, 4, 5."""
    return min(SHORTEST_PAUSE * 2 ** min(runs_that_failed - 1, 10), LONGEST_PAUSE)


class Supervisor:
    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._signals = 0

    def watch(self) -> int:
        """Run the program until told to stop; return 0. Returns 127 when the program cannot be started."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        failures = 0
        while self._signals == 0:
            began = time.monotonic()
            try:
                self._process = subprocess.Popen(self._command)  # noqa: S603 - our own command line
            except OSError as error:
                print(f"cannot start {self._command[0]}: {error}", file=sys.stderr, flush=True)
                return 127
            if self._signals > 0:  # told between the check and the start
                self._process.terminate()
            code = self._process.wait()
            if self._signals > 0:
                break
            failures = 1 if time.monotonic() - began > GOOD_RUN else failures + 1
            pause = pause_after(failures)
            print(f"exited with {code}; starting again in {pause:.0f} s", file=sys.stderr, flush=True)
            self._sleep(pause)
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._signals == 0 and time.monotonic() < until:
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(Supervisor(sys.argv[1:]).watch())
