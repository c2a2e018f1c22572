"""Cabinets of a few clients of the demo: diaries with one shared entry, favourites, materials of sessions."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from apps.booking import models as booking
from apps.client_cabinet import wiring
from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.domain.favourite import FavouriteKind
from apps.identity import facade as identity
from apps.identity import models as people
from apps.kernel.domain.actor import Actor
from apps.kernel.infrastructure.event_bus import InMemoryEventBus, Subscriptions
from project.demo.clock import DemoClock
from project.demo.practice import FIXTURES, Practice

HEALTH_DATA = "health_data"
DIARISTS = 3


def fill_cabinets(practice: Practice, *, now: datetime, random: Random) -> None:
    """By the clock of the demo; nobody gets a letter about it."""
    data = json.loads((FIXTURES / "demo" / "cabinet.json").read_text(encoding="utf-8"))
    clock = DemoClock(now)
    known = {each.pk: each for each in practice.clients}
    ahead = booking.Appointment.objects.filter(status="confirmed", start__gt=now, client__in=known)
    sessions = {each.client_id: each for each in ahead.order_by("-start")}
    chosen = sorted(sessions.values(), key=lambda each: each.start)[:DIARISTS]
    for number, session in enumerate(chosen):
        _keep_a_diary(known[session.client_id], session, data["diary"][number:], clock, now, random)
        for each in data["favourites"][: 3 - number]:
            replace(wiring.add_favourite, clock=clock)(
                client_id=session.client_id,
                kind=FavouriteKind(each["kind"]),
                reference=each["reference"],
            )
    held = booking.Appointment.objects.filter(status="completed", client__in=known).order_by("-start")
    for session, material in zip(held[: len(data["materials"])], data["materials"], strict=False):
        _write_material(session, material, practice.owner, clock, now)


def _keep_a_diary(
    client: people.User,
    session: booking.Appointment,
    entries: list[dict[str, Any]],
    clock: DemoClock,
    now: datetime,
    random: Random,
) -> None:
    begun = now - timedelta(days=len(entries) + 1)
    document = identity.document_in_force(purpose=HEALTH_DATA, at=begun)
    identity.grant_consents(
        user_id=client.pk,
        grants=[(HEALTH_DATA, document.version)],
        channel="web",
        evidence={"ip": "192.0.2.10", "user_agent": "Demo"},
        at=begun,
    )
    write = replace(wiring.write_entry, clock=clock)
    for number, each in enumerate(entries):
        clock.instant = begun + timedelta(days=number + 1, minutes=-random.randint(5, 300))
        entry = write(
            author_id=client.pk,
            type=DiaryType(each["type"]),
            happened_at=None,
            time_zone=client.time_zone,
            payload=each["payload"],
        )
    clock.instant = now - timedelta(hours=3)
    replace(wiring.share_entry, clock=clock)(
        entry_id=entry.id,
        appointment_id=session.pk,
        actor=Actor(user_id=client.pk, role=client.role),
    )


def _write_material(
    session: booking.Appointment, material: dict[str, Any], owner: Actor, clock: DemoClock, now: datetime
) -> None:
    clocked: dict[str, Any] = {"clock": clock, "events": InMemoryEventBus(Subscriptions())}
    clock.instant = min(session.end + timedelta(hours=2), now - timedelta(minutes=50))
    material_id = replace(wiring.draft_material, **clocked)(
        client_id=session.client_id,
        appointment_id=session.pk,
        title=material["title"],
        text=material["text"],
        actor=owner,
    )
    if material["state"] == "draft":
        return
    clock.instant += timedelta(minutes=20)
    replace(wiring.approve_material, **clocked)(material_id=material_id, expected_version=1, actor=owner)
    if material["read"]:
        clock.instant += timedelta(minutes=20)
        replace(wiring.read_material, clock=clock)(material_id=material_id, client_id=session.client_id)
    if material["state"] == "withdrawn":
        clock.instant += timedelta(minutes=5)
        replace(wiring.withdraw_material, **clocked)(
            material_id=material_id, expected_version=None, actor=owner
        )
