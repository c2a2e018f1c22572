"""Entries of clients' diaries: what they say is ciphertext under their author's key."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.infrastructure import labels
from apps.kernel.infrastructure.fields import EncryptedJSONField


class DiaryEntry(models.Model):
    """``payload`` (P2) is one ciphertext of all that the entry says; no history is kept of what it said
    before. ``day`` is the author's own date. The specialist of the appointment ``shared_for`` may read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("client"), on_delete=models.PROTECT, related_name="+"
    )
    type = models.CharField(_("diary"), max_length=16, choices=labels.DIARY_TYPES)
    happened_at = models.DateTimeField(_("moment"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    day = models.DateField(_("day"))
    payload = EncryptedJSONField(row="id", person="author_id", editable=False)
    shared_for = models.UUIDField(_("appointment"), null=True)
    shared_at = models.DateTimeField(_("shared"), null=True)
    created_at = models.DateTimeField(_("written"))
    updated_at = models.DateTimeField(_("last changed"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("diary entry")
        verbose_name_plural = _("diary entries")
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=[each.value for each in DiaryType]), name="diary_type_known"
            ),
            models.CheckConstraint(
                condition=Q(shared_for__isnull=True, shared_at__isnull=True)
                | Q(shared_for__isnull=False, shared_at__isnull=False),
                name="diary_shared_since",
            ),
        ]
        indexes = [
            models.Index(F("author"), F("happened_at").desc(), F("id").desc(), name="diary_of_author"),
            models.Index(
                fields=["shared_for"], condition=Q(shared_for__isnull=False), name="diary_shared_for"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}"


class SharedEntry(DiaryEntry):
    """The entries that their authors share now, for the workspace: others do not exist there."""

    class Meta:
        proxy = True
        verbose_name = _("shared diary entry")
        verbose_name_plural = _("shared diary entries")
