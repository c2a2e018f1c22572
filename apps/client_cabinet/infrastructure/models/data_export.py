"""Exports that people asked for, and their files in pieces."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.client_cabinet.domain.data_export import RUNNING, ExportKind, ExportStatus, FailureCode
from apps.kernel.infrastructure.fields import EncryptedTextField

_RUNNING = sorted(each.value for each in RUNNING)
ONE_RUNNING = "data_export_one_running"
PIECE_SIZE = 256 * 1024
"""Bytes of a piece at most."""


class DataExport(models.Model):
    """An export; see the aggregate for the meaning of the columns. ``passphrase`` is ciphertext, and empty as
    soon as the file is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("client"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    status = models.CharField(max_length=12)
    passphrase = EncryptedTextField(row="id", person="client_id", blank=True)
    failure = models.CharField(max_length=16, blank=True)
    build = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(status__in=_RUNNING), name=ONE_RUNNING),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in ExportKind]), name="data_export_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[each.value for each in ExportStatus]), name="data_export_status_known"
            ),
            models.CheckConstraint(
                condition=Q(failure__in=["", *(each.value for each in FailureCode)]),
                name="data_export_failure_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_RUNNING) | Q(passphrase=""),
                name="data_export_passphrase_is_wiped",
            ),
            models.CheckConstraint(
                condition=~Q(status=ExportStatus.READY.value)
                | Q(build__isnull=False, ready_at__isnull=False, expires_at__isnull=False, size__gt=0),
                name="data_export_ready_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(kind=ExportKind.ARCHIVE.value, first_day__isnull=True, last_day__isnull=True)
                | Q(kind=ExportKind.DIARY_PDF.value, first_day__lte=models.F("last_day")),
                name="data_export_period_of_a_diary",
            ),
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="data_export_done_of_all"),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at", "-id"], name="data_export_of_client"),
            models.Index(
                fields=["expires_at"], condition=Q(status=ExportStatus.READY.value), name="data_export_to_end"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DataExportPiece(models.Model):
    """A piece of an encrypted file. ``build`` is the attempt that wrote it; others than the export's own do
    not count."""

    export = models.ForeignKey(DataExport, on_delete=models.CASCADE, related_name="pieces")
    build = models.UUIDField()
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "build", "number"], name="data_export_piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"
