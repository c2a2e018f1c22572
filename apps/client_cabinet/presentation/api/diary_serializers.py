"""The diary in the API: a form of its own for each kind of entry, told apart by ``type``."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from apps.client_cabinet.application.views import DiaryEntryView
from apps.client_cabinet.domain.content_rules import Fault
from apps.client_cabinet.domain.diary_content import DiaryType, WrongDiaryContent, content_of
from apps.client_cabinet.presentation.api.content_schema import content_schema
from apps.kernel.presentation.fields import DayField, InstantField, TimeZoneField, choice

MOST_VERSIONS = 2_147_483_647


class KindField(serializers.Field):
    """The one ``type`` that this form is for."""

    default_error_messages = {"invalid_choice": _("This kind of entry is not known.")}

    def __init__(self, kind: DiaryType, **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if data != self.kind.value:
            self.fail("invalid_choice")
        return self.kind.value

    def to_representation(self, value: Any) -> str:
        return str(value)


class PayloadField(serializers.Field):
    """What the entry says, by the rules of its kind; every fault is told at its own place."""

    def __init__(self, kind: DiaryType, **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        try:
            return content_of(self.kind, data)
        except WrongDiaryContent as error:
            raise serializers.ValidationError(_details(error.faults)) from error

    def to_representation(self, value: Any) -> Any:
        return value


class KindFieldSchema(OpenApiSerializerFieldExtension):
    target_class = KindField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "const": self.target.kind.value}


class PayloadFieldSchema(OpenApiSerializerFieldExtension):
    target_class = PayloadField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return content_schema(self.target.kind)


class WritingSerializer(serializers.Serializer):
    happened_at = InstantField(required=False, help_text="What the entry is about; now, if left out.")
    time_zone = TimeZoneField(
        required=False, help_text="Yours at that moment: it decides the day. Your account's, if left out."
    )


class CorrectionSerializer(serializers.Serializer):
    version = serializers.IntegerField(
        min_value=1, max_value=MOST_VERSIONS, help_text="The version that you have read and correct."
    )
    happened_at = InstantField(required=False, help_text="As it was, if left out.")
    time_zone = TimeZoneField(required=False, help_text="As it was, if left out.")


class ShareSerializer(serializers.Serializer):
    appointment_id = serializers.UUIDField()
    shared_at = InstantField()


class SharingSerializer(serializers.Serializer):
    appointment_id = serializers.UUIDField(help_text="One of your appointments, booked or past.")


class EntrySerializer(serializers.Serializer[DiaryEntryView]):
    id = serializers.UUIDField()
    happened_at = InstantField(help_text="With the offset of ``time_zone``.")
    time_zone = TimeZoneField()
    day = DayField(help_text="The date of that moment in ``time_zone``.")
    version = serializers.IntegerField(min_value=1, max_value=MOST_VERSIONS)
    shared = ShareSerializer(allow_null=True, help_text="Whose specialist may read it, while it is shared.")
    created_at = InstantField()
    updated_at = InstantField()


class DiaryQuery(serializers.Serializer):
    """The parameters of the list."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": DayField(required=False, help_text="The first day, by your calendar."),
            "to": DayField(required=False, help_text="The last day, itself included."),
            "type": choice(DiaryType, required=False, help_text="One kind of entry only."),
        }


def _each_kind(name: str, of: type[serializers.Serializer]) -> dict[str, type[serializers.Serializer]]:
    """``of`` for each kind of entry, with its ``type`` and ``payload``."""
    return {
        kind.value: type(
            f"{kind.value.title().replace('_', '')}{name}Serializer",
            (of,),
            {"type": KindField(kind), "payload": PayloadField(kind)},
        )
        for kind in DiaryType
    }


def _any_kind(name: str, forms: Mapping[str, type[serializers.Serializer]], **options: Any) -> Any:
    return PolymorphicProxySerializer(
        component_name=name, serializers=dict(forms), resource_type_field_name="type", **options
    )


_WRITING = _each_kind("EntryWriting", WritingSerializer)
_CORRECTING = _each_kind("EntryCorrection", CorrectionSerializer)
_ENTRIES = _each_kind("Entry", EntrySerializer)
ANY_WRITING = _any_kind("DiaryEntryWriting", _WRITING)
ANY_CORRECTION = _any_kind("DiaryEntryCorrection", _CORRECTING)
ANY_ENTRY = _any_kind("DiaryEntry", _ENTRIES)
ANY_ENTRIES = _any_kind("DiaryEntry", _ENTRIES, many=True)
QUERY, SHARING = DiaryQuery(), SharingSerializer()


class _TypeSerializer(serializers.Serializer):
    type = choice(DiaryType)


# Made once: a serializer copies all its fields for every instance.
_TYPE = _TypeSerializer()
_WRITERS = {kind: form() for kind, form in _WRITING.items()}
_CORRECTORS = {kind: form() for kind, form in _CORRECTING.items()}


def entry_asked_for(data: Any) -> dict[str, Any]:
    """What a new entry is to be, by the form of its ``type``. Raises ValidationError."""
    asked: dict[str, Any] = _WRITERS[_TYPE.run_validation(data)["type"]].run_validation(data)
    return asked


def correction_asked_for(data: Any) -> dict[str, Any]:
    """What an entry is to become, by the form of its ``type``. Raises ValidationError."""
    asked: dict[str, Any] = _CORRECTORS[_TYPE.run_validation(data)["type"]].run_validation(data)
    return asked


def entry_data(entry: DiaryEntryView) -> dict[str, Any]:
    """The entry as JSON; written out, because a page has up to a hundred of them."""
    return {
        "id": str(entry.id),
        "type": entry.type,
        "happened_at": entry.happened_at.astimezone(ZoneInfo(entry.time_zone)).isoformat(),
        "time_zone": entry.time_zone,
        "day": entry.day.isoformat(),
        "payload": entry.payload,
        "version": entry.version,
        "shared": _share(entry),
        "created_at": _utc(entry.created_at),
        "updated_at": _utc(entry.updated_at),
    }


def _share(entry: DiaryEntryView) -> dict[str, str] | None:
    if entry.shared_for is None or entry.shared_at is None:
        return None
    return {"appointment_id": str(entry.shared_for), "shared_at": _utc(entry.shared_at)}


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _details(faults: tuple[Fault, ...]) -> Any:
    """Faults as DRF nests them: lists by index, objects by name."""
    details: dict[Any, Any] = {}
    for fault in faults:
        message = gettext(fault.message) % fault.params if fault.params else gettext(fault.message)
        place = details
        for step in fault.path:
            place = place.setdefault(str(step), {})
        place.setdefault("non_field_errors", []).append(ErrorDetail(message, code=fault.code))
    return details
