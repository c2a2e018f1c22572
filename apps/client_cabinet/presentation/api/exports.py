"""A client takes their data away."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.client_cabinet import wiring
from apps.client_cabinet.domain import data_export as domain
from apps.client_cabinet.infrastructure.export_queries import own_export, own_exports, seen
from apps.client_cabinet.presentation.api import export_examples as examples
from apps.client_cabinet.presentation.api.caller import actor_of
from apps.client_cabinet.presentation.api.export_serializers import (
    ASKED,
    EXPORT,
    ExportRequestSerializer,
    ExportSerializer,
    NewExportSerializer,
)
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems

ZIP, PDF = "application/zip", "application/pdf"
_FILES = {domain.ExportKind.ARCHIVE: (ZIP, "zip"), domain.ExportKind.DIARY_PDF: (PDF, "pdf")}
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string"},
    OpenApiParameter.HEADER,
    required=False,
    description=(
        "Accepted and not heeded: the answer carries the passphrase, so it is kept nowhere. Where it got "
        "lost, drop the export and ask again; only one is prepared at a time."
    ),
)
_LOCATION = OpenApiParameter(
    "Location",
    {"type": "string", "format": "uri-reference"},
    OpenApiParameter.HEADER,
    description="Where the export is read.",
    response=[201],
)


class UnkeptView(PrivateView):
    """Answers with passphrases and files, which nobody keeps: not even the caller's own browser."""

    @property
    def default_response_headers(self) -> dict[str, Any]:
        return {**super().default_response_headers, "Cache-Control": "private, no-store"}


class Exports(UnkeptView, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = ExportSerializer

    @extend_schema(
        operation_id="exports_list",
        tags=["exports"],
        summary="List your exports",
        description="The latest first.",
        responses={200: ExportSerializer(many=True)},
        examples=[examples.READY],
    )
    def get(self, request: Request) -> Response:
        now = wiring.clock.now()
        page = self.paginate_queryset(own_exports(client_id_of(request)))
        return self.get_paginated_response(
            [EXPORT.to_representation(seen(row, now=now)) for row in page or ()]
        )

    @extend_schema(
        operation_id="exports_create",
        tags=["exports"],
        summary="Ask for your data",
        description=(
            "`archive`: everything that is kept about you, as JSON and as a page to read, in a ZIP archive "
            "under AES-256 (7-Zip, Keka and their like open it). `diary_pdf`: your diary of a period with "
            "charts, as a PDF under AES-256 that any reader opens.\n\n"
            "The passphrase is in this answer and nowhere else. The file is prepared in the background; a "
            "letter says when it is ready. It is kept for 72 hours."
        ),
        parameters=[_IDEMPOTENCY_KEY, _LOCATION],
        request=ExportRequestSerializer,
        responses={201: NewExportSerializer},
        examples=[examples.ASKING_ARCHIVE, examples.ASKING_DIARY, examples.ASKED],
    )
    @problems(domain.WrongExportPeriod, domain.ExportRunning, domain.TooManyExports)
    def post(self, request: Request) -> Response:
        asked = ASKED.run_validation(request.data)
        export, passphrase = wiring.request_export(
            client_id=client_id_of(request),
            kind=domain.ExportKind(asked["kind"]),
            first_day=asked.get("first_day"),
            last_day=asked.get("last_day"),
            actor=actor_of(request),
        )
        told = EXPORT.to_representation(seen(export, now=export.created_at))
        return Response(
            {**told, "passphrase": passphrase},
            status=201,
            headers={"Location": reverse("export", kwargs={"export_id": export.id})},
        )


class ExportDetail(PrivateView):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="exports_retrieve",
        tags=["exports"],
        summary="See how far an export is",
        responses={200: ExportSerializer},
        examples=[examples.PROCESSING],
    )
    @problems(domain.ExportNotFound)
    def get(self, request: Request, export_id: UUID) -> Response:
        found = own_export(client_id=client_id_of(request), export_id=export_id, now=wiring.clock.now())
        return Response(EXPORT.to_representation(found))


class FileRenderer(BaseRenderer):
    """Files are streamed as they are, whatever is asked for; problems are rendered as JSON."""

    media_type, format = "*/*", "file"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return JSONRenderer().render(data, "application/json", renderer_context)


class ExportFile(UnkeptView, IdempotentMixin):
    permission_classes = (IsClient,)
    renderer_classes = (FileRenderer,)

    @extend_schema(
        operation_id="exports_file",
        tags=["exports"],
        summary="Fetch the file of an export",
        description=(
            "The encrypted file, as often as you like until it expires. Each time is written into the log of "
            "the practice."
        ),
        responses={(200, ZIP): OpenApiTypes.BINARY, (200, PDF): OpenApiTypes.BINARY},
        examples=[examples.ZIP_FILE, examples.PDF_FILE],
    )
    @problems(domain.ExportNotFound, domain.ExportNotReady, domain.ExportExpired)
    def get(self, request: Request, export_id: UUID) -> HttpResponseBase:
        file = wiring.fetch_export(
            export_id=export_id, client_id=client_id_of(request), actor=actor_of(request)
        )
        media_type, extension = _FILES[file.kind]
        name = f"{file.kind.value.replace('_pdf', '')}-{file.ready_at:%Y-%m-%d}.{extension}"
        return StreamingHttpResponse(
            file.pieces,
            content_type=media_type,
            headers={
                "Content-Length": str(file.size),
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    @extend_schema(
        operation_id="exports_destroy",
        tags=["exports"],
        summary="Drop the file of an export",
        description=(
            "Removes it at once, or stops its making. The export still counts among those of the day. "
            "What is over already stays so."
        ),
        responses={204: OpenApiResponse(description="There is no file of it any more.")},
    )
    @problems(domain.ExportNotFound)
    def delete(self, request: Request, export_id: UUID) -> Response:
        wiring.drop_export(export_id=export_id, client_id=client_id_of(request), actor=actor_of(request))
        return Response(status=204)
