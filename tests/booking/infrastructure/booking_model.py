"""A second, much simpler notion of how bookings behave, for comparison with the real one.

It knows minutes and kopecks, answers each command with the code of the refusal it expects (None: it will be
done), and shares no code with the domain.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

HOUR = timedelta(hours=1)
HOLD = timedelta(minutes=20)
LONG_HOLD = timedelta(hours=24)
ANSWER = timedelta(hours=24)
FREE_BEFORE, HALF_BEFORE, MOVE_BEFORE, MOST_MOVES = 24 * HOUR, 12 * HOUR, 12 * HOUR, 2
LIVE = {"requested", "pending_payment", "confirmed"}


@dataclass(frozen=True)
class Offer:
    """A service: minutes, kopecks."""

    slug: str
    price: int
    deposit: int | None = None
    asks: bool = False
    minutes: int = 50
    before: int = 0
    after: int = 10

    @property
    def least(self) -> int:
        return self.price if self.deposit is None else self.deposit


@dataclass(eq=False)
class Expected:
    """What one appointment should be by now."""

    id: UUID
    offer: Offer
    specialist: UUID
    start: datetime
    status: str
    deadline: datetime | None
    paid: int = 0
    refund: int = 0
    extended: bool = False
    client_moves: int = 0
    moves: int = 0
    hold: timedelta = HOLD
    expiries: int = 0
    events: list[str] = field(default_factory=list)

    @classmethod
    def booked(cls, id_: UUID, offer: Offer, specialist: UUID, start: datetime, now: datetime) -> "Expected":
        if offer.asks:
            return cls(
                id_,
                offer,
                specialist,
                start,
                "requested",
                now + ANSWER,
                hold=LONG_HOLD,
                events=["AppointmentRequested"],
            )
        if offer.price:
            return cls(
                id_, offer, specialist, start, "pending_payment", now + HOLD, events=["AppointmentHeld"]
            )
        return cls(id_, offer, specialist, start, "confirmed", None, events=["AppointmentConfirmed"])

    @property
    def blocked(self) -> tuple[datetime, datetime]:
        end = self.start + timedelta(minutes=self.offer.minutes + self.offer.after)
        return self.start - timedelta(minutes=self.offer.before), end

    @property
    def freed(self) -> int:
        """How often time of this appointment became free."""
        return self.moves + self.expiries + (self.status in {"declined", "canceled"})

    def late(self, now: datetime) -> bool:
        waiting = self.status in {"requested", "pending_payment"}
        return waiting and self.deadline is not None and self.deadline <= now

    def takes_time(self, now: datetime) -> bool:
        return self.status in LIVE and not self.late(now)

    def overlaps(self, start: datetime, offer: Offer) -> bool:
        end = start + timedelta(minutes=offer.minutes + offer.after)
        return self.blocked[0] < end and start - timedelta(minutes=offer.before) < self.blocked[1]

    def release(self) -> None:
        expired = self.status == "pending_payment"
        self.status = "expired" if expired else "declined"
        self.expiries += expired
        self.events.append("AppointmentExpired" if expired else "AppointmentDeclined")
        if not expired:
            self.deadline = None

    def accept(self, now: datetime) -> str | None:
        if self.status != "requested":
            return "transition_not_allowed"
        if self.late(now):
            return "hold_expired"
        if now >= self.start:
            return "already_started"
        free = self.offer.price == 0
        self.status = "confirmed" if free else "pending_payment"
        self.deadline = None if free else now + LONG_HOLD
        self.events.append("AppointmentConfirmed" if free else "AppointmentHeld")
        return None

    def decline(self) -> str | None:
        if self.status != "requested":
            return "transition_not_allowed"
        self.status, self.deadline = "declined", None
        self.events.append("AppointmentDeclined")
        return None

    def extend(self, now: datetime) -> str | None:
        if self.status != "pending_payment":
            return "transition_not_allowed"
        if self.late(now):
            return "hold_expired"
        if self.extended or self.deadline is None:
            return "hold_already_extended"
        self.deadline += self.hold
        self.extended = True
        self.events.append("HoldExtended")
        return None

    def pay(self, amount: int, now: datetime) -> str | None:
        if self.status not in {"pending_payment", "confirmed", "completed"}:
            return "transition_not_allowed"
        if self.late(now):
            return "hold_expired"
        least = self.offer.least if self.status == "pending_payment" else 1
        if not least <= amount <= self.offer.price - self.paid:
            return "payment_amount_out_of_range"
        self.paid += amount
        self.events.append("OutsidePaymentRecorded")
        if self.status == "pending_payment":
            self.status, self.deadline = "confirmed", None
            self.events.append("AppointmentConfirmed")
        return None

    def receive(self, amount: int, *, free: bool, now: datetime) -> str | bool:
        """Money of the provider: why it is not taken, else whether it was late."""
        waiting = self.status in {"pending_payment", "expired"}
        if self.status in {"requested", "declined", "canceled"}:
            return "closed"
        if waiting and now >= self.start:
            return "too_late"
        if self.status == "expired" and not free:
            return "slot_taken"
        if amount > self.offer.price - self.paid:
            return "too_much"
        if amount <= 0 or (waiting and amount < self.offer.least):
            return "too_little"
        late = self.status == "expired" or self.late(now)
        self.paid += amount
        self.events.append("PaymentReceived")
        if waiting:
            self.status, self.deadline = "confirmed", None
            self.events.append("AppointmentConfirmed")
        return late

    def may_move(self, start: datetime, by_client: bool, now: datetime) -> str | None:
        if self.status != "confirmed":
            return "transition_not_allowed"
        if now >= self.start:
            return "already_started"
        if start == self.start:
            return "same_time"
        if by_client and self.start - now < MOVE_BEFORE:
            return "too_late_to_reschedule"
        if by_client and self.client_moves >= MOST_MOVES:
            return "reschedule_limit_reached"
        return None

    def move(self, start: datetime, by_client: bool) -> None:
        self.start = start
        self.moves += 1
        self.client_moves += by_client
        self.events.append("AppointmentRescheduled")

    def refund_now(self, by_client: bool, now: datetime) -> int:
        ahead = self.start - now
        if not by_client or ahead > FREE_BEFORE:
            return self.paid
        return (self.paid + 1) // 2 if ahead > HALF_BEFORE else 0

    def cancel(self, by_client: bool, now: datetime) -> str | None:
        if self.status == "canceled":
            return "already_canceled"
        if self.status not in LIVE:
            return "transition_not_allowed"
        if self.late(now):
            return "hold_expired"
        if by_client and now >= self.start:
            return "already_started"
        if self.status == "requested":
            return self.decline()
        self._end_canceled(by_client, now)
        return None

    def close(self, outcome: str, now: datetime) -> str | None:
        if self.status != "confirmed":
            return "transition_not_allowed"
        if now < self.start:
            return "outcome_before_start"
        if outcome == "rescheduled":
            return "outcome_not_recordable"
        if outcome.startswith("canceled"):
            self._end_canceled(outcome == "canceled_by_client", now)
        elif outcome == "attended":
            self.status = "completed"
            self.events.append("AppointmentCompleted")
        else:
            self.status = "no_show"
            self.events.append("ClientDidNotShow")
        return None

    def _end_canceled(self, by_client: bool, now: datetime) -> None:
        self.refund = self.refund_now(by_client, now)
        self.status, self.deadline = "canceled", None
        self.events.append("AppointmentCanceled")
