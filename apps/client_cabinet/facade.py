"""What neighbours may call: plain data in, plain frozen data out."""

from uuid import UUID

from apps.client_cabinet import wiring
from apps.client_cabinet.application.erasure_ports import TombstonesUnreadable

__all__ = ["TombstonesUnreadable", "replay_tombstones", "unanswered_tombstones"]


def unanswered_tombstones() -> list[UUID]:
    """The tombstones of the file outside that the database gives the lie to: it was restored from a backup
    that does not know of these erasures. Where the file holds none, the database is not asked.

    Raises TombstonesUnreadable.
    """
    return [each.id for each in wiring.unanswered_tombstones()]


def replay_tombstones() -> list[int]:
    """Erase again what a restore has brought back; return the numbers of the acts of destruction.

    Raises TombstonesUnreadable.
    """
    return [act.number for act in wiring.replay_tombstones() if act.number is not None]
