"""What people ask the operator of their personal data for, and until when the law lets it answer (152-FZ)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

from apps.client_cabinet.domain.working_calendar import IsWorking, calendar_days_after, working_days_after
from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, gettext_noop

TEXT_MAX_LENGTH = 4000
SOON = 2
"""Working days before the deadline from which on a request calls for attention."""


class RequestKind(StrEnum):
    ACCESS = "access"
    RECTIFICATION = "rectification"
    STOP = "stop"
    DESTRUCTION = "destruction"
    WITHDRAWAL = "withdrawal"


class RequestStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"
    ERASED = "erased"


class RequestChannel(StrEnum):
    API = "api"
    LETTER = "letter"
    EMAIL = "email"
    IN_PERSON = "in_person"


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long the operator has. ``working`` days or calendar days; ``extension`` is by how many working days
    a reasoned notice may prolong it, 0 where the law knows none; ``law`` names the articles of 152-FZ."""

    days: int
    working: bool
    extension: int
    law: str


TERMS: dict[RequestKind, Term] = {
    # Art. 14(3) and 20(1): the information is given within ten working days; a reasoned notice adds five.
    RequestKind.ACCESS: Term(days=10, working=True, extension=5, law="14(3), 20(1)"),
    # Art. 20(3) and 21(2): incomplete or inaccurate data are put right within seven working days.
    RequestKind.RECTIFICATION: Term(days=7, working=True, extension=0, law="20(3), 21(2)"),
    # Art. 21(5.1): processing stops within ten working days; a reasoned notice adds five.
    RequestKind.STOP: Term(days=10, working=True, extension=5, law="21(5.1)"),
    # Art. 20(3): data got unlawfully, or not needed for the declared purpose, go within seven working days.
    RequestKind.DESTRUCTION: Term(days=7, working=True, extension=0, law="20(3)"),
    # Art. 21(5): after a consent is withdrawn, the data are destroyed within thirty days.
    RequestKind.WITHDRAWAL: Term(days=30, working=False, extension=0, law="21(5)"),
}
ENDED_BY_ERASURE = frozenset({RequestKind.STOP, RequestKind.DESTRUCTION, RequestKind.WITHDRAWAL})
"""What an erasure of the account fulfils."""


class SubjectRequestNotFound(NotFound):
    code = "subject_request_not_found"
    message = gettext_noop("There is no such request.")


class SubjectRequestClosed(DomainError):
    code = "subject_request_closed"
    message = gettext_noop("This request has been dealt with already.")


class ExtensionNotAllowed(DomainError):
    code = "extension_not_allowed"
    message = gettext_noop("The law does not let this term be extended, or it has been extended already.")


class TermIsOver(DomainError):
    code = "term_is_over"
    message = gettext_noop("The term is over. It could be extended only before its last day ended.")


class ReasonRequired(DomainError):
    code = "reason_required"
    message = gettext_noop("Say why, in at most %(limit)s characters.")


class ReceivedInFuture(DomainError):
    code = "received_in_future"
    message = gettext_noop("The day of receipt has not come yet.")


class ErasureNeedsPerson(DomainError):
    code = "erasure_needs_person"
    message = gettext_noop("This request does not name a client of the practice, so nobody can be erased.")


class NotEndedByErasure(DomainError):
    code = "not_ended_by_erasure"
    message = gettext_noop("This request does not ask for an erasure. Answer it instead.")


def deadline_of(kind: RequestKind, received_on: date, *, extended: bool, is_working: IsWorking) -> date:
    """The last day for an answer, a working day. An extension is counted from the end of the first term."""
    term = TERMS[kind]
    count = working_days_after if term.working else calendar_days_after
    deadline = count(received_on, term.days, is_working=is_working)
    if extended and term.extension:
        deadline = working_days_after(deadline, term.extension, is_working=is_working)
    return deadline


