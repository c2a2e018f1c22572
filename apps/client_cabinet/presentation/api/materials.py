"""Materials after a session, as their client reads them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.material import TEXT_LONGEST, TITLE_LONGEST, MaterialNotFound
from apps.client_cabinet.infrastructure.queries import own_materials
from apps.client_cabinet.presentation.api import examples
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.fields import InstantField
from apps.kernel.presentation.openapi import problems
from apps.kernel.presentation.pagination import CreatedCursorPagination


class MaterialSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField(max_length=TITLE_LONGEST)
    appointment_id = serializers.UUIDField(allow_null=True, help_text="The session that it follows.")
    shared_at = InstantField(source="approved_at")
    first_read_at = InstantField(allow_null=True, help_text="When you opened it first.")


class MaterialTextSerializer(MaterialSerializer):
    text = serializers.CharField(max_length=TEXT_LONGEST, help_text="Markdown.")


class SharedPagination(CreatedCursorPagination):
    """The latest first."""

    ordering = ("-approved_at", "-id")


_MATERIAL, _TEXT = MaterialSerializer(), MaterialTextSerializer()


class Materials(PrivateView, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = MaterialSerializer
    pagination_class = SharedPagination

    @extend_schema(
        operation_id="materials_list",
        tags=["materials"],
        summary="List your materials after sessions",
        description="The latest first, without their texts.",
        responses={200: MaterialSerializer(many=True)},
        examples=[examples.MATERIAL],
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(own_materials(client_id_of(request)))
        return self.get_paginated_response([_shown(_MATERIAL, row) for row in page or ()])


class MaterialDetail(PrivateView):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="materials_retrieve",
        tags=["materials"],
        summary="Read a material",
        description="The specialist sees when you opened it first. One that was withdrawn is not found.",
        responses={200: MaterialTextSerializer},
        examples=[examples.MATERIAL_TEXT],
    )
    @problems(MaterialNotFound)
    def get(self, request: Request, material_id: UUID) -> Response:
        found = wiring.read_material(material_id=material_id, client_id=client_id_of(request))
        return Response(_shown(_TEXT, found))


def _shown(form: serializers.Serializer, material: Any) -> dict[str, Any]:
    shown: dict[str, Any] = form.to_representation(material)
    return shown
