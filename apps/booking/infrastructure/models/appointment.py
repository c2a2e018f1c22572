"""Booked sessions, how they ended and what happened to them."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.models.service import Service
from apps.booking.infrastructure.models.specialist import Specialist
from apps.kernel.infrastructure.fields import EncryptedTextField

NO_OVERLAP = "appointment_no_overlap"


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
    """How a session ended, or that it was moved away from ``session_start``.

    ``client`` repeats the appointment's: their key seals the notes.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="outcomes")
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
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
    notes = EncryptedTextField(
        _("notes"), blank=True, row=("appointment_id", "recorded_at"), person="client_id"
    )

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
