"""Tasks of the specialist about appointments."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.follow_up import FollowUpReason
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.models.appointment import Appointment


class FollowUp(models.Model):
    """Open until ``settled_at``. ``withdrawal_id`` is the event that opened it: it is heard at least once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.ForeignKey(
        Appointment, verbose_name=_("appointment"), on_delete=models.CASCADE, related_name="follow_ups"
    )
    reason = models.CharField(_("reason"), max_length=32, choices=labels.FOLLOW_UP_REASONS)
    withdrawal_id = models.UUIDField(editable=False)
    opened_at = models.DateTimeField(_("opened at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("task about an appointment")
        verbose_name_plural = _("tasks about appointments")
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "reason"],
                condition=Q(settled_at__isnull=True),
                name="follow_up_open_once",
            ),
            models.UniqueConstraint(fields=["appointment", "withdrawal_id"], name="follow_up_heard_once"),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in FollowUpReason]),
                name="follow_up_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(settled_by__isnull=True),
                name="follow_up_settled_by_somebody_then",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
