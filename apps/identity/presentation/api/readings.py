"""How often people of the practice read the private texts of the client who asks: not who, nor why."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.audit import facade as audit
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of


class Reading(serializers.Serializer):
    kind = serializers.CharField(
        help_text="What was read: `intake_form`, `session_notes`, `diary_entry`, `material`."
    )
    title = serializers.CharField(help_text="The same in words.")
    count = serializers.IntegerField(min_value=1, help_text="How many times it was opened.")
    last_at = serializers.DateTimeField(help_text="When last.")


class Readings(serializers.Serializer):
    next = serializers.CharField(allow_null=True, default=None)
    previous = serializers.CharField(allow_null=True, default=None)
    results = Reading(many=True)


class ReadingsView(PrivateView, APIView):
    permission_classes = [IsClient]

    @extend_schema(
        operation_id="list_readings",
        summary="How often my private texts were read",
        description=(
            "People of the practice open what a client told in confidence only after they chose a reason, "
            "and each opening is written down. Here the client sees how many there were of each kind, and "
            "when last: always one page."
        ),
        tags=["me"],
        responses={200: Readings},
        examples=[
            OpenApiExample(
                "Read before a session",
                value={
                    "next": None,
                    "previous": None,
                    "results": [
                        {
                            "kind": "intake_form",
                            "title": "Анкета",
                            "count": 2,
                            "last_at": "2026-11-21T15:00:00+03:00",
                        }
                    ],
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        titles = _titles()
        rows = [
            {
                "kind": each.kind,
                "title": titles.get(each.kind, each.kind),
                "count": each.count,
                "last_at": each.last_at,
            }
            for each in audit.readings_of(client_id_of(request))
        ]
        return Response(Readings({"results": rows}).data)


def _titles() -> dict[str, str]:
    return {
        "diary_entry": _("Entry of the diary that you shared"),
        "intake_form": _("Intake form"),
        "material": _("Material of a session"),
        "session_notes": _("Notes of a session"),
    }
