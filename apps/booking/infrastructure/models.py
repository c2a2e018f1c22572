"""The tables of booking. Constraints repeat the domain's invariants: they are the last guard."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.booking.domain.intake import IntakeStatus
from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.schedule import OverrideKind
from apps.booking.domain.service import ServiceFormat, ServiceStatus
from apps.booking.domain.slots import SlotGrid
from apps.booking.domain.waitlist import PreferredContact, PreferredWindow, WaitlistStatus
from apps.booking.infrastructure import labels
from apps.kernel.infrastructure.fields import EncryptedJSONField, EncryptedTextField

MINUTES_A_DAY = 24 * 60
NO_OVERLAP = "appointment_no_overlap"


class Specialist(models.Model):
    """The one who receives clients, and how long they wait for answers and payments."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    display_name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    meeting_link = models.URLField(_("link for online sessions"), blank=True)
    hold_minutes = models.PositiveSmallIntegerField(
        _("a slot is kept for payment, minutes"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(MINUTES_A_DAY)],
    )
    accepted_hold_minutes = models.PositiveIntegerField(
        _("an accepted request waits for payment, minutes"),
        default=MINUTES_A_DAY,
        validators=[MinValueValidator(1), MaxValueValidator(14 * MINUTES_A_DAY)],
    )
    answer_within_hours = models.PositiveSmallIntegerField(
        _("a request is declined by itself after, hours"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 14)],
    )
    daily_limit = models.PositiveSmallIntegerField(
        _("sessions a day at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: no limit."),
    )

    class Meta:
        verbose_name = _("specialist")
        verbose_name_plural = _("specialists")
        ordering = ["display_name"]

    def __str__(self) -> str:
        return self.display_name


