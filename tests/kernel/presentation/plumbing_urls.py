"""Small views that show the API's plumbing at work."""

import threading
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.kernel.domain.errors import DomainError, NotFound, StaleVersion
from apps.kernel.domain.money import Money
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork
from apps.kernel.presentation.fields import InstantField, MoneyField, TimeZoneField
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.problem import register_statuses


class Refused(DomainError):
    code = "refused"
    message = "Refused because of %(reason)s."


class Remembered(Refused):
    leaves_trace = True


class TooMuch(DomainError):
    code = "too_much"
    message = "Too much."


register_statuses({TooMuch.code: 429})


class Gate:
    """Lets a test hold a call in the middle of its transaction."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.leave = threading.Event()

    def pass_through(self) -> None:
        self.entered.set()
        assert self.leave.wait(20)


gates: dict[str, Gate] = {}


def write_note(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO plumbing_note (text) VALUES (%s)", [text])


def notes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM plumbing_note ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


class Notes(IdempotentMixin, APIView):
    """POST writes a note, then does what the body asks for."""

    permission_classes = [AllowAny]

    def post(self, request: Request) -> HttpResponseBase:
        text = request.data["text"]
        with DjangoUnitOfWork()():
            write_note(text)
        if gate := gates.get(request.data.get("gate", "")):
            gate.pass_through()
        outcome = request.data.get("outcome", "created")
        if outcome == "raise":
            raise Refused(reason="the rules")
        if outcome == "remember":
            raise Remembered(reason="the rules")
        if outcome == "defect":
            raise RuntimeError("a defect")
        if outcome == "return":
            return self.refusal(Refused(reason="the rules"))
        if outcome == "none":
            return Response(status=204)
        return Response(
            {"id": str(uuid4()), "text": text}, status=201, headers={"Location": f"/notes/{text}"}
        )


class NotesAtLimit(Notes):
    throttle_scope = "notes"


class Everything(serializers.Serializer):
    price = MoneyField(required=False)
    start = InstantField(required=False)
    zone = TimeZoneField(required=False)
    name = serializers.CharField(max_length=5, required=False)
    inner = serializers.ListField(child=serializers.IntegerField(), required=False)


class Echo(APIView):
    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        serializer = Everything(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({name: repr(value) for name, value in serializer.validated_data.items()})


class Failing(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, kind: str) -> Response:
        errors: dict[str, Exception] = {
            "missing": NotFound(),
            "stale": StaleVersion(),
            "refused": Refused(
                field="start",
                reason="the rules",
                price=Money(450_000),
                at=datetime(2026, 12, 1),  # noqa: DTZ001  # any instant will do
                thing=object(),
            ),
            "toomuch": TooMuch(retry_after=3600),
            "toomuchnow": TooMuch(),
            "django404": Http404(),
            "forbidden": PermissionDenied(),
            "defect": RuntimeError("P2 text"),
        }
        raise errors[kind]


class Members(APIView):
    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user.pk)})


def page(request: Any) -> Any:
    raise Http404


def letter(request: Any, token: str) -> Any:
    return HttpResponse()


urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/notes/", Notes.as_view()),
    path("api/notes-at-limit/", NotesAtLimit.as_view()),
    path("api/echo/", Echo.as_view()),
    path("api/failing/<str:kind>/", Failing.as_view()),
    path("api/members/", Members.as_view()),
    path("api/plain/", page),
    path("page/", page),
    path("letters/<str:token>/", letter),
]
