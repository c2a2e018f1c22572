"""Which letters a client gets, in the API."""

from rest_framework import serializers

from apps.kernel.presentation.known_fields import KnownFieldsOnly
from apps.messaging.domain.kinds import OPTIONAL_KINDS

_CLOCK = r"^[0-2][0-9]:[0-5][0-9]$"
OPTIONAL = sorted(kind.value for kind in OPTIONAL_KINDS)


class OptionalLetterSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=OPTIONAL)
    title = serializers.CharField()
    on = serializers.BooleanField(help_text="Whether you get it.")


class QuietHoursSerializer(serializers.Serializer):
    """By your clock; letters that can wait come after them."""

    start = serializers.RegexField(_CLOCK)
    end = serializers.RegexField(_CLOCK)


class RestingSerializer(serializers.Serializer):
    purpose = serializers.CharField(help_text="Of a consent: see `/me/consents/`.")
    granted = serializers.BooleanField(help_text="Whether your consent stands now.")
    hint = serializers.CharField(help_text="Which messages rest on it.")


class NotificationsSerializer(serializers.Serializer):
    letters = OptionalLetterSerializer(many=True)
    quiet_hours = QuietHoursSerializer()
    consents = RestingSerializer(many=True)


class NotificationChoiceSerializer(KnownFieldsOnly):
    switched_off = serializers.ListField(
        child=serializers.ChoiceField(choices=OPTIONAL),
        max_length=len(OPTIONAL),
        help_text="The optional letters that you do not want; all others are switched on.",
    )
