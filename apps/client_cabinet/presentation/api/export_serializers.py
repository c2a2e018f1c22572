"""Exports in the API."""

from typing import Any

from rest_framework import serializers

from apps.client_cabinet.domain.data_export import ExportKind, ExportStatus, FailureCode
from apps.client_cabinet.infrastructure.export_queries import ExportView
from apps.kernel.presentation.fields import DayField, InstantField, choice

FAILURES = ["", *(each.value for each in FailureCode)]


class ExportRequestSerializer(serializers.Serializer):
    kind = choice(ExportKind)
    first_day = DayField(required=False, help_text="Of the diary; needed for `diary_pdf`, and only for it.")
    last_day = DayField(required=False, help_text="Included; at most 366 days with the first.")


class ProgressSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField(min_value=0)
    total = serializers.IntegerField(min_value=0, help_text="0 while nobody has begun.")


class ExportSerializer(serializers.Serializer[ExportView]):
    id = serializers.UUIDField()
    kind = choice(ExportKind)
    first_day = DayField(allow_null=True)
    last_day = DayField(allow_null=True)
    status = choice(
        ExportStatus,
        help_text="`ready` files can be fetched; `failed` ones may be asked for again, and do not count.",
    )
    failure = serializers.ChoiceField(choices=FAILURES, help_text="Why it failed, if it did.")
    progress = serializers.SerializerMethodField(help_text="Steps of the work.")
    size = serializers.IntegerField(min_value=0, help_text="Of the file in bytes, once it is ready.")
    created_at = InstantField()
    ready_at = InstantField(allow_null=True)
    expires_at = InstantField(allow_null=True, help_text="Until when the file is kept.")

    def get_progress(self, export: ExportView) -> ProgressSerializer:
        return {"done": export.done, "total": export.total}  # type: ignore[return-value]  # the hint names the schema


class NewExportSerializer(ExportSerializer):
    passphrase = serializers.CharField(
        help_text="Opens the file. Told in this answer only and written down nowhere: keep it."
    )


# Made once: a serializer copies all its fields for every instance.
ASKED = ExportRequestSerializer()
EXPORT = ExportSerializer()
