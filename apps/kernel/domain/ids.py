"""Where identities come from: an argument, never a global."""

from collections.abc import Callable
from uuid import UUID

type NewId = Callable[[], UUID]
"""Returns a fresh random id; tests pass a counted one."""
