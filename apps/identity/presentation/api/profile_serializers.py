"""A client's own profile, contacts and sessions in the API."""

from typing import Any

from rest_framework import serializers

from apps.identity.domain.contacts import EMAIL_MAX_LENGTH, ContactKind
from apps.identity.domain.user import LANGUAGES, NAME_MAX_LENGTH
from apps.kernel.presentation.fields import InstantField, TextField, TimeZoneField, choice
from apps.kernel.presentation.known_fields import KnownFieldsOnly


class ProfileSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    display_name = serializers.CharField(help_text="How the practice and its letters call you.")
    time_zone = TimeZoneField()
    language = serializers.CharField(help_text="Of letters to you: ru or en.")
    email = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    telegram_linked = serializers.BooleanField()
    created_at = InstantField()


class ProfileChangeSerializer(KnownFieldsOnly):
    """What is left out stays as it is."""

    display_name = TextField(required=False, max_length=NAME_MAX_LENGTH)
    time_zone = TimeZoneField(required=False)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)


class ContactChangeSerializer(KnownFieldsOnly):
    kind = choice(ContactKind)
    value = TextField(
        allow_null=True,
        max_length=EMAIL_MAX_LENGTH,
        help_text="The new address, or the number with its country code; null removes the contact.",
    )


class ContactStepSerializer(serializers.Serializer):
    confirmation_id = serializers.UUIDField()
    detail = serializers.CharField()


class ConfirmationCodeSerializer(KnownFieldsOnly):
    code = TextField(max_length=40, help_text="As in the letter; dashes and spaces do not matter.")


class OwnSessionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    created_at = InstantField()
    last_seen_at = InstantField(help_text="To the hour.")
    expires_at = InstantField()
    current = serializers.SerializerMethodField(help_text="Whether this call is made in it.")

    def get_current(self, session: Any) -> bool:
        return bool(session.pk == self.context["current_id"])


class EndedSessionsSerializer(serializers.Serializer):
    ended = serializers.IntegerField(help_text="How many sessions there were besides this one.")
