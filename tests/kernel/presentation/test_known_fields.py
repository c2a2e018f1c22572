"""Bodies that refuse what they do not know."""

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from apps.kernel.presentation.known_fields import KnownFieldsOnly


class Body(KnownFieldsOnly):
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(required=False)


class Order(KnownFieldsOnly):
    bodies = Body(many=True)


def codes(body: object, kind: type[serializers.Serializer] = Body) -> object:
    with pytest.raises(ValidationError) as refused:
        kind(data=body).is_valid(raise_exception=True)
    return refused.value.get_codes()


def test_known_fields_pass() -> None:
    body = Body(data={"name": "Anna"})
    assert body.is_valid()
    assert body.validated_data == {"name": "Anna"}


def test_unknown_ones_and_those_of_answers_only_are_named() -> None:
    assert codes({"name": "Anna", "role": "owner", "id": 7}) == {
        "id": "unknown_field",
        "role": "unknown_field",
    }


def test_so_it_is_inside_of_others() -> None:
    assert codes({"bodies": [{"name": "Anna"}, {"role": "owner"}]}, Order) == {
        "bodies": {1: {"role": "unknown_field"}}
    }


@pytest.mark.parametrize("body", [[], "text", 7, None], ids=["list", "text", "number", "null"])
def test_what_is_no_object_is_refused(body: object) -> None:
    assert codes(body) in ({"non_field_errors": ["invalid"]}, {"non_field_errors": ["null"]})
