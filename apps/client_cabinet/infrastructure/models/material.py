"""Materials after a session: title and text are ciphertext under their client's key."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.domain.material import MaterialStatus
from apps.client_cabinet.infrastructure import labels
from apps.kernel.infrastructure.fields import EncryptedTextField


class Material(models.Model):
    """``title`` and ``text`` are P2; no history is kept of what they said before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("client"), on_delete=models.PROTECT, related_name="+"
    )
    appointment_id = models.UUIDField(_("appointment"), null=True, db_index=True)
    title = EncryptedTextField(row="id", person="client_id", editable=False)
    text = EncryptedTextField(row="id", person="client_id", editable=False)
    status = models.CharField(_("status"), max_length=10, choices=labels.MATERIAL_STATUSES)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("written"))
    updated_at = models.DateTimeField(_("last changed"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("opened to the client"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    first_read_at = models.DateTimeField(_("first read"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("material after a session")
        verbose_name_plural = _("materials after sessions")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status=MaterialStatus.DRAFT.value,
                    approved_at__isnull=True,
                    approved_by__isnull=True,
                    withdrawn_at__isnull=True,
                    first_read_at__isnull=True,
                )
                | Q(
                    status=MaterialStatus.APPROVED.value,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    withdrawn_at__isnull=True,
                )
                | Q(
                    status=MaterialStatus.WITHDRAWN.value,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    withdrawn_at__isnull=False,
                ),
                name="material_status_has_times",
            )
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="material_by_time"),
            models.Index(
                F("client"),
                F("approved_at").desc(),
                F("id").desc(),
                condition=Q(status=MaterialStatus.APPROVED.value),
                name="material_of_client",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%d.%m.%Y}"
