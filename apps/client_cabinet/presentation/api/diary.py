"""A client's diary: theirs alone."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.client_cabinet import wiring
from apps.client_cabinet.application.ports import AppointmentMissing, ConsentRequired
from apps.client_cabinet.application.write_diary import DiaryTypeFixed
from apps.client_cabinet.domain.diary import AppointmentNotShareable, DiaryEntryNotFound, EntryInFuture
from apps.client_cabinet.domain.diary_content import DiaryType
from apps.client_cabinet.infrastructure.queries import own_entries, own_entry
from apps.client_cabinet.presentation.api import examples
from apps.client_cabinet.presentation.api.caller import actor_of, time_zone_of
from apps.client_cabinet.presentation.api.diary_page import page_json
from apps.client_cabinet.presentation.api.diary_serializers import (
    ANY_CORRECTION,
    ANY_ENTRIES,
    ANY_ENTRY,
    ANY_WRITING,
    QUERY,
    SHARING,
    DiaryQuery,
    EntrySerializer,
    SharingSerializer,
    correction_asked_for,
    entry_asked_for,
    entry_data,
)
from apps.kernel.domain.errors import DomainError, StaleVersion, gettext_noop
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems
from apps.kernel.presentation.pagination import CreatedCursorPagination

_LOCATION = OpenApiParameter(
    "Location",
    {"type": "string", "format": "uri-reference"},
    OpenApiParameter.HEADER,
    description="Where the entry is read.",
    response=[201],
)


class PeriodReversed(DomainError):
    code = "period_reversed"
    message = gettext_noop("The period ends before it begins.")


class HappenedPagination(CreatedCursorPagination):
    """The latest moment first."""

    ordering = ("-happened_at", "-id")


class Diary(PrivateView, IdempotentMixin, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = EntrySerializer
    pagination_class = HappenedPagination

    def rows(
        self, author_id: UUID, *, first: date | None, last: date | None, kind: str | None
    ) -> QuerySet[Any, Any]:
        return own_entries(author_id, first=first, last=last, kind=kind)

    def answer(self, page: list[Any]) -> HttpResponse:
        links = self.get_paginated_response(None).data
        return HttpResponse(page_json(links, page), content_type="application/json")

    @extend_schema(
        operation_id="diary_list",
        tags=["diary"],
        summary="List your diary",
        description=(
            "The latest moment first; nobody else sees it. `from` and `to` are days of your calendar, both "
            "included."
        ),
        parameters=[DiaryQuery],
        responses={200: ANY_ENTRIES},
        examples=[examples.EMOTIONS],
    )
    @problems(PeriodReversed)
    def get(self, request: Request) -> HttpResponse:
        asked: dict[str, Any] = QUERY.run_validation(request.query_params.dict())
        first, last = asked.get("from"), asked.get("to")
        if first is not None and last is not None and last < first:
            raise PeriodReversed(field="to")
        rows = self.rows(client_id_of(request), first=first, last=last, kind=asked.get("type"))
        return self.answer(self.paginate_queryset(rows) or [])

    @extend_schema(
        operation_id="diary_create",
        tags=["diary"],
        summary="Write into your diary",
        description=(
            "Each `type` has a `payload` of its own. Scales go from 0 (not at all) to 10 (very much). An "
            "entry of `sleep_energy` tells both times, or the hours of sleep.\n\n"
            "Writing needs a consent to `health_data`; without it the problem `consent_required` carries the "
            "text to be shown in `document`. Reading and removing need none."
        ),
        parameters=[_LOCATION],
        request=ANY_WRITING,
        responses={201: ANY_ENTRY},
        examples=[*examples.WRITING, examples.EMOTIONS],
    )
    @problems(ConsentRequired, EntryInFuture)
    def post(self, request: Request) -> Response:
        asked = entry_asked_for(request.data)
        entry = wiring.write_entry(
            author_id=client_id_of(request),
            type=DiaryType(asked["type"]),
            happened_at=asked.get("happened_at"),
            time_zone=asked.get("time_zone") or time_zone_of(request),
            payload=asked["payload"],
        )
        place = reverse("diary-entry", kwargs={"entry_id": entry.id})
        return Response(entry_data(entry), status=201, headers={"Location": place})


class DiaryEntryDetail(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="diary_retrieve",
        tags=["diary"],
        summary="Read one entry",
        responses={200: ANY_ENTRY},
        examples=[examples.EMOTIONS],
    )
    @problems(DiaryEntryNotFound)
    def get(self, request: Request, entry_id: UUID) -> Response:
        return Response(entry_data(own_entry(author_id=client_id_of(request), entry_id=entry_id)))

    @extend_schema(
        operation_id="diary_update",
        tags=["diary"],
        summary="Correct an entry",
        description=(
            "Puts the whole `payload` in place of the old one, which is gone then. `version` is the one that "
            "you have read: if the entry has changed since, the answer is `stale_version`. The `type` stays. "
            "Needs a consent to `health_data`, as writing does."
        ),
        request=ANY_CORRECTION,
        responses={200: ANY_ENTRY},
        examples=[examples.CORRECTION, examples.EMOTIONS],
    )
    @problems(DiaryEntryNotFound, ConsentRequired, StaleVersion, DiaryTypeFixed, EntryInFuture)
    def put(self, request: Request, entry_id: UUID) -> Response:
        asked = correction_asked_for(request.data)
        entry = wiring.correct_entry(
            entry_id=entry_id,
            author_id=client_id_of(request),
            type=DiaryType(asked["type"]),
            happened_at=asked.get("happened_at"),
            time_zone=asked.get("time_zone"),
            payload=asked["payload"],
            expected_version=asked["version"],
        )
        return Response(entry_data(entry))

    @extend_schema(
        operation_id="diary_destroy",
        tags=["diary"],
        summary="Throw an entry away",
        description="For good, and at once; nothing of it is kept. Whoever it was shared with loses it too.",
        responses={204: OpenApiResponse(description="The entry is gone.")},
    )
    @problems(DiaryEntryNotFound)
    def delete(self, request: Request, entry_id: UUID) -> Response:
        wiring.remove_entry(entry_id=entry_id, actor=actor_of(request))
        return Response(status=204)


class DiaryEntryShare(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="diary_share",
        tags=["diary"],
        summary="Let the specialist read an entry",
        description=(
            "The specialist of this appointment of yours may read the entry as it stands, later corrections "
            "included, until you unshare it or the appointment is canceled. Each reading is written down. An "
            "entry is shared for one appointment at a time."
        ),
        request=SharingSerializer,
        responses={200: ANY_ENTRY},
        examples=[examples.SHARING, examples.SHARED],
    )
    @problems(DiaryEntryNotFound, AppointmentMissing, AppointmentNotShareable)
    def post(self, request: Request, entry_id: UUID) -> Response:
        asked = SHARING.run_validation(request.data)
        entry = wiring.share_entry(
            entry_id=entry_id, appointment_id=asked["appointment_id"], actor=actor_of(request)
        )
        return Response(entry_data(entry))

    @extend_schema(
        operation_id="diary_unshare",
        tags=["diary"],
        summary="Stop sharing an entry",
        description="At once. An entry that is not shared stays so.",
        responses={200: ANY_ENTRY},
        examples=[examples.EMOTIONS],
    )
    @problems(DiaryEntryNotFound)
    def delete(self, request: Request, entry_id: UUID) -> Response:
        return Response(entry_data(wiring.unshare_entry(entry_id=entry_id, actor=actor_of(request))))
