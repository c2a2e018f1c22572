"""Erasures, acts and tombstones in PostgreSQL."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from apps.client_cabinet.domain.erasure import (
    Destroyed,
    DestructionAct,
    ErasureNotFound,
    ErasureRequest,
    ErasureStatus,
    Operator,
    Reason,
    Scope,
    StillKept,
    Tombstone,
)
from apps.client_cabinet.infrastructure import models

_ACT_COLUMNS = ("person_id", "entry_id", "request_id", "actor_id", "actor_role", "key_destroyed", "at")


class DjangoErasureRequests:
    """ErasureRequests over the ORM."""

    def add(self, request: ErasureRequest) -> None:
        models.ErasureRequest.objects.create(**_columns(request))

    def get(self, request_id: UUID, *, person_id: UUID) -> ErasureRequest:
        rows = models.ErasureRequest.objects.select_for_update()
        row = rows.filter(pk=request_id, person=person_id).first()
        if row is None:
            raise ErasureNotFound
        return ErasureRequest(
            id=row.id,
            person_id=row.person_id,
            scope=Scope(row.scope),
            entry_id=row.entry_id,
            confirmation_id=row.confirmation_id,
            status=ErasureStatus(row.status),
            requested_at=row.requested_at,
            act_id=row.act_id,
        )

    def save(self, request: ErasureRequest) -> None:
        columns = _columns(request)
        models.ErasureRequest.objects.filter(pk=columns.pop("id")).update(**columns)


class DjangoActs:
    """Acts over the append-only table."""

    def add(self, act: DestructionAct) -> DestructionAct:
        row = models.DestructionAct.objects.create(
            scope=act.scope.value,
            reason=act.reason.value,
            destroyed=[{"section": each.section, "rows": dict(each.rows)} for each in act.destroyed],
            kept=[asdict(each) for each in act.kept],
            operator=asdict(act.operator),
            **{name: getattr(act, name) for name in _ACT_COLUMNS},
        )
        return replace(act, number=row.pk)

    def get(self, number: int) -> DestructionAct:
        row = models.DestructionAct.objects.filter(pk=number).first()
        if row is None:
            raise KeyError(number)
        return act_of(row)


class DjangoTombstones:
    """Tombstones over the append-only table."""

    def add(self, tombstone: Tombstone) -> None:
        values = asdict(tombstone) | {"scope": tombstone.scope.value}
        models.Tombstone.objects.get_or_create(id=values.pop("id"), defaults=values)

    def all(self, *, person_id: UUID | None = None) -> list[Tombstone]:
        rows = models.Tombstone.objects.order_by("erased_at", "id")
        if person_id is not None:
            rows = rows.filter(person_id=person_id)
        return [
            Tombstone(
                id=row.id,
                person_id=row.person_id,
                scope=Scope(row.scope),
                entry_id=row.entry_id,
                erased_at=row.erased_at,
            )
            for row in rows
        ]


def act_of(row: models.DestructionAct) -> DestructionAct:
    return DestructionAct(
        number=row.pk,
        scope=Scope(row.scope),
        reason=Reason(row.reason),
        destroyed=tuple(Destroyed(**each) for each in row.destroyed),
        kept=tuple(StillKept(**each) for each in row.kept),
        operator=Operator(**row.operator),
        **{name: getattr(row, name) for name in _ACT_COLUMNS},
    )


def _columns(request: ErasureRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "person_id": request.person_id,
        "scope": request.scope.value,
        "entry_id": request.entry_id,
        "confirmation_id": request.confirmation_id,
        "status": request.status.value,
        "requested_at": request.requested_at,
        "act_id": request.act_id,
    }