class IntakeTemplate(models.Model):
    """The questions (5–8) that a client answers before the first session."""

    name = models.CharField(_("name"), max_length=120)
    questions = models.JSONField(_("questions"), default=list)

    class Meta:
        verbose_name = _("intake form template")
        verbose_name_plural = _("intake form templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What is sold: the price and the rules of booking."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    specialist = models.ForeignKey(
        Specialist, verbose_name=_("specialist"), on_delete=models.PROTECT, related_name="services"
    )
    slug = models.SlugField(_("address in links"), max_length=80, unique=True)
    name = models.CharField(_("public name"), max_length=160)
    internal_name = models.CharField(_("internal name"), max_length=160, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    for_whom = models.TextField(_("for whom"), blank=True)
    how_it_goes = models.TextField(_("how it goes"), blank=True)
    duration_minutes = models.PositiveSmallIntegerField(_("duration, minutes"), default=50)
    format = models.CharField(
        _("format"), max_length=10, choices=labels.SERVICE_FORMATS, default=ServiceFormat.ONLINE
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    price_minor = models.PositiveIntegerField(_("price, kopecks"), default=0)
    deposit_minor = models.PositiveIntegerField(_("deposit, kopecks"), null=True, blank=True)
    cancel_free_hours = models.PositiveSmallIntegerField(_("free cancellation, hours before"), default=24)
    cancel_partial_hours = models.PositiveSmallIntegerField(_("half refund, hours before"), default=12)
    reschedule_min_hours = models.PositiveSmallIntegerField(
        _("moving, hours before at the latest"), default=12
    )
    max_reschedules = models.PositiveSmallIntegerField(_("moves by the client at most"), default=2)
    buffer_before_minutes = models.PositiveSmallIntegerField(_("buffer before, minutes"), default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(_("buffer after, minutes"), default=10)
    min_notice_hours = models.PositiveSmallIntegerField(_("notice, hours"), default=12)
    horizon_days = models.PositiveSmallIntegerField(
        _("open for booking, days ahead"), default=60, validators=[MaxValueValidator(365)]
    )
    slot_step_minutes = models.PositiveSmallIntegerField(
        _("step between starts, minutes"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(MINUTES_A_DAY)],
    )
    slot_grid = models.CharField(
        _("starts are counted"), max_length=20, choices=labels.SLOT_GRIDS, default=SlotGrid.INTERVAL
    )
    daily_limit = models.PositiveSmallIntegerField(
        _("sessions a day at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: no limit."),
    )
    requires_confirmation = models.BooleanField(
        _("each booking is confirmed by the specialist"), default=False
    )
    intake_template = models.ForeignKey(
        IntakeTemplate,
        verbose_name=_("intake form"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
    )
    status = models.CharField(
        _("status"), max_length=10, choices=labels.SERVICE_STATUSES, default=ServiceStatus.DRAFT
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(verbose_name=_("change of a service"))

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=1, duration_minutes__lte=720),
                name="service_duration_in_range",
            ),
            models.CheckConstraint(
                condition=Q(buffer_before_minutes__lte=240, buffer_after_minutes__lte=240),
                name="service_buffers_in_range",
            ),
            models.CheckConstraint(
                condition=Q(deposit_minor__isnull=True)
                | Q(deposit_minor__gt=0, deposit_minor__lte=F("price_minor")),
                name="service_deposit_within_price",
            ),
            models.CheckConstraint(
                condition=Q(cancel_free_hours__gte=F("cancel_partial_hours")),
                name="service_cancellation_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(slot_step_minutes__gte=5, slot_step_minutes__lte=MINUTES_A_DAY),
                name="service_step_in_range",
            ),
            models.CheckConstraint(
                condition=Q(daily_limit__isnull=True) | Q(daily_limit__gte=1),
                name="service_daily_limit_positive",
            ),
            models.CheckConstraint(condition=Q(horizon_days__lte=365), name="service_horizon_in_range"),
            models.CheckConstraint(
                condition=Q(format=ServiceFormat.ONLINE) | ~Q(address=""), name="service_offline_has_address"
            ),
        ]

    def __str__(self) -> str:
        return self.internal_name or self.name


class WeeklyHours(models.Model):
    """Working time that repeats every week or every other week, by the specialist's wall clock."""

    specialist = models.ForeignKey(
        Specialist, verbose_name=_("specialist"), on_delete=models.CASCADE, related_name="weekly_hours"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=labels.WEEKDAYS)
    start_minute = models.PositiveSmallIntegerField(_("from"))
    end_minute = models.PositiveSmallIntegerField(_("to"))
    every_weeks = models.PositiveSmallIntegerField(_("repeats"), choices=labels.RECURRENCES, default=1)
    anchor = models.DateField(_("a week it holds in"), null=True, blank=True)
    valid_from = models.DateField(_("holds from"), null=True, blank=True)
    valid_until = models.DateField(_("holds until"), null=True, blank=True)

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        ordering = ["weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_hours_weekday"),
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=MINUTES_A_DAY),
                name="weekly_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(every_weeks=1) | Q(every_weeks=2, anchor__isnull=False),
                name="weekly_hours_biweekly_has_anchor",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="weekly_hours_validity_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock(self.start_minute)}–{clock(self.end_minute)}"


class DateOverride(models.Model):
    """An exception from the weekly hours on one date."""

    specialist = models.ForeignKey(
        Specialist, verbose_name=_("specialist"), on_delete=models.CASCADE, related_name="date_overrides"
    )
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=12, choices=labels.OVERRIDE_KINDS)
    start_minute = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    end_minute = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("date override")
        verbose_name_plural = _("date overrides")
        ordering = ["date", "start_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[OverrideKind.DAY_OFF, OverrideKind.HOLIDAY],
                    start_minute__isnull=True,
                    end_minute__isnull=True,
                )
                | Q(
                    kind__in=[OverrideKind.EXTRA_HOURS, OverrideKind.TIME_OFF],
                    # A comparison with NULL is neither true nor false, and a CHECK lets that pass.
                    start_minute__isnull=False,
                    end_minute__isnull=False,
                    start_minute__lt=F("end_minute"),
                    end_minute__lte=MINUTES_A_DAY,
                ),
                name="date_override_hours_fit_kind",
            ),
            models.UniqueConstraint(
                fields=["specialist", "date", "kind", "start_minute"],
                nulls_distinct=False,
                name="date_override_once",
            ),
        ]
        indexes = [models.Index(fields=["specialist", "date"], name="date_override_by_date")]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y} {self.get_kind_display()}"


