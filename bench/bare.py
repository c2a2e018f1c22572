"""Bare DRF views: the least that the same answer, or one written row, can cost behind the same middleware."""

import json
from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.booking.infrastructure import models
from apps.payments.infrastructure.models import PaymentNotification

_answers: dict[str, HttpResponse] = {}


def answer_of(path: str) -> HttpResponse:
    """What the product answers to a GET of ``path``, asked for once."""
    if path not in _answers:
        _answers[path] = Client(headers={"Host": "localhost"}).get(path)
    return _answers[path]


class Bare(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)


class SameBytes(Bare):
    """The very bytes, made beforehand: not even JSON is written."""

    def get(self, request: Request) -> HttpResponse:
        answer = answer_of(request.query_params["of"])
        return HttpResponse(answer.content, content_type=answer["Content-Type"])


class SameJson(Bare):
    """The same answer the way DRF writes it: from values, by its JSON renderer."""

    def get(self, request: Request) -> Response:
        answer = answer_of(request.query_params["of"])
        if not hasattr(answer, "values"):
            answer.values = json.loads(answer.content)
        return Response(answer.values)


class OneInsert(Bare):
    """Reads a JSON body, writes the one row of an appointment (autocommit) without a look at anything else,
    answers with JSON."""

    def post(self, request: Request) -> Response:
        now = timezone.now()
        asked = request.data
        start = datetime.fromisoformat(asked["start"])
        row = models.Appointment.objects.create(
            specialist_id=asked["specialist"],
            client_id=asked["client"],
            service_id=asked["service"],
            terms=asked["terms"],
            status="pending_payment",
            start=start,
            end=start + timedelta(minutes=20),
            buffer_before_minutes=0,
            buffer_after_minutes=5,
            blocked=DateTimeTZRange(start, start + timedelta(minutes=25), "[)"),
            meeting_format=asked["meeting_format"],
            time_zone=asked["time_zone"],
            hold_length_minutes=20,
            hold_expires_at=now + timedelta(minutes=20),
            created_at=now,
        )
        return Response({"id": str(row.id), "status": row.status, "created_at": now.isoformat()}, status=201)


class OneNotification(Bare):
    """Reads a JSON body and writes one row of three fields (autocommit)."""

    def post(self, request: Request) -> Response:
        asked = request.data
        row = PaymentNotification.objects.create(
            event=asked["event"], object_id=asked["object"]["id"], received_at=timezone.now()
        )
        return Response({"id": row.pk}, status=201)
