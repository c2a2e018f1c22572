"""Requests of people about their data: entering them, and what the practice does about them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from apps.client_cabinet.application.erase import Erase
from apps.client_cabinet.application.erasure_ports import AuditLog, People
from apps.client_cabinet.domain.erasure import DestructionAct, Reason, Scope
from apps.client_cabinet.domain.subject_request import (
    RequestChannel,
    RequestKind,
    SubjectRequest,
    SubjectRequests,
)
from apps.client_cabinet.domain.working_calendar import IsWorking
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId

DATA_RESTS_ON = frozenset({"personal_data", "health_data"})
"""The consents whose withdrawal makes data go; the others only stop something from being done."""

type LocalDay = Callable[[datetime], date]
"""The day of an instant by the practice's clock."""


@dataclass(frozen=True)
class _Desk:
    requests: SubjectRequests
    audit: AuditLog
    unit_of_work: UnitOfWork
    clock: Clock
    is_working: IsWorking
    local_day: LocalDay

    def _note(self, request: SubjectRequest, action: str, actor: Actor, at: datetime) -> None:
        self.audit.record(
            actor=actor,
            action=action,
            entity="subjectrequest",
            entity_id=str(request.id),
            at=at,
            changes={"kind": (None, request.kind.value), "deadline": (None, request.deadline)},
        )


@dataclass(frozen=True)
class RegisterRequest(_Desk):
    new_id: NewId

    def __call__(
        self,
        *,
        kind: RequestKind,
        channel: RequestChannel,
        person_id: UUID | None,
        received_on: date,
        text: str,
        actor: Actor,
        id: UUID | None = None,
    ) -> SubjectRequest:
        """Enter a request that came to the practice. Raises ReceivedInFuture, ReasonRequired."""
        at = self.clock.now()
        request = SubjectRequest.receive(
            id=id or self.new_id(),
            kind=kind,
            channel=channel,
            person_id=person_id,
            received_on=received_on,
            text=text,
            at=at,
            today=self.local_day(at),
            by=actor.user_id,
            is_working=self.is_working,
        )
        with self.unit_of_work():
            self.requests.add(request)
            self._note(request, "subject_request_registered", actor, at)
        return request


@dataclass(frozen=True)
class AnswerRequest(_Desk):
    def __call__(self, *, request_id: UUID, text: str, refused: bool, actor: Actor) -> None:
        """Close a request with what the person was told, or with the reason of a refusal.
        Raises SubjectRequestNotFound, SubjectRequestClosed, ReasonRequired."""
        at = self.clock.now()
        with self.unit_of_work():
            request = self.requests.get(request_id)
            if refused:
                request.refuse(reason=text, by=actor.user_id, at=at)
            else:
                request.give_answer(answer=text, by=actor.user_id, at=at)
            self.requests.save(request)
            self._note(request, f"subject_request_{request.status.value}", actor, at)


@dataclass(frozen=True)
class ExtendRequest(_Desk):
    def __call__(self, *, request_id: UUID, reason: str, actor: Actor) -> date:
        """Prolong the term; the person is to be told why. Returns the new deadline.
        Raises SubjectRequestNotFound, and what SubjectRequest.extend raises."""
        at = self.clock.now()
        with self.unit_of_work():
            request = self.requests.get(request_id)
            request.extend(reason=reason, today=self.local_day(at), is_working=self.is_working)
            self.requests.save(request)
            self._note(request, "subject_request_extended", actor, at)
        return request.deadline


@dataclass(frozen=True)
class FulfilByErasure(_Desk):
    erase: Erase

    def __call__(self, *, request_id: UUID, actor: Actor) -> DestructionAct:
        """Erase the client's account because they asked for it in writing.
        Raises SubjectRequestNotFound, SubjectRequestClosed, NotEndedByErasure, ErasureNeedsPerson, and what
        Erase raises."""
        at = self.clock.now()
        with self.unit_of_work():
            person_id = self.requests.find(request_id).person_to_erase()
            act = self.erase(  # locks the account first, as an erasure by the client does
                person_id=person_id,
                scope=Scope.ACCOUNT,
                entry_id=None,
                reason=Reason.REQUEST,
                request_id=request_id,
                actor=actor,
                at=at,
            )
            for each in self.requests.open_of(person_id):
                each.fulfil_by_erasure(act_id=act.number or 0, by=actor.user_id, at=at)
                self.requests.save(each)
                self._note(each, "subject_request_erased", actor, at)
        return act


@dataclass(frozen=True)
class EnterWithdrawal(_Desk):
    """Somebody withdrew a consent in the cabinet: what rested on nothing else has to be destroyed in thirty
    days (152-FZ, art. 21(5)), and the practice has to look at it."""

    people: People

    def __call__(self, *, id: UUID, person_id: UUID, purpose: str, at: datetime) -> None:
        """``id`` is that of the event: it may be heard twice. An erasure, which withdraws everything, leaves
        nothing to be done."""
        if purpose not in DATA_RESTS_ON:
            return
        with self.unit_of_work():
            standing = self.people.lock(person_id)
            if standing is None or standing.is_erased:
                return
            received_on = self.local_day(at)
            self.requests.add(
                SubjectRequest.receive(
                    id=id,
                    kind=RequestKind.WITHDRAWAL,
                    channel=RequestChannel.API,
                    person_id=person_id,
                    received_on=received_on,
                    text=purpose,
                    at=at,
                    today=received_on,
                    by=person_id,
                    is_working=self.is_working,
                )
            )


@dataclass(frozen=True)
class EnterAccess:
    """An archive that a person asked for is ready: a request for information, fulfilled at once."""

    people: People
    record_fulfilled: "RecordFulfilled"
    unit_of_work: UnitOfWork

    def __call__(self, *, id: UUID, person_id: UUID, at: datetime) -> None:
        """``id`` is that of the event: it may be heard twice."""
        with self.unit_of_work():
            standing = self.people.lock(person_id)
            if standing is not None and not standing.is_erased:
                self.record_fulfilled(kind=RequestKind.ACCESS, person_id=person_id, act_id=None, at=at, id=id)


@dataclass(frozen=True)
class RecordFulfilled:
    """What people do for themselves through the API is a request, too: recorded as fulfilled at once. Joins
    the caller's transaction; the erasure or the archive itself is in the activity log."""

    requests: SubjectRequests
    is_working: IsWorking
    local_day: LocalDay
    new_id: NewId

    def __call__(
        self,
        *,
        kind: RequestKind,
        person_id: UUID,
        act_id: int | None,
        at: datetime,
        id: UUID | None = None,
    ) -> None:
        today = self.local_day(at)
        request = SubjectRequest.receive(
            id=id or self.new_id(),
            kind=kind,
            channel=RequestChannel.API,
            person_id=person_id,
            received_on=today,
            text="",
            at=at,
            today=today,
            by=person_id,
            is_working=self.is_working,
        )
        if act_id is None:
            request.answer_by_itself(at=at)
        else:
            request.fulfil_by_erasure(act_id=act_id, by=person_id, at=at)
            if kind is RequestKind.WITHDRAWAL:
                for each in self.requests.open_of(person_id):
                    each.fulfil_by_erasure(act_id=act_id, by=person_id, at=at)
                    self.requests.save(each)
        self.requests.add(request)