class Appointment(models.Model):
    """A booked session. ``terms`` is the snapshot of the service; ``blocked`` is the period with buffers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    specialist = models.ForeignKey(
        Specialist, verbose_name=_("specialist"), on_delete=models.PROTECT, related_name="appointments"
    )
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("client"), on_delete=models.PROTECT, related_name="+"
    )
    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.PROTECT, related_name="appointments"
    )
    terms = models.JSONField(_("terms at booking time"))
    status = models.CharField(_("status"), max_length=16, choices=labels.APPOINTMENT_STATUSES)
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    buffer_before_minutes = models.PositiveSmallIntegerField(_("buffer before, minutes"))
    buffer_after_minutes = models.PositiveSmallIntegerField(_("buffer after, minutes"))
    blocked = DateTimeRangeField(editable=False)
    meeting_format = models.CharField(_("format"), max_length=10, choices=labels.MEETING_FORMATS)
    meeting_link = models.URLField(_("meeting link"), blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    time_zone = models.CharField(_("client's time zone"), max_length=64)
    entry_point = models.CharField(_("entry point"), max_length=64, blank=True)
    topic = models.CharField(_("topic"), max_length=64, blank=True)
    deep_link_id = models.CharField(_("deep link"), max_length=32, blank=True)
    utm = models.JSONField(_("UTM"), default=dict, blank=True)
    paid_minor = models.PositiveIntegerField(_("paid, kopecks"), default=0)
    refund_minor = models.PositiveIntegerField(_("to refund, kopecks"), default=0)
    hold_length_minutes = models.PositiveIntegerField(_("hold, minutes"))
    hold_expires_at = models.DateTimeField(_("hold expires"), null=True, blank=True)
    hold_extended = models.BooleanField(_("hold extended"), default=False)
    answer_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    reschedule_count = models.PositiveSmallIntegerField(_("moves by the client"), default=0)
    created_at = models.DateTimeField(_("booked at"))
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-start", "id"]
        constraints = [
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[("specialist", RangeOperators.EQUAL), ("blocked", RangeOperators.OVERLAPS)],
                condition=Q(status__in=sorted(ACTIVE)),
            ),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="appointment_period_in_order"),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in AppointmentStatus]),
                name="appointment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(refund_minor__lte=F("paid_minor")), name="appointment_refund_within_paid"
            ),
            models.CheckConstraint(
                condition=~Q(status=AppointmentStatus.PENDING_PAYMENT) | Q(hold_expires_at__isnull=False),
                name="appointment_hold_expires",
            ),
            models.CheckConstraint(
                condition=~Q(status=AppointmentStatus.REQUESTED) | Q(answer_due_at__isnull=False),
                name="appointment_request_has_answer_due",
            ),
        ]
        indexes = [
            models.Index(fields=["-start", "id"], name="appointment_by_start"),
            models.Index(fields=["status", "-start"], name="appointment_by_status"),
            models.Index(fields=["client", "-start"], name="appointment_by_client"),
            models.Index(
                fields=["hold_expires_at"],
                condition=Q(status=AppointmentStatus.PENDING_PAYMENT),
                name="appointment_holds",
            ),
            models.Index(
                fields=["answer_due_at"],
                condition=Q(status=AppointmentStatus.REQUESTED),
                name="appointment_requests",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms['name']}, {self.start:%d.%m.%Y %H:%M} UTC"


class OutcomeRecord(models.Model):
    """How a session ended, or that it was moved away from ``session_start``."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="outcomes")
    session_start = models.DateTimeField(_("session start"))
    outcome = models.CharField(_("outcome"), max_length=24, choices=labels.OUTCOMES)
    reason = models.CharField(_("reason"), max_length=16, choices=labels.REASONS, default=ReasonCategory.NONE)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    notes = EncryptedTextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=~Q(outcome=Outcome.RESCHEDULED),
                name="outcome_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


class TimelineEntry(models.Model):
    """What happened to an appointment, when, and who did it: the events of the aggregate, P0 only."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="timeline")
    event = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_role = models.CharField(max_length=16)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.event


class IntakeForm(models.Model):
    """The intake form of an appointment; answers (P2) are ciphertext at rest."""

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, primary_key=True, related_name="intake"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    questions = models.JSONField(_("questions"))
    answers = EncryptedJSONField(_("answers"))
    status = models.CharField(
        _("status"), max_length=10, choices=labels.INTAKE_STATUSES, default=IntakeStatus.DRAFT
    )
    updated_at = models.DateTimeField(_("updated at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("intake form")
        verbose_name_plural = _("intake forms")
        ordering = ["-updated_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=IntakeStatus.DRAFT, submitted_at__isnull=True)
                | Q(status=IntakeStatus.SUBMITTED, submitted_at__isnull=False),
                name="intake_submitted_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}"


class WaitlistRequest(models.Model):
    """Somebody who found no suitable time; name and contact (P1) are ciphertext at rest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        Service, verbose_name=_("service"), on_delete=models.PROTECT, related_name="waitlist"
    )
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("client"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    guest_token_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    name = EncryptedTextField(_("name"), blank=True)
    preferred_contact = models.CharField(_("preferred contact"), max_length=10, choices=labels.CONTACTS)
    contact = EncryptedTextField(_("contact"))
    window = models.CharField(
        _("preferred window"), max_length=16, choices=labels.WINDOWS, default=PreferredWindow.ANY
    )
    time_zone = models.CharField(_("time zone"), max_length=64)
    status = models.CharField(
        _("status"), max_length=10, choices=labels.WAITLIST_STATUSES, default=WaitlistStatus.NEW
    )
    consent_version = models.CharField(_("consent"), max_length=32)
    created_at = models.DateTimeField(_("joined at"))
    opening_start = models.DateTimeField(_("freed time"), null=True, blank=True)

    class Meta:
        verbose_name = _("waitlist request")
        verbose_name_plural = _("waitlist")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(preferred_contact__in=[contact.value for contact in PreferredContact]),
                name="waitlist_contact_known",
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=False) | ~Q(guest_token_hash=""), name="waitlist_has_owner"
            ),
        ]
        indexes = [models.Index(fields=["service", "status", "created_at"], name="waitlist_queue")]

    def __str__(self) -> str:
        return str(self.service)


def clock(minute: int) -> str:
    """Minutes from midnight as ``09:30``; 1440 is ``24:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
