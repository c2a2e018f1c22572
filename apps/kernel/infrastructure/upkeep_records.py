"""What the upkeep of the database has done: what was removed, which backups were made. No personal data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """One rule was applied: how much was beyond its term and is gone. Append-only for three years.

    ``cut_off`` is the moment before which things were beyond their term.
    """

    rule = models.CharField(_("what was removed"), max_length=60)
    cut_off = models.DateTimeField(_("older than"))
    removed = models.PositiveBigIntegerField(_("how many"))
    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("removal")
        verbose_name_plural = _("Terms of keeping")
        ordering = ["-finished_at", "-id"]
        indexes = [
            models.Index(fields=["-finished_at", "-id"], name="retention_at"),
            models.Index(fields=["rule", "-finished_at"], name="retention_rule_at"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.removed}"


class BackupRun(models.Model):
    """A nightly backup was made or failed. ``trouble`` is empty when it was made; ``file`` is its name."""

    finished_at = models.DateTimeField(db_index=True)
    seconds = models.FloatField()
    file = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    rows = models.PositiveBigIntegerField(default=0)
    trouble = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return self.file or self.trouble
