"""Faults of the payment API, switched by the control API."""

import asyncio
import random
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from typing import Any

CALLS = (
    "payments.create", "payments.get", "payments.list", "payments.capture", "payments.cancel",
    "refunds.create", "refunds.get", "refunds.list", "receipts.create", "receipts.get", "receipts.list",
)  # fmt: skip
# What happens, and whether the call is carried out before it does, unless said otherwise.
KINDS = {
    "timeout": True,
    "slow": True,
    "500": False,
    "429": False,
    "202": False,
    "html": False,
    "garbage": True,
    "closed": True,
}


@dataclass
class Fault:
    call: str
    """A name of CALLS, or a pattern of them: ``payments.*``, ``*``."""
    kind: str
    times: int | None = 1
    """How many calls it meets; None: until it is lifted."""
    accepted: bool = True
    """Whether the call is carried out before it fails."""
    seconds: float = 120.0
    """How long ``timeout`` and ``slow`` last."""
    chance: float = 1.0
    """The probability with which a call is met."""


class Faults:
    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._lifted = asyncio.Event()

    def add(self, fault: Fault) -> None:
        self._planned.append(fault)

    def take(self, call: str) -> Fault | None:
        """The fault that meets this call, counted down."""
        for fault in self._planned:
            if fnmatch(call, fault.call) and random.random() < fault.chance:  # noqa: S311 - no secret
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._planned.remove(fault)
                return fault
        return None

    def lift(self) -> None:
        """No faults any more; calls that were kept waiting are let go."""
        self._planned.clear()
        self._lifted.set()
        self._lifted = asyncio.Event()

    async def hold(self, seconds: float) -> None:
        """Wait so long, or until the faults are lifted."""
        try:
            await asyncio.wait_for(self._lifted.wait(), seconds)
        except TimeoutError:
            return

    def planned(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._planned]
