"""A client's own consents in the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.identity.domain.consent import Channel, ConsentStatus, Purpose
from apps.identity.domain.consent_withdrawal import AFTER_WITHDRAWAL
from apps.identity.infrastructure.models import Consent
from apps.identity.infrastructure.own_consents import OwnConsent
from apps.kernel.presentation.fields import InstantField, TokenField, choice
from apps.kernel.presentation.known_fields import KnownFieldsOnly

NEVER_ASKED = "never_asked"
STATES = (*ConsentStatus, NEVER_ASKED)
DECISIONS = (ConsentStatus.GRANTED.value, ConsentStatus.DECLINED.value)
PURPOSES = [each.value for each in Purpose]


def what_follows(purpose: str) -> list[str]:
    """What a withdrawal brings, in sentences of the present language."""
    return [_(each) for each in AFTER_WITHDRAWAL[Purpose(purpose)]]


class ConsentTextSerializer(serializers.Serializer):
    version = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField(help_text="Markdown.")
    sha256 = serializers.CharField(help_text="Of the text in UTF-8, in hexadecimal.")


class OwnConsentSerializer(serializers.Serializer):
    """``version``, ``decided_at`` and ``channel`` are those of the latest decision."""

    purpose = serializers.ChoiceField(choices=PURPOSES)
    state = serializers.ChoiceField(choices=STATES)
    version = serializers.CharField(allow_null=True, help_text="Of the text that you decided about.")
    decided_at = InstantField(allow_null=True)
    channel = choice(Channel, allow_null=True, help_text="Where you decided.")
    asked_again = serializers.BooleanField(
        help_text="The text has changed since you decided: you will be asked about the new one."
    )
    document = ConsentTextSerializer(help_text="The text in force.")
    withdrawal_brings = serializers.ListField(
        child=serializers.CharField(), help_text="What follows when this consent is withdrawn, in words."
    )

    def to_representation(self, instance: OwnConsent) -> dict[str, Any]:
        document, latest = instance.document, instance.latest
        return {
            "purpose": document.purpose,
            "state": latest.status if latest else NEVER_ASKED,
            "version": latest.version if latest else None,
            "decided_at": latest.at.isoformat() if latest else None,
            "channel": latest.channel if latest else None,
            "asked_again": instance.asked_again,
            "document": ConsentTextSerializer(document).data,
            "withdrawal_brings": what_follows(document.purpose),
        }


class OwnConsentsSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True, default=None)
    previous = serializers.CharField(allow_null=True, default=None)
    results = OwnConsentSerializer(many=True)


class ConsentDecisionSerializer(KnownFieldsOnly):
    """What is decided about one purpose."""

    purpose = serializers.ChoiceField(choices=PURPOSES)
    version = TokenField("[A-Za-z0-9._-]{1,20}", help_text="Of the text in force, which was shown.")
    act = serializers.ChoiceField(choices=DECISIONS)


class ConsentDecisionsSerializer(KnownFieldsOnly):
    """Each purpose once."""

    consents = serializers.ListField(
        child=ConsentDecisionSerializer(), min_length=1, max_length=len(PURPOSES)
    )


class WithdrawalSerializer(serializers.Serializer):
    purpose = serializers.ChoiceField(choices=PURPOSES)
    version = serializers.CharField(help_text="Of the text that was agreed to.")
    withdrawn_at = InstantField(source="at")
    follows = serializers.SerializerMethodField(help_text="What follows, in words.")

    def get_follows(self, act: Consent) -> list[str]:
        return what_follows(act.purpose)


class OwnActSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="uuid")
    purpose = serializers.ChoiceField(choices=PURPOSES)
    act = choice(ConsentStatus, source="status")
    version = serializers.CharField()
    title = serializers.CharField(source="document.title")
    sha256 = serializers.CharField(help_text="Of the text that the act is about.")
    at = InstantField()
    channel = choice(Channel)
