"""Who acts: passed to every command, so that history and audit can name them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person (``user_id`` with ``role``) or the system itself (``user_id`` is None, role ``system``).

    ``ip`` and ``user_agent`` are evidence for the audit log only.
    """

    user_id: UUID | None
    role: str
    ip: str = ""
    user_agent: str = ""


SYSTEM = Actor(user_id=None, role="system")
