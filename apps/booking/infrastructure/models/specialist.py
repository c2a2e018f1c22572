"""The one who receives clients."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.schedule import MINUTES_OF_DAY


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
        validators=[MinValueValidator(1), MaxValueValidator(MINUTES_OF_DAY)],
    )
    accepted_hold_minutes = models.PositiveIntegerField(
        _("an accepted request waits for payment, minutes"),
        default=MINUTES_OF_DAY,
        validators=[MinValueValidator(1), MaxValueValidator(14 * MINUTES_OF_DAY)],
    )
    answer_within_hours = models.PositiveSmallIntegerField(
        _("a request is declined by itself after, hours"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 14)],
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("a freed time is kept for somebody on the waitlist, hours"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 3)],
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
