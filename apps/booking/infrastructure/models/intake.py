"""What a client is asked before a session, and their answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.intake import IntakeStatus
from apps.booking.infrastructure import labels
from apps.kernel.infrastructure.fields import EncryptedJSONField


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


class IntakeForm(models.Model):
    """The intake form of an appointment; answers (P2) are ciphertext at rest."""

    appointment = models.OneToOneField(
        "booking.Appointment", on_delete=models.CASCADE, primary_key=True, related_name="intake"
    )
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    questions = models.JSONField(_("questions"))
    answers = EncryptedJSONField(_("answers"), row="appointment_id", person="client_id")
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
