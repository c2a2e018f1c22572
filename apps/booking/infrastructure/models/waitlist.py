"""People who found no suitable time."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.waitlist import PreferredContact, PreferredWindow, WaitlistStatus
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.models.service import Service
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
