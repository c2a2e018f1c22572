"""The product's WSGI application with its queue of writers taken out, for the races' controls only.

Every writer looks at the calendar, waits a moment, and only then writes: what one process does under load,
made certain. Nothing but the database stands between two of them then.
"""

import time
from typing import Any

from project.wsgi import application  # sets Django up, which the next line needs

# isort: split
from apps.booking.infrastructure.repositories.appointments import PostgresAppointmentRepository

SLOW_MOMENT = 0.05  # seconds

_occupancy = PostgresAppointmentRepository.occupancy


def _occupancy_then_a_moment(self: PostgresAppointmentRepository, **values: Any) -> Any:
    seen = _occupancy(self, **values)
    time.sleep(SLOW_MOMENT)
    return seen


def _no_queue(self: PostgresAppointmentRepository, **values: Any) -> None:
    """Nobody waits for anybody."""


PostgresAppointmentRepository.queue_for_time = _no_queue
PostgresAppointmentRepository.occupancy = _occupancy_then_a_moment

__all__ = ["application"]
