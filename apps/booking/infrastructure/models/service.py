"""What is sold."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.schedule import MINUTES_OF_DAY
from apps.booking.domain.service import ServiceFormat, ServiceStatus
from apps.booking.domain.slots import SlotGrid
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.models.specialist import Specialist


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
        validators=[MinValueValidator(5), MaxValueValidator(MINUTES_OF_DAY)],
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
        "booking.IntakeTemplate",
        verbose_name=_("intake form"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
    )
    vat_code = models.PositiveSmallIntegerField(
        _("VAT on the receipt"), choices=labels.VAT_CODES, default=VatCode.NONE
    )
    payment_subject = models.CharField(
        _("subject of payment on the receipt"),
        max_length=16,
        choices=labels.PAYMENT_SUBJECTS,
        default=PaymentSubject.SERVICE,
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
                condition=Q(slot_step_minutes__gte=5, slot_step_minutes__lte=MINUTES_OF_DAY),
                name="service_step_in_range",
            ),
            models.CheckConstraint(
                condition=Q(daily_limit__isnull=True) | Q(daily_limit__gte=1),
                name="service_daily_limit_positive",
            ),
            models.CheckConstraint(
                condition=Q(vat_code__in=[code.value for code in VatCode]), name="service_vat_code_known"
            ),
            models.CheckConstraint(
                condition=Q(payment_subject__in=[subject.value for subject in PaymentSubject]),
                name="service_payment_subject_known",
            ),
            models.CheckConstraint(condition=Q(horizon_days__lte=365), name="service_horizon_in_range"),
            models.CheckConstraint(
                condition=Q(format=ServiceFormat.ONLINE) | ~Q(address=""), name="service_offline_has_address"
            ),
        ]

    def __str__(self) -> str:
        return self.internal_name or self.name
