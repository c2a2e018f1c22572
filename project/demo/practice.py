"""The lasting part of the demo practice: people, documents, services and working hours."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.booking import models as booking
from apps.identity import facade as identity
from apps.identity import models as people
from apps.identity.infrastructure.authenticators import AllauthAuthenticators
from apps.kernel.domain.actor import SYSTEM, Actor

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
PLAIN_SERVICE_FIELDS = {field.name for field in booking.Service._meta.concrete_fields} - {"intake_template"}
SATURDAY = 5
WEEKEND_HOURS = {"start_minute": 11 * 60, "end_minute": 19 * 60}  # so that the demo's today is never empty


@dataclass(frozen=True, kw_only=True)
class Practice:
    """What the appointments of the demo are made of."""

    data: dict[str, Any]
    owner: Actor
    specialist: booking.Specialist
    services: list[booking.Service]
    clients: list[people.User]


def read_fixture() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FIXTURES / "demo" / "practice.json").read_text(encoding="utf-8"))
    return data


def is_loaded() -> bool:
    return people.User.objects.filter(email=read_fixture()["staff"][0]["email"]).exists()


def build_practice(*, now: datetime, random: Random) -> Practice:
    data = read_fixture()
    owner, *_ = [_employed(person, data["password"]) for person in data["staff"]]
    publish_consent_documents(now=now)
    specialist = booking.Specialist.objects.create(user_id=owner.pk, **data["specialist"])
    _set_hours(specialist, data, today=now.astimezone(ZoneInfo(specialist.time_zone)).date())
    templates = {
        each["name"]: booking.IntakeTemplate.objects.create(**each) for each in data["intake_templates"]
    }
    services = [
        booking.Service.objects.create(
            specialist=specialist,
            status="published",
            intake_template=templates.get(each.get("intake_template", "")),
            **{name: value for name, value in each.items() if name in PLAIN_SERVICE_FIELDS},
        )
        for each in data["services"]
    ]
    clients = [
        people.User.objects.create_user(
            f"client{number:02d}@example.org",
            phone=f"+790000000{number:02d}",
            display_name=name,
            time_zone=random.choice(data["time_zones"]),
            created_at=now - timedelta(days=random.randint(70, 400)),
        )
        for number, name in enumerate(data["clients"], start=1)
    ]
    return Practice(
        data=data,
        owner=Actor(user_id=UUID(str(owner.pk)), role=owner.role),
        specialist=specialist,
        services=services,
        clients=clients,
    )


def _employed(person: dict[str, str], password: str) -> people.User:
    """Somebody of the staff, with an authenticator whose codes the sandbox shows."""
    user = people.User.objects.create_user(
        person["email"], password, role=person["role"], display_name=person["name"]
    )
    phone = AllauthAuthenticators()
    phone.set_totp(user_id=user.pk, secret=person["totp_secret"], name="Песочница")
    phone.new_recovery_codes(user.pk)
    return user


def publish_consent_documents(*, now: datetime) -> None:
    """The texts of fixtures/consents, in force since before the first client."""
    for document in json.loads((FIXTURES / "consents" / "documents.json").read_text(encoding="utf-8")):
        text = (FIXTURES / "consents" / document["file"]).read_text(encoding="utf-8")
        identity.publish_consent_document(
            purpose=document["purpose"],
            version=document["version"],
            title=document["title"],
            text=text,
            legal=document["legal"],
            effective_from=now - timedelta(days=450),
            actor=SYSTEM,
            at=now,
        )


def _set_hours(specialist: booking.Specialist, data: dict[str, Any], *, today: date) -> None:
    this_monday = today - timedelta(days=today.weekday())
    for each in data["weekly_hours"]:
        every_weeks = each.get("every_weeks", 1)
        booking.WeeklyHours.objects.create(
            specialist=specialist,
            weekday=each["weekday"],
            start_minute=_minute(each["from"]),
            end_minute=_minute(each["to"]),
            every_weeks=every_weeks,
            anchor=this_monday if every_weeks > 1 else None,
        )
    if today.weekday() >= SATURDAY:
        booking.DateOverride.objects.create(
            specialist=specialist, date=today, kind="extra_hours", note="Приём в выходной", **WEEKEND_HOURS
        )
    for each in data["overrides"]:
        booking.DateOverride.objects.create(
            specialist=specialist,
            date=_weekday_on_or_after(today + timedelta(days=each["in_days"])),
            kind=each["kind"],
            start_minute=_minute(each["from"]) if "from" in each else None,
            end_minute=_minute(each["to"]) if "to" in each else None,
            note=each["note"],
        )


def _weekday_on_or_after(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
