"""Words for the codes of the domain, as people read them in forms and lists."""

from django.utils.translation import gettext_lazy as _

from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.follow_up import FollowUpReason
from apps.booking.domain.intake import IntakeStatus
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.booking.domain.schedule import OverrideKind
from apps.booking.domain.service import MeetingFormat, ServiceFormat, ServiceStatus
from apps.booking.domain.slots import SlotGrid
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow, WaitlistStatus
from apps.booking.domain.waitlist_offer import OfferStatus

SERVICE_STATUSES = [
    (ServiceStatus.DRAFT.value, _("draft")),
    (ServiceStatus.PUBLISHED.value, _("published")),
    (ServiceStatus.ARCHIVED.value, _("archived")),
]
SERVICE_FORMATS = [
    (ServiceFormat.ONLINE.value, _("online")),
    (ServiceFormat.OFFLINE.value, _("in person")),
    (ServiceFormat.HYBRID.value, _("online or in person")),
]
MEETING_FORMATS = [
    (MeetingFormat.ONLINE.value, _("online")),
    (MeetingFormat.OFFLINE.value, _("in person")),
]
SLOT_GRIDS = [
    (SlotGrid.INTERVAL.value, _("from the start of each interval")),
    (SlotGrid.FULL_HOUR.value, _("from the full hour")),
    (SlotGrid.AFTER_PREVIOUS.value, _("right after the appointment before")),
]
VAT_CODES = [
    (VatCode.NONE.value, _("no VAT")),
    (VatCode.ZERO.value, _("VAT 0 %")),
    (VatCode.FIVE.value, _("VAT 5 %")),
    (VatCode.SEVEN.value, _("VAT 7 %")),
    (VatCode.TEN.value, _("VAT 10 %")),
    (VatCode.TWENTY.value, _("VAT 20 %")),
    (VatCode.TWENTY_TWO.value, _("VAT 22 %")),
]
PAYMENT_SUBJECTS = [
    (PaymentSubject.SERVICE.value, _("a service")),
    (PaymentSubject.JOB.value, _("a piece of work")),
    (PaymentSubject.COMPOSITE.value, _("a composite subject")),
    (PaymentSubject.ANOTHER.value, _("another subject")),
]
WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
RECURRENCES = [(1, _("every week")), (2, _("every other week"))]
OVERRIDE_KINDS = [
    (OverrideKind.EXTRA_HOURS.value, _("extra hours")),
    (OverrideKind.TIME_OFF.value, _("time off")),
    (OverrideKind.DAY_OFF.value, _("day off")),
    (OverrideKind.HOLIDAY.value, _("holiday")),
]
APPOINTMENT_STATUSES = [
    (AppointmentStatus.REQUESTED.value, _("awaits an answer")),
    (AppointmentStatus.PENDING_PAYMENT.value, _("awaits payment")),
    (AppointmentStatus.CONFIRMED.value, _("confirmed")),
    (AppointmentStatus.COMPLETED.value, _("completed")),
    (AppointmentStatus.NO_SHOW.value, _("no-show")),
    (AppointmentStatus.DECLINED.value, _("declined")),
    (AppointmentStatus.EXPIRED.value, _("hold expired")),
    (AppointmentStatus.CANCELED.value, _("canceled")),
]
OUTCOMES = [
    (Outcome.ATTENDED.value, _("the session took place")),
    (Outcome.NO_SHOW.value, _("the client did not come")),
    (Outcome.CANCELED_BY_CLIENT.value, _("canceled by the client")),
    (Outcome.CANCELED_BY_PROVIDER.value, _("canceled by the specialist")),
    (Outcome.RESCHEDULED.value, _("moved")),
]
REASONS = [
    (ReasonCategory.NONE.value, _("no reason given")),
    (ReasonCategory.HEALTH.value, _("health")),
    (ReasonCategory.SCHEDULE.value, _("schedule")),
    (ReasonCategory.FINANCES.value, _("finances")),
    (ReasonCategory.TECHNICAL.value, _("technical trouble")),
    (ReasonCategory.CHANGED_MIND.value, _("changed their mind")),
    (ReasonCategory.EMERGENCY.value, _("emergency")),
    (ReasonCategory.OTHER.value, _("other")),
]
PAYMENT_METHODS = [
    (PaymentMethod.CASH.value, _("cash")),
    (PaymentMethod.TRANSFER.value, _("bank transfer")),
    (PaymentMethod.CARD.value, _("card")),
    (PaymentMethod.OTHER.value, _("other")),
]
INTAKE_STATUSES = [
    (IntakeStatus.DRAFT.value, _("draft")),
    (IntakeStatus.SUBMITTED.value, _("submitted")),
]
CONTACTS = [
    (PreferredContact.EMAIL.value, _("e-mail")),
    (PreferredContact.PHONE.value, _("phone")),
    (PreferredContact.TELEGRAM.value, _("Telegram")),
]
WINDOWS = [
    (PreferredWindow.WEEKDAY_MORNING.value, _("weekday mornings")),
    (PreferredWindow.WEEKDAY_EVENING.value, _("weekday evenings")),
    (PreferredWindow.WEEKEND.value, _("weekends")),
    (PreferredWindow.ANY.value, _("any time")),
]
WAITLIST_STATUSES = [
    (WaitlistStatus.NEW.value, _("new")),
    (WaitlistStatus.OFFERED.value, _("time offered")),
    (WaitlistStatus.CONTACTED.value, _("contacted")),
    (WaitlistStatus.BOOKED.value, _("booked")),
    (WaitlistStatus.CLOSED.value, _("closed")),
]
OFFER_STATUSES = [
    (OfferStatus.OFFERED.value, _("awaits an answer")),
    (OfferStatus.ACCEPTED.value, _("accepted")),
    (OfferStatus.DECLINED.value, _("declined")),
    (OfferStatus.EXPIRED.value, _("unanswered")),
]
FOLLOW_UP_REASONS = [
    (
        FollowUpReason.PERSONAL_DATA_WITHDRAWN.value,
        _("The client has withdrawn the consent to the processing of personal data"),
    ),
    (
        FollowUpReason.HEALTH_DATA_WITHDRAWN.value,
        _("The client has withdrawn the consent to the processing of data about health"),
    ),
]
TIMELINE_EVENTS = [
    ("AppointmentRequested", _("The client asks for this time")),
    ("AppointmentHeld", _("The time is kept for payment")),
    ("HoldExtended", _("The client has asked for more time to pay")),
    ("OutsidePaymentRecorded", _("A payment was recorded")),
    ("PaymentReceived", _("A payment arrived through ЮKassa")),
    ("AppointmentConfirmed", _("Confirmed")),
    ("AppointmentDeclined", _("The request was declined")),
    ("AppointmentRescheduled", _("Moved to another time")),
    ("AppointmentCanceled", _("Canceled")),
    ("AppointmentExpired", _("Nobody paid in time, the time is free again")),
    ("AppointmentCompleted", _("The session took place")),
    ("ClientDidNotShow", _("The client did not come")),
]
TIMELINE_ROLES = [
    ("owner", _("specialist")),
    ("assistant", _("assistant")),
    ("client", _("client")),
    ("system", _("by itself")),
]