@dataclass(kw_only=True, eq=False)
class SubjectRequest(Aggregate):
    """One request of a person about their data. ``text`` (what they wrote) and ``answer`` (what they were
    told, or why not) are P1/P2 and kept as ciphertext. ``person_id`` is None while nobody knows which client
    it is, if any; ``act_id`` names the act of destruction that fulfilled it."""

    id: UUID
    kind: RequestKind
    channel: RequestChannel
    status: RequestStatus
    person_id: UUID | None
    received_on: date
    deadline: date
    extended: bool
    extension_reason: str
    text: str
    answer: str
    registered_at: datetime
    registered_by: UUID | None
    closed_at: datetime | None
    closed_by: UUID | None
    act_id: int | None

    @classmethod
    def receive(
        cls,
        *,
        id: UUID,
        kind: RequestKind,
        channel: RequestChannel,
        person_id: UUID | None,
        received_on: date,
        text: str,
        at: datetime,
        today: date,
        by: UUID | None,
        is_working: IsWorking,
    ) -> Self:
        """A request that came in on ``received_on``. Raises ReceivedInFuture, ReasonRequired (too long)."""
        if received_on > today:
            raise ReceivedInFuture(field="received_on")
        if len(text) > TEXT_MAX_LENGTH:
            raise ReasonRequired(field="text", limit=TEXT_MAX_LENGTH)
        return cls(
            id=id,
            kind=kind,
            channel=channel,
            status=RequestStatus.OPEN,
            person_id=person_id,
            received_on=received_on,
            deadline=deadline_of(kind, received_on, extended=False, is_working=is_working),
            extended=False,
            extension_reason="",
            text=text.strip(),
            answer="",
            registered_at=at,
            registered_by=by,
            closed_at=None,
            closed_by=None,
            act_id=None,
        )

    @property
    def may_be_extended(self) -> bool:
        return self.status is RequestStatus.OPEN and not self.extended and TERMS[self.kind].extension > 0

    def extend(self, *, reason: str, today: date, is_working: IsWorking) -> None:
        """Prolong the term by a reasoned notice to the person.
        Raises SubjectRequestClosed, ExtensionNotAllowed, TermIsOver, ReasonRequired."""
        self._must_be_open()
        if not self.may_be_extended:
            raise ExtensionNotAllowed
        if today > self.deadline:
            raise TermIsOver
        self.extension_reason = _reason(reason)
        self.extended = True
        self.deadline = deadline_of(self.kind, self.received_on, extended=True, is_working=is_working)

    def give_answer(self, *, answer: str, by: UUID | None, at: datetime) -> None:
        """Raises SubjectRequestClosed, ReasonRequired."""
        self._close(RequestStatus.ANSWERED, by=by, at=at, answer=_reason(answer))

    def answer_by_itself(self, *, at: datetime) -> None:
        """The API has given the person what they asked for. Raises SubjectRequestClosed."""
        self._close(RequestStatus.ANSWERED, by=self.person_id, at=at, answer="")

    def refuse(self, *, reason: str, by: UUID | None, at: datetime) -> None:
        """A refusal is reasoned, with the rule it rests on (art. 20(2)).
        Raises SubjectRequestClosed, ReasonRequired."""
        self._close(RequestStatus.REFUSED, by=by, at=at, answer=_reason(reason))

    def person_to_erase(self) -> UUID:
        """Whom an erasure would fulfil this request for.
        Raises SubjectRequestClosed, NotEndedByErasure, ErasureNeedsPerson."""
        self._must_be_open()
        if self.kind not in ENDED_BY_ERASURE:
            raise NotEndedByErasure
        if self.person_id is None:
            raise ErasureNeedsPerson
        return self.person_id

    def fulfil_by_erasure(self, *, act_id: int, by: UUID | None, at: datetime) -> None:
        """The erased person's own words go, too; what remains is that they asked and what was done.
        Raises SubjectRequestClosed."""
        self._close(RequestStatus.ERASED, by=by, at=at, answer="")
        self.act_id, self.text, self.extension_reason = act_id, "", ""

    def _close(self, status: RequestStatus, *, by: UUID | None, at: datetime, answer: str) -> None:
        self._must_be_open()
        self.status, self.answer, self.closed_by, self.closed_at = status, answer, by, at

    def _must_be_open(self) -> None:
        if self.status is not RequestStatus.OPEN:
            raise SubjectRequestClosed


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason or len(reason) > TEXT_MAX_LENGTH:
        raise ReasonRequired(field="text", limit=TEXT_MAX_LENGTH)
    return reason


class SubjectRequests(Protocol):
    def get(self, request_id: UUID) -> SubjectRequest:
        """Locked until the end of the transaction. Raises SubjectRequestNotFound."""
        ...

    def find(self, request_id: UUID) -> SubjectRequest:
        """To look at only: not locked. Raises SubjectRequestNotFound."""
        ...

    def open_of(self, person_id: UUID) -> list[SubjectRequest]:
        """The person's open ones that an erasure fulfils, locked, oldest first."""
        ...

    def add(self, request: SubjectRequest) -> None:
        """Adding one whose id is there already changes nothing."""
        ...

    def save(self, request: SubjectRequest) -> None: ...
