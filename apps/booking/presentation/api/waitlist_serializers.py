"""Waitlist requests in the API."""

from django.conf import settings
from rest_framework import serializers

from apps.booking.domain.waitlist import PreferredContact, PreferredWindow, WaitlistStatus
from apps.booking.domain.waitlist_offer import OfferStatus
from apps.booking.presentation.api.appointment_serializers import MAX_CONSENTS, ConsentSerializer
from apps.booking.presentation.api.service_serializers import SLUG_PATTERN
from apps.kernel.presentation.fields import InstantField, TextField, TimeZoneField, TokenField, choice

NAME_MAX_LENGTH = 120
CONTACT_MAX_LENGTH = 254


class JoiningSerializer(serializers.Serializer):
    service = TokenField(SLUG_PATTERN, help_text="The slug of a published service.")
    name = TextField(
        required=False, max_length=NAME_MAX_LENGTH, help_text="How to address you; a client's own by default."
    )
    preferred_contact = choice(PreferredContact)
    contact = TextField(
        required=False,
        max_length=CONTACT_MAX_LENGTH,
        help_text=(
            "An e-mail address, a phone number with its country code, or a Telegram name or id, as "
            "preferred_contact says. A signed-in client may leave it out: the account's is taken."
        ),
    )
    window = choice(
        PreferredWindow,
        default=PreferredWindow.ANY.value,
        help_text="When sessions would suit, by the clock of time_zone; evenings begin at 17:00.",
    )
    time_zone = TimeZoneField(
        default=settings.TIME_ZONE,
        help_text="The zone of the window; the practice's by default.",
    )
    consents = serializers.ListField(
        child=ConsentSerializer(),
        required=False,
        max_length=MAX_CONSENTS,
        help_text="A guest's consent to personal_data is always needed; a client's once.",
    )


class OfferSerializer(serializers.Serializer):
    """A time that is or was kept for a request: the appointment is read, paid for, accepted or canceled by
    its own calls."""

    appointment_id = serializers.UUIDField()
    start = InstantField()
    expires_at = InstantField(help_text="Until when the time is kept for an answer.")
    status = choice(OfferStatus)


class WaitlistRequestSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    service = serializers.CharField(source="service_slug")
    preferred_contact = choice(PreferredContact)
    window = choice(PreferredWindow)
    status = choice(WaitlistStatus)
    created_at = InstantField()
    offer = OfferSerializer(
        allow_null=True, help_text="The latest time that was offered; null before any was."
    )


class JoinedSerializer(WaitlistRequestSerializer):
    guest_token = serializers.CharField(
        required=False,
        help_text="Told to guests, here only: send it as X-Guest-Token to see or leave the waitlist.",
    )
