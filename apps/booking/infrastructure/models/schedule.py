"""When a specialist receives clients."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.booking.domain.schedule import MINUTES_OF_DAY, OverrideKind
from apps.booking.infrastructure import labels
from apps.booking.infrastructure.models.specialist import Specialist


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
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=MINUTES_OF_DAY),
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
                    end_minute__lte=MINUTES_OF_DAY,
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


def clock(minute: int) -> str:
    """Minutes from midnight as ``09:30``; 1440 is ``24:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
