"""Services and their free times in the API."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.booking.domain.service import MeetingFormat, ServiceFormat, ServiceTerms
from apps.booking.infrastructure.models import Service
from apps.kernel.domain.money import Money
from apps.kernel.presentation.fields import DayField, InstantField, MoneyField, TimeZoneField, choice

SLUG_PATTERN = "[-a-zA-Z0-9_]{1,80}"


@extend_schema_field({"type": "integer", "minimum": 1, "example": 50})
class MinutesField(serializers.Field):
    """A length of time as whole minutes; only ever read."""

    def to_representation(self, value: timedelta) -> int:
        return int(value.total_seconds()) // 60


class SpecialistSerializer(serializers.Serializer):
    name = serializers.CharField(source="display_name", help_text="How the specialist is called.")
    time_zone = TimeZoneField(help_text="The zone by whose calendar daily limits and the horizon count.")


class ServiceSerializer(serializers.Serializer):
    slug = serializers.CharField(help_text="The name of the service in addresses and bookings.")
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True, help_text="Markdown.")
    for_whom = serializers.CharField(allow_blank=True)
    how_it_goes = serializers.CharField(allow_blank=True)
    duration_minutes = serializers.IntegerField(min_value=1)
    format = choice(
        ServiceFormat,
        help_text="How it is held; `hybrid` lets the client choose `online` or `offline`.",
    )
    address = serializers.CharField(allow_blank=True, help_text="Where sessions in person are held.")
    price = MoneyField()
    deposit = MoneyField(allow_null=True, help_text="Where there is one, paying it confirms a booking.")
    cancel_free_hours = serializers.IntegerField(
        min_value=0, help_text="Canceling at least this long before the start gives everything back."
    )
    cancel_partial_hours = serializers.IntegerField(
        min_value=0, help_text="Canceling at least this long before the start gives half back, later nothing."
    )
    reschedule_min_hours = serializers.IntegerField(
        min_value=0, help_text="An appointment can be moved until this long before its start."
    )
    max_reschedules = serializers.IntegerField(min_value=0, help_text="How often a client may move it.")
    min_notice_hours = serializers.IntegerField(
        min_value=0, help_text="Nothing that starts sooner can be booked."
    )
    horizon_days = serializers.IntegerField(
        min_value=0, help_text="How many days ahead the calendar is open."
    )
    requires_confirmation = serializers.BooleanField(
        help_text="Whether the specialist answers every request before it is confirmed or paid."
    )
    has_intake = serializers.BooleanField(help_text="Whether the client is asked questions beforehand.")
    specialist = SpecialistSerializer()

    def to_representation(self, instance: Service) -> dict[str, Any]:
        return super().to_representation(_ReadableService(instance))


class _ReadableService:
    """A row of a service with money as Money."""

    def __init__(self, row: Service) -> None:
        self._row = row
        self.price = Money(row.price_minor)
        self.deposit = None if row.deposit_minor is None else Money(row.deposit_minor)
        self.has_intake = row.intake_template_id is not None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


class BookedServiceSerializer(serializers.Serializer[ServiceTerms]):
    """The service as it was when it was booked; later changes do not reach the appointment."""

    slug = serializers.CharField()
    name = serializers.CharField()
    duration_minutes = MinutesField(source="duration")
    price = MoneyField()
    deposit = MoneyField(allow_null=True)
    cancel_free_hours = serializers.IntegerField(min_value=0)
    cancel_partial_hours = serializers.IntegerField(min_value=0)
    reschedule_min_hours = serializers.IntegerField(min_value=0)
    max_reschedules = serializers.IntegerField(min_value=0)


class SlotQuery(serializers.Serializer):
    """The parameters of a search for free times."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": DayField(help_text="The first day, by the viewer's calendar."),
            "to": DayField(help_text="The last day, itself included; at most 62 days in all."),
            "tz": TimeZoneField(
                required=False,
                help_text="The viewer's IANA time zone; the specialist's where it is left out.",
            ),
            "meeting_format": choice(
                MeetingFormat,
                required=False,
                help_text="Check that the service is held this way.",
            ),
        }


class SlotSerializer(serializers.Serializer):
    start = InstantField()
    end = InstantField()


class SlotDaySerializer(serializers.Serializer):
    date = DayField()
    slots = SlotSerializer(many=True, help_text="Bookable times that start on this day; [] where none are.")


class SlotDaysSerializer(serializers.Serializer):
    """Documents what :mod:`slot_days` writes."""

    time_zone = TimeZoneField()
    days = SlotDaySerializer(many=True, help_text="Every day of the span, in order.")
