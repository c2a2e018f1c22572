"""The intake form in the API."""

from rest_framework import serializers

from apps.booking.application.views import IntakeView
from apps.booking.domain.intake import MAX_ANSWER_LENGTH, IntakeStatus
from apps.kernel.presentation.fields import InstantField, TextField, choice

MAX_ANSWERS = 20


class IntakeAnswersSerializer(serializers.Serializer):
    answers = serializers.ListField(
        child=TextField(allow_blank=True, trim_whitespace=False, max_length=MAX_ANSWER_LENGTH),
        max_length=MAX_ANSWERS,
        help_text="One per question, in the order of the questions; unanswered ones are empty.",
    )


class IntakeSerializer(serializers.Serializer[IntakeView]):
    """The form as its client sees it; a blank draft until it is first saved."""

    appointment_id = serializers.UUIDField()
    status = choice(IntakeStatus)
    questions = serializers.ListField(child=serializers.CharField())
    answers = serializers.ListField(child=serializers.CharField(allow_blank=True))
    submitted_at = InstantField(allow_null=True)
