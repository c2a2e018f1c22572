"""Requests of people about their data, in PostgreSQL."""

from uuid import UUID

from apps.client_cabinet.domain.subject_request import (
    ENDED_BY_ERASURE,
    RequestChannel,
    RequestKind,
    RequestStatus,
    SubjectRequest,
    SubjectRequestNotFound,
)
from apps.client_cabinet.infrastructure import models
from apps.kernel.application.ports import KeyDestroyed


class DjangoSubjectRequests:
    """SubjectRequests over the ORM."""

    def get(self, request_id: UUID) -> SubjectRequest:
        return self._one(request_id, lock=True)

    def find(self, request_id: UUID) -> SubjectRequest:
        return self._one(request_id, lock=False)

    def open_of(self, person_id: UUID) -> list[SubjectRequest]:
        kinds = [kind.value for kind in ENDED_BY_ERASURE]
        rows = models.SubjectRequest.objects.select_for_update(of=("self",)).filter(
            person=person_id, status=RequestStatus.OPEN.value, kind__in=kinds
        )
        return [to_domain(row) for row in rows.order_by("registered_at", "id")]

    def add(self, request: SubjectRequest) -> None:
        if not models.SubjectRequest.objects.filter(pk=request.id).exists():
            row = models.SubjectRequest()
            apply(request, row)
            row.save(force_insert=True)

    def save(self, request: SubjectRequest) -> None:
        row = models.SubjectRequest.objects.select_for_update(of=("self",)).get(pk=request.id)
        apply(request, row)
        row.save()

    def _one(self, request_id: UUID, *, lock: bool) -> SubjectRequest:
        rows = models.SubjectRequest.objects.filter(pk=request_id)
        row = (rows.select_for_update(of=("self",)) if lock else rows).first()
        if row is None:
            raise SubjectRequestNotFound
        return to_domain(row)


def to_domain(row: models.SubjectRequest) -> SubjectRequest:
    return SubjectRequest(
        id=row.id,
        kind=RequestKind(row.kind),
        channel=RequestChannel(row.channel),
        status=RequestStatus(row.status),
        person_id=row.person_id,
        received_on=row.received_on,
        deadline=row.deadline,
        extended=row.extended,
        registered_at=row.registered_at,
        registered_by=row.registered_by_id,
        closed_at=row.closed_at,
        closed_by=row.closed_by_id,
        act_id=row.act_id,
        extension_reason=_opened(row, "extension_reason"),
        text=_opened(row, "text"),
        answer=_opened(row, "answer"),
    )


def apply(request: SubjectRequest, row: models.SubjectRequest) -> None:
    row.id = request.id
    row.kind = request.kind.value
    row.channel = request.channel.value
    row.status = request.status.value
    row.person_id = request.person_id
    row.received_on = request.received_on
    row.deadline = request.deadline
    row.extended = request.extended
    row.extension_reason = request.extension_reason
    row.text = request.text
    row.answer = request.answer
    row.registered_at = request.registered_at
    row.registered_by_id = request.registered_by
    row.closed_at = request.closed_at
    row.closed_by_id = request.closed_by
    row.act_id = request.act_id


def _opened(row: models.SubjectRequest, name: str) -> str:
    """The text, or nothing where the key of an erased person was destroyed with it."""
    try:
        return str(getattr(row, name))
    except KeyDestroyed:
        return ""
