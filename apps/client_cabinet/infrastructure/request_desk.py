"""The register of requests about data, as its desk reads it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from apps.client_cabinet.domain.subject_request import SOON, RequestStatus
from apps.client_cabinet.domain.working_calendar import working_days_left
from apps.client_cabinet.infrastructure.models import SubjectRequest
from apps.client_cabinet.infrastructure.working_calendar import is_working_day

LONGEST_PAUSE = timedelta(days=21)
"""More calendar days than SOON working days ever take, the holidays of January included."""


@dataclass(frozen=True, kw_only=True)
class Urgent:
    """How many open requests are overdue, and how many have SOON working days left at most."""

    overdue: int
    soon: int

    @property
    def count(self) -> int:
        return self.overdue + self.soon


def open_requests() -> QuerySet[SubjectRequest, SubjectRequest]:
    return SubjectRequest.objects.filter(status=RequestStatus.OPEN.value)


def urgent(today: date) -> Urgent:
    """What calls for attention on ``today``. One statement."""
    rows = open_requests().filter(Q(deadline__lte=today + LONGEST_PAUSE))
    left = [days_left(today, deadline) for deadline in rows.values_list("deadline", flat=True)]
    return Urgent(overdue=sum(each < 0 for each in left), soon=sum(0 <= each <= SOON for each in left))


def days_left(today: date, deadline: date) -> int:
    """Working days until the deadline; 0 on its day, negative when it is over."""
    return working_days_left(today, deadline, is_working=is_working_day)
