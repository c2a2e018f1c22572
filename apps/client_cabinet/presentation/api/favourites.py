"""What a client keeps at hand."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.favourite import REFERENCE_PATTERN, FavouriteKind, TooManyFavourites
from apps.client_cabinet.infrastructure.queries import own_favourites
from apps.client_cabinet.presentation.api import examples
from apps.kernel.presentation.client_calls import IsClient, PrivateView, client_id_of
from apps.kernel.presentation.fields import InstantField, TokenField, choice
from apps.kernel.presentation.idempotency import IdempotentMixin
from apps.kernel.presentation.openapi import problems
from apps.kernel.presentation.pagination import CreatedCursorPagination


class FavouriteSerializer(serializers.Serializer):
    kind = choice(FavouriteKind)
    reference = TokenField(REFERENCE_PATTERN, help_text="The slug or id that the thing itself goes by.")
    added_at = InstantField()


class FavouriteQuery(serializers.Serializer):
    kind = choice(FavouriteKind, required=False, help_text="One kind only.")


class AddedPagination(CreatedCursorPagination):
    """The latest first."""

    ordering = ("-added_at", "-id")


_QUERY, _FAVOURITE = FavouriteQuery(), FavouriteSerializer()
_PATH = [
    OpenApiParameter("kind", {"type": "string", "enum": list(FavouriteKind)}, OpenApiParameter.PATH),
    OpenApiParameter(
        "reference", {"type": "string", "pattern": f"^{REFERENCE_PATTERN}$"}, OpenApiParameter.PATH
    ),
]


class Favourites(PrivateView, GenericAPIView):
    permission_classes = (IsClient,)
    serializer_class = FavouriteSerializer
    pagination_class = AddedPagination

    @extend_schema(
        operation_id="favourites_list",
        tags=["favourites"],
        summary="List your favourites",
        description="The latest first.",
        parameters=[FavouriteQuery],
        responses={200: FavouriteSerializer(many=True)},
        examples=[examples.FAVOURITE],
    )
    def get(self, request: Request) -> Response:
        asked: dict[str, Any] = _QUERY.run_validation(request.query_params.dict())
        page = self.paginate_queryset(own_favourites(client_id_of(request), kind=asked.get("kind")))
        return self.get_paginated_response([_FAVOURITE.to_representation(row) for row in page or ()])


class FavouritePlace(PrivateView, IdempotentMixin):
    permission_classes = (IsClient,)

    @extend_schema(
        operation_id="favourites_update",
        tags=["favourites"],
        summary="Keep something at hand",
        description=(
            "Doing it twice changes nothing. It is a pointer: that the thing exists is not looked up, and "
            "favourites whose thing is gone stay until you remove them."
        ),
        parameters=_PATH,
        request=None,
        responses={
            200: OpenApiResponse(FavouriteSerializer, description="It was kept already."),
            201: FavouriteSerializer,
        },
        examples=[examples.FAVOURITE],
    )
    @problems(TooManyFavourites)
    def put(self, request: Request, kind: str, reference: str) -> Response:
        favourite, is_new = wiring.add_favourite(
            client_id=client_id_of(request), kind=FavouriteKind(kind), reference=reference
        )
        return Response(_FAVOURITE.to_representation(favourite), status=201 if is_new else 200)

    @extend_schema(
        operation_id="favourites_destroy",
        tags=["favourites"],
        summary="Keep it no longer",
        description="What is not among the favourites stays so.",
        parameters=_PATH,
        responses={204: OpenApiResponse(description="It is not among the favourites.")},
    )
    def delete(self, request: Request, kind: str, reference: str) -> Response:
        wiring.remove_favourite(
            client_id=client_id_of(request), kind=FavouriteKind(kind), reference=reference
        )
        return Response(status=204)
