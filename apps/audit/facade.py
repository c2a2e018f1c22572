"""What neighbours may call: write the audit log, and count the readings of a client's private texts."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from apps.audit.infrastructure.models import AuditRecord
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.readings import READING

# The condition is that of the index audit_readings.
_READINGS = f"""
SELECT entity, count(*), max(at)
FROM audit_auditrecord
WHERE action = '{READING}' AND changes -> 'client_id' ->> 1 = %s
GROUP BY entity
ORDER BY entity
"""  # noqa: S608  # a name of our own goes into it

_JSON_VALUES = (str, int, float, bool, type(None))


def record(
    *,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: str,
    at: datetime,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Append one record, in the caller's transaction, with one INSERT.

    ``action`` is a verb in snake case (``appointment_canceled``), ``entity`` the kind of thing, and
    ``changes`` maps a field to its old and new value. Pass P0 data only: no names, no contacts, no texts.
    """
    AuditRecord.objects.create(
        at=at,
        actor_id=actor.user_id,
        role=actor.role,
        action=action,
        entity=entity,
        entity_id=entity_id,
        changes={name: [_plain(old), _plain(new)] for name, (old, new) in (changes or {}).items()},
        ip=_address(actor.ip),
        user_agent=actor.user_agent.replace("\0", "")[:400],
    )


@dataclass(frozen=True, kw_only=True)
class Readings:
    """How often people of the practice read one kind of a client's private texts, and when last."""

    kind: str
    count: int
    last_at: datetime


def readings_of(client_id: UUID) -> list[Readings]:
    """By kind (``intake_form``), for the client to see: not who, nor why. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READINGS, [str(client_id)])
        return [Readings(kind=kind, count=count, last_at=at) for kind, count, at in cursor.fetchall()]


def _plain(value: object) -> Any:
    """The value as JSON; what JSON does not know becomes its text."""
    if isinstance(value, _JSON_VALUES):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    try:
        return DjangoJSONEncoder().default(value)
    except TypeError:
        return str(value)


def _address(ip: str) -> str | None:
    try:
        return str(ipaddress.ip_address(ip.partition("%")[0]))
    except ValueError:
        return None
