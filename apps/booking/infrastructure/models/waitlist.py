"""People who found no suitable time."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.waitlist import PreferredContact, PreferredWindow, WaitlistStatus
from apps.booking.domain.waitlist_offer import OfferStatus
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.models.appointment import Appointment
from apps.booking.infrastructure.models.service import Service
from apps.booking.infrastructure.models.specialist import Specialist
from apps.kernel.infrastructure.fields import EncryptedTextField


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
    name = EncryptedTextField(_("name"), blank=True, person="client_id")
    preferred_contact = models.CharField(_("preferred contact"), max_length=10, choices=labels.CONTACTS)
    contact = EncryptedTextField(_("contact"), person="client_id")
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


class WaitlistOffer(models.Model):
    """A time that is or was kept for a request. ``expires_at`` is when the hold of its appointment ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    waitlist_request = models.ForeignKey(
        WaitlistRequest, verbose_name=_("waitlist request"), on_delete=models.PROTECT, related_name="offers"
    )
    appointment = models.OneToOneField(
        Appointment,
        verbose_name=_("appointment"),
        on_delete=models.PROTECT,
        related_name="waitlist_offer",
    )
    specialist = models.ForeignKey(
        Specialist, verbose_name=_("specialist"), on_delete=models.PROTECT, related_name="+"
    )
    start = models.DateTimeField(_("start"))
    offered_at = models.DateTimeField(_("offered at"))
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("offered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    expires_at = models.DateTimeField(_("kept until"))
    status = models.CharField(_("status"), max_length=10, choices=labels.OFFER_STATUSES)

    class Meta:
        verbose_name = _("offer of a time")
        verbose_name_plural = _("offers of times")
        ordering = ["offered_at"]
        constraints = [
            models.UniqueConstraint(fields=["waitlist_request", "start"], name="offer_once_per_request"),
            models.UniqueConstraint(
                fields=["waitlist_request"],
                condition=Q(status=OfferStatus.OFFERED),
                name="offer_one_open_per_request",
            ),
            models.UniqueConstraint(
                fields=["specialist", "start"],
                condition=Q(status=OfferStatus.OFFERED),
                name="offer_one_open_per_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in OfferStatus]), name="offer_status_known"
            ),
            models.CheckConstraint(
                condition=Q(offered_at__lt=F("expires_at"), expires_at__lte=F("start")),
                name="offer_ends_before_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%d.%m.%Y %H:%M} UTC"
