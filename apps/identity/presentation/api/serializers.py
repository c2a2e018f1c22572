"""Bodies of identity's calls."""

from rest_framework import serializers

from apps.identity.domain.consent import Purpose
from apps.identity.domain.contacts import EMAIL_MAX_LENGTH


class SignInCode(serializers.Serializer):
    email = serializers.CharField(max_length=EMAIL_MAX_LENGTH, help_text="Where to send the code.")


class CodeSent(serializers.Serializer):
    detail = serializers.CharField()


class SignIn(serializers.Serializer):
    email = serializers.CharField(max_length=EMAIL_MAX_LENGTH)
    code = serializers.CharField(
        max_length=40, help_text="As in the letter; dashes and spaces do not matter."
    )


class Person(serializers.Serializer):
    id = serializers.UUIDField(source="user_id")
    display_name = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    time_zone = serializers.CharField()


class Session(serializers.Serializer):
    session_token = serializers.CharField(help_text="Send it as X-Session-Token; it is shown only now.")
    expires_at = serializers.DateTimeField()
    user = Person(source="*")


class Document(serializers.Serializer):
    purpose = serializers.ChoiceField(choices=[each.value for each in Purpose])
    version = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField(help_text="Markdown.")
    sha256 = serializers.CharField(help_text="Of the text in UTF-8, in hexadecimal.")


class Documents(serializers.Serializer):
    next = serializers.CharField(allow_null=True, default=None)
    previous = serializers.CharField(allow_null=True, default=None)
    results = Document(many=True)
