"""A client erases an entry, the diaries or the account: asked for, then confirmed by a code."""

from dataclasses import dataclass
from uuid import UUID

from apps.client_cabinet.application.erase import Erase
from apps.client_cabinet.application.erasure_ports import Codes
from apps.client_cabinet.application.plan_erasure import PlanErasure
from apps.client_cabinet.application.subject_requests import RecordFulfilled
from apps.client_cabinet.domain.erasure import (
    Acts,
    DestructionAct,
    ErasureObstructed,
    ErasureRequest,
    ErasureRequests,
    ErasureStatus,
    Reason,
    Scope,
)
from apps.client_cabinet.domain.subject_request import RequestKind
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class StartErasure:
    plan: PlanErasure
    codes: Codes
    erasures: ErasureRequests
    unit_of_work: UnitOfWork
    clock: Clock
    new_id: NewId

    def __call__(self, *, person_id: UUID, scope: Scope, entry_id: UUID | None) -> ErasureRequest:
        """Note the wish and send a code to the person's own address.

        Raises EntryRequired, NothingToErase, ErasureObstructed, and what sending codes raises
        (NoAddressForCode, TooManyConfirmations).
        """
        at = self.clock.now()
        plan = self.plan(person_id=person_id, scope=scope, entry_id=entry_id, at=at)
        if not plan.is_possible:
            raise ErasureObstructed(obstacles=[each.code for each in plan.obstacles])
        confirmation_id = self.codes.request(person_id=person_id, scope=scope, at=at)
        request = ErasureRequest.start(
            id=self.new_id(),
            person_id=person_id,
            scope=scope,
            entry_id=entry_id,
            confirmation_id=confirmation_id,
            at=at,
        )
        with self.unit_of_work():
            self.erasures.add(request)
        return request


@dataclass(frozen=True)
class ConfirmErasure:
    """One call of the API, which runs in one transaction: of two confirmations at once, the second waits for
    the first and gets the same act."""

    erase: Erase
    codes: Codes
    erasures: ErasureRequests
    acts: Acts
    record_fulfilled: RecordFulfilled
    unit_of_work: UnitOfWork
    clock: Clock

    def __call__(self, *, person_id: UUID, erasure_id: UUID, code: str, actor: Actor) -> DestructionAct:
        """Raises ErasureNotFound, ConfirmationCodeInvalid, ErasureObstructed, NothingToErase,
        PersonAlreadyErased."""
        at = self.clock.now()
        with self.unit_of_work():
            request = self.erasures.get(erasure_id, person_id=person_id)
        if request.status is ErasureStatus.DONE and request.act_id is not None:
            return self.acts.get(request.act_id)
        self.codes.accept(
            confirmation_id=request.confirmation_id,
            person_id=person_id,
            scope=request.scope,
            code=code,
            at=at,
        )
        with self.unit_of_work():
            act = self.erase(
                person_id=person_id,
                scope=request.scope,
                entry_id=request.entry_id,
                reason=Reason.OWN_WISH,
                request_id=None,
                actor=actor,
                at=at,
            )
            request.carry_out(act.number or 0)
            self.erasures.save(request)
            self.record_fulfilled(
                kind=RequestKind.WITHDRAWAL if request.scope is Scope.ACCOUNT else RequestKind.DESTRUCTION,
                person_id=person_id,
                act_id=act.number,
                at=at,
            )
        return act
