"""How the mail server misbehaves, switched by the control API."""

from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from typing import Any

KINDS = ("delay", "temporary", "permanent", "close", "lost_answer")
STAGES = ("rcpt", "data")


@dataclass
class MailFault:
    kind: str
    """``delay``: the letter is taken after ``seconds``; ``temporary``: 451; ``permanent``: 550; ``close``:
    the connection is closed before the letter is taken; ``lost_answer``: after it was taken."""
    to: str = "*"
    """The address, or a pattern: ``*@example.org``."""
    times: int | None = 1
    """How many letters it meets; None: until it is lifted."""
    stage: str = "rcpt"
    """Whether a refusal comes after RCPT TO or after DATA."""
    seconds: float = 5.0


class MailFaults:
    def __init__(self) -> None:
        self._planned: list[MailFault] = []

    def add(self, fault: MailFault) -> None:
        self._planned.append(fault)

    def take(self, stage: str, recipients: list[str]) -> MailFault | None:
        """The fault that meets a letter to these at this stage, counted down."""
        for fault in self._planned:
            comes_at = fault.stage if fault.kind in ("temporary", "permanent") else "data"
            if comes_at == stage and any(fnmatch(one.lower(), fault.to.lower()) for one in recipients):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._planned.remove(fault)
                return fault
        return None

    def lift(self) -> None:
        self._planned.clear()

    def planned(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._planned]
