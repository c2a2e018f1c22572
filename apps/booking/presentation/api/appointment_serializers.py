"""Appointments in the API."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework import serializers

from apps.booking.application.views import AppointmentView
from apps.booking.domain.appointment import Origin
from apps.booking.domain.cancellation import Cancellation, RefundRule
from apps.booking.domain.lifecycle import AppointmentStatus
from apps.booking.domain.outcome import ReasonCategory
from apps.booking.domain.service import MeetingFormat
from apps.booking.presentation.api.service_serializers import SLUG_PATTERN, BookedServiceSerializer
from apps.booking.presentation.api.utm import UtmField
from apps.kernel.presentation.fields import InstantField, MoneyField, TimeZoneField, TokenField, choice

MARK_PATTERN = "[A-Za-z0-9_-]{1,64}"
DEEP_LINK_PATTERN = "[0-9A-Za-z]{10}"
MAX_CONSENTS = 10


class ConsentSerializer(serializers.Serializer):
    """A document that the client has read and agrees to."""

    purpose = TokenField("[a-z_]{1,30}", help_text="As in consents/documents/.")
    version = TokenField("[A-Za-z0-9._-]{1,20}", help_text="The version that was shown.")


class BookingSerializer(serializers.Serializer):
    service = TokenField(SLUG_PATTERN, help_text="The slug of a published service.")
    start = InstantField(help_text="One of the starts that slots/ offers.")
    meeting_format = choice(MeetingFormat)
    time_zone = TimeZoneField(help_text="The client's; the times of the appointment are shown in it.")
    consents = serializers.ListField(
        child=ConsentSerializer(),
        required=False,
        max_length=MAX_CONSENTS,
        help_text="What is agreed to with this booking.",
    )
    topic = TokenField(MARK_PATTERN, required=False, help_text="What led here: the slug of a topic.")
    entry_point = TokenField(MARK_PATTERN, required=False, help_text="Where the booking was begun.")
    deep_link_id = TokenField(DEEP_LINK_PATTERN, required=False, help_text="Of the link that was followed.")
    utm = UtmField(required=False)


class ReschedulingSerializer(serializers.Serializer):
    start = InstantField(help_text="The new start: one that slots/ offers.")


class CancelingSerializer(serializers.Serializer):
    reason = choice(ReasonCategory, required=False, help_text="Why, roughly.")


class AppointmentSerializer(serializers.Serializer[AppointmentView]):
    """Every instant carries the offset of the appointment's ``time_zone``."""

    id = serializers.UUIDField()
    status = choice(AppointmentStatus)
    start = InstantField()
    end = InstantField()
    time_zone = TimeZoneField()
    meeting_format = choice(MeetingFormat)
    meeting_link = serializers.CharField(
        allow_blank=True, help_text="Of an online session, once it is confirmed."
    )
    address = serializers.CharField(allow_blank=True, help_text="Of a session in person.")
    service = BookedServiceSerializer(help_text="As it was when it was booked.")
    amount_due = MoneyField(help_text="What is left to pay; until it is confirmed, what confirms it.")
    paid = MoneyField()
    refund = MoneyField(help_text="What is to be given back after a cancellation.")
    hold_expires_at = InstantField(
        allow_null=True, help_text="Until when the time is kept for payment, while it is kept."
    )
    hold_extended = serializers.BooleanField()
    answer_due_at = InstantField(
        allow_null=True, help_text="Until when the specialist answers a request, while it waits."
    )
    reschedule_count = serializers.IntegerField(min_value=0, help_text="How often the client has moved it.")
    topic = serializers.CharField(allow_blank=True)
    entry_point = serializers.CharField(allow_blank=True)
    deep_link_id = serializers.CharField(allow_blank=True)
    utm = UtmField()
    created_at = InstantField()

    def to_representation(self, instance: AppointmentView) -> dict[str, Any]:
        zone = ZoneInfo(instance.time_zone)
        local = replace(
            instance,
            start=instance.start.astimezone(zone),
            end=instance.end.astimezone(zone),
            hold_expires_at=_local(instance.hold_expires_at, zone),
            answer_due_at=_local(instance.answer_due_at, zone),
            created_at=instance.created_at.astimezone(zone),
        )
        return super().to_representation(local)


class CancellationSerializer(serializers.Serializer[Cancellation]):
    """What canceling now would mean: ``refund`` and ``kept`` are together what was paid."""

    refund = MoneyField()
    kept = MoneyField()
    rule = choice(RefundRule)
    free_until = InstantField(help_text="Until then canceling costs nothing.")


# Made once: a serializer copies all its fields for every instance, which takes longer than reading a body.
_BOOKING = BookingSerializer()
_APPOINTMENT = AppointmentSerializer()


def booking_asked_for(data: Any) -> dict[str, Any]:
    """The valid values of a body of :class:`BookingSerializer`. Raises ValidationError."""
    return _BOOKING.run_validation(data)


def origin_of(asked: dict[str, Any]) -> Origin:
    """Where a booking came from, out of the values of its body."""
    return Origin(
        entry_point=asked.get("entry_point", ""),
        topic=asked.get("topic", ""),
        deep_link_id=asked.get("deep_link_id", ""),
        utm=asked.get("utm", {}),
    )


def appointment_data(view: AppointmentView) -> dict[str, Any]:
    """What :class:`AppointmentSerializer` answers."""
    return _APPOINTMENT.to_representation(view)


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if instant is None else instant.astimezone(zone)
