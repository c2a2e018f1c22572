"""Three months of the demo practice's appointments, each lived through the real use cases."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.booking import models as booking
from apps.booking import wiring
from apps.booking.application.ports import HEALTH_DATA, PERSONAL_DATA, GivenConsents
from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Origin
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.service import MeetingFormat
from apps.booking.domain.slots import SlotTaken, SlotUnavailable
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow
from apps.identity import facade as identity
from apps.identity import models as people
from apps.kernel.domain.actor import Actor
from apps.kernel.infrastructure.event_bus import InMemoryEventBus, subscriptions
from project.demo.clock import DemoClock
from project.demo.letters import DemoLetters
from project.demo.payments import DemoPayments
from project.demo.practice import Practice

PAST_DAYS, AHEAD_DAYS = 70, 28
CONSENT_VERSION = "1.0"
REASONS = [ReasonCategory.HEALTH, ReasonCategory.SCHEDULE, ReasonCategory.CHANGED_MIND, ReasonCategory.NONE]


@dataclass(frozen=True, kw_only=True)
class Booked:
    """One booking of the demo: who, when, and how it was left by the booking itself."""

    view: AppointmentView
    client: Actor
    service: booking.Service
    at: datetime


class DemoAppointments:
    """Fills the calendar; ``random`` decides, so that one seed gives one practice."""

    def __init__(self, practice: Practice, *, now: datetime, random: Random) -> None:
        self._practice, self._now, self._random = practice, now, random
        self._clock = DemoClock(now)
        self._held: list[Booked] = []
        self._letters = DemoLetters(self._clock)
        self._payments = DemoPayments(self._clock, now=now)
        others = [*self._letters.subscriptions(), *self._payments.subscriptions()]
        events = InMemoryEventBus(subscriptions.with_others(others))
        self._payments.connect(events)
        clocked: dict[str, Any] = {"clock": self._clock, "events": events}
        self._clocked = clocked
        self._release = replace(wiring.book_appointment.claim.release, events=events)
        claim = replace(wiring.book_appointment.claim, release=self._release)
        self._book = replace(wiring.book_appointment, **clocked, claim=claim)
        self._reschedule = replace(wiring.reschedule_appointment, claim=claim)
        self._find = replace(wiring.find_slots, clock=self._clock)
        self._join_waitlist = replace(wiring.join_waitlist, **clocked)
        intake = replace(wiring.open_intake, clock=self._clock)
        self._fill_intake = replace(wiring.fill_intake, clock=self._clock, intake=intake)
        self._submit_intake = replace(wiring.submit_intake, **clocked, intake=intake)

    def fill(self) -> Iterator[int]:
        """Book day after day; yields the number of appointments so far after each day."""
        today = self._now.astimezone(ZoneInfo(self._practice.specialist.time_zone)).date()
        self._ensure_consents()
        count = 0
        for offset in range(-PAST_DAYS, AHEAD_DAYS + 1):
            count += self._fill_day(today + timedelta(days=offset), offset)
            yield count
        # Only now: a completed session no longer keeps its time from others.
        for booked in sorted(self._held, key=lambda each: each.view.end):
            self._record_outcome(booked)
        self._fill_waitlist()
        count += self._leave_things_open(today)
        self._free_times_that_people_wait_for()
        self._at(self._now)
        self._letters.send_what_is_due()
        yield count

    def _ensure_consents(self) -> None:
        for client in self._practice.clients:
            identity.grant_consents(
                user_id=client.pk,
                grants=[(PERSONAL_DATA, CONSENT_VERSION)],
                channel="web",
                evidence={"ip": "192.0.2.10", "user_agent": "Demo"},
                at=client.created_at,
            )

    def _fill_day(self, day: date, offset: int) -> int:
        wanted = self._random.choice([3, 4, 5, 5, 6] if offset <= 3 else [1, 2, 3, 4])
        done = 0
        for _ in range(wanted):
            booked = self._book_on(day)
            if booked is not None:
                self._live_through(booked)
                done += 1
        return done

    def _book_on(self, day: date, *, slug: str | None = None, at: datetime | None = None) -> Booked | None:
        """Book a free time of the day some days before it; None when nothing is free."""
        service = self._service(slug)
        if at is None:
            lead = timedelta(days=self._random.uniform(1.6, 12))
            at = datetime(day.year, day.month, day.day, tzinfo=UTC) - lead
            latest = self._now - timedelta(hours=1)
            if at > latest:
                at = latest - timedelta(hours=self._random.uniform(0, 150))
        self._clock.instant = at
        starts = self._find(
            service_slug=service.slug, first=day, last=day, time_zone="Europe/Moscow", meeting_format=None
        ).starts
        if not starts:
            return None
        client = self._random.choice(self._practice.clients)
        try:
            view = self._book(
                actor=_client(client),
                client_id=client.pk,
                service_slug=service.slug,
                start=datetime.fromtimestamp(self._random.choice(starts), UTC),
                meeting_format=self._format(service),
                time_zone=client.time_zone,
                given=GivenConsents(evidence={}),
                origin=Origin(
                    entry_point=self._random.choice(self._practice.data["entry_points"]),
                    topic=self._random.choice(self._practice.data["topics"]),
                ),
            )
        except (SlotTaken, SlotUnavailable):
            return None
        return Booked(view=view, client=_client(client), service=service, at=at)

    def _live_through(self, booked: Booked) -> None:
        """Answer, pay, fill in the form; then move, cancel or hold the session, if its time has come."""
        if booked.view.status is AppointmentStatus.REQUESTED:
            self._at(min(booked.at + timedelta(hours=2), self._now - timedelta(minutes=40)))
            if self._random.random() < 0.12:
                self._do(wiring.decline_request, booked.view.id, self._practice.owner)
                return
            booked = replace(
                booked, view=self._do(wiring.accept_request, booked.view.id, self._practice.owner)
            )
        if booked.view.status is AppointmentStatus.PENDING_PAYMENT:
            if self._random.random() < 0.03:
                late = self._payments.start_and_pay_late(
                    booked.view, booked.client, lambda: self._expire(booked)
                )
                if not late:
                    self._expire(booked)
                    return
            else:
                self._pay(booked)
        self._answer_intake(booked)
        chance = self._random.random()
        if chance < 0.06:
            booked = self._move(booked)
        elif chance < 0.17:
            self._cancel(booked, by=CanceledBy.CLIENT if chance < 0.14 else CanceledBy.SPECIALIST)
            return
        self._held.append(booked)

    def _pay(self, booked: Booked) -> None:
        whole = self._random.random() < 0.6
        self._at(self._clock.instant + timedelta(minutes=self._random.randint(2, 15)))
        method = self._random.choice([PaymentMethod.TRANSFER, PaymentMethod.CARD])
        if self._payments.takes(self._clock.instant):
            self._payments.pay(booked.view, booked.client, whole=whole)
            return
        self._do(
            wiring.record_outside_payment,
            booked.view.id,
            self._practice.owner,
            amount=booked.view.service.price if whole else booked.view.amount_due,
            method=method,
        )

    def _expire(self, booked: Booked) -> None:
        self._at(self._clock.instant + timedelta(days=1, minutes=1))
        with wiring.unit_of_work():
            self._release(appointment_id=booked.view.id, now=self._clock.now())

    def _answer_intake(self, booked: Booked) -> None:
        template = booked.service.intake_template
        client_id = booked.client.user_id
        if template is None or client_id is None:
            return
        if self._random.random() < 0.3 or self._clock.instant >= booked.view.start:
            return
        answers = self._practice.data["intake_answers"][: len(template.questions)]
        who: dict[str, Any] = {"appointment_id": booked.view.id, "client_id": client_id}
        self._agree_to_health_data(client_id)
        self._fill_intake(**who, answers=tuple(answers))
        if self._random.random() < 0.8:
            self._submit_intake(**who)

    def _agree_to_health_data(self, client_id: UUID) -> None:
        at = self._clock.now()
        document = identity.document_in_force(purpose=HEALTH_DATA, at=at)
        identity.grant_consents(
            user_id=client_id,
            grants=[(HEALTH_DATA, document.version)],
            channel="web",
            evidence={"ip": "192.0.2.10", "user_agent": "Demo"},
            at=at,
        )

    def _move(self, booked: Booked) -> Booked:
        day = booked.view.start.date() + timedelta(days=self._random.randint(1, 5))
        self._at(min(booked.view.start - timedelta(hours=30), self._now - timedelta(minutes=30)))
        starts = self._find(
            service_slug=booked.service.slug,
            first=day,
            last=day,
            time_zone="Europe/Moscow",
            meeting_format=None,
        ).starts
        if starts and self._clock.instant > booked.at:
            moved = self._do(
                self._reschedule,
                booked.view.id,
                booked.client,
                by=CanceledBy.CLIENT,
                start=datetime.fromtimestamp(self._random.choice(starts), UTC),
            )
            return replace(booked, view=moved)
        return booked

    def _cancel(self, booked: Booked, *, by: CanceledBy) -> None:
        hours = self._random.choice([40, 30, 18, 6])
        moment = min(booked.view.start - timedelta(hours=hours), self._now - timedelta(minutes=20))
        self._at(max(moment, self._clock.instant + timedelta(minutes=1)))
        self._do(
            wiring.cancel_appointment,
            booked.view.id,
            booked.client if by is CanceledBy.CLIENT else self._practice.owner,
            by=by,
            reason=self._random.choice(REASONS),
        )

    def _record_outcome(self, booked: Booked) -> None:
        ended = booked.view.end + timedelta(minutes=10)
        if ended >= self._now - timedelta(hours=1):
            return
        self._at(ended)
        attended = self._random.random() < 0.95
        self._do(
            wiring.record_outcome,
            booked.view.id,
            self._practice.owner,
            outcome=Outcome.ATTENDED if attended else Outcome.NO_SHOW,
            reason=ReasonCategory.NONE,
            notes="Говорили о первом шаге; на следующей встрече вернуться к теме сна." if attended else "",
        )
        if attended:
            self._payments.give_a_part_back(booked.view.id, self._practice.owner)

    def _leave_things_open(self, today: date) -> int:
        """What awaits the specialist just now: holds awaiting payment and requests awaiting an answer."""
        done = 0
        for slug, day, ago in [
            ("first-consultation", 4, timedelta(minutes=3)),
            ("individual-session", 6, timedelta(minutes=7)),
            ("couple-session", 8, timedelta(hours=2)),
            ("couple-session", 9, timedelta(hours=5)),
            ("couple-session", 15, timedelta(hours=19)),
        ]:
            for later in range(5):
                booked = self._book_on(today + timedelta(days=day + later), slug=slug, at=self._now - ago)
                if booked is not None:
                    done += 1
                    break
        return done

    def _fill_waitlist(self) -> None:
        for number, each in enumerate(self._practice.data["waitlist"]):
            self._at(self._now - timedelta(days=9 - number, hours=number))
            known = [one for one in self._practice.clients if one.email == each["value"]]
            self._join_waitlist(
                client_id=known[0].pk if known else None,
                guest_token="",
                service_slug=each["service"],
                name=each["name"],
                preferred_contact=PreferredContact(each["contact"]),
                contact=each["value"],
                window=PreferredWindow(each["window"]),
                time_zone="Europe/Moscow",
                given=GivenConsents(
                    documents=[(PERSONAL_DATA, CONSENT_VERSION)], evidence={"ip": "127.0.0.1"}
                ),
            )

    def _service(self, slug: str | None) -> booking.Service:
        """The service of this address, or a random one by its share of the demo's bookings."""
        services = self._practice.services
        if slug is not None:
            return next(each for each in services if each.slug == slug)
        return self._random.choices(
            services, weights=[each["share"] for each in self._practice.data["services"]]
        )[0]

    def _free_times_that_people_wait_for(self) -> None:
        """One is offered to a client by a letter, another is marked for somebody who has to be called."""
        waitlist = self._practice.data["waitlist"]
        clients = [each for each in waitlist if each.get("is_client")]
        called = [each for each in waitlist if each["contact"] != "email"]
        offered = [each for each in self._held if self._suits(each, clients)]
        marked = [each for each in self._held if self._suits(each, called) and not self._suits(each, clients)]
        for booked in (*offered[:1], *marked[:1]):
            self._at(self._now - timedelta(minutes=25))
            self._cancel(booked, by=CanceledBy.CLIENT)

    def _suits(self, booked: Booked, waiting: list[dict[str, Any]]) -> bool:
        start = booked.view.start
        return start > self._now + timedelta(days=3) and any(
            each["service"] == booked.service.slug
            and PreferredWindow(each["window"]).matches(start, "Europe/Moscow")
            for each in waiting
        )

    def _format(self, service: booking.Service) -> MeetingFormat:
        if service.format == "hybrid":
            return self._random.choice([MeetingFormat.ONLINE, MeetingFormat.ONLINE, MeetingFormat.OFFLINE])
        return MeetingFormat(service.format)

    def _at(self, instant: datetime) -> None:
        self._clock.instant = instant

    def _do(self, command: Any, appointment_id: UUID, actor: Actor, **arguments: Any) -> AppointmentView:
        """Run a command of booking by the demo's clock."""
        view: AppointmentView = replace(command, **self._clocked)(
            appointment_id=appointment_id, actor=actor, **arguments
        )
        return view


def _client(client: people.User) -> Actor:
    return Actor(user_id=UUID(str(client.pk)), role=client.role)
