"""Materials after a session as their client reads them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from apps.client_cabinet.infrastructure.models import Material
from tests.booking.factories import make_client, signed_in
from tests.client_cabinet.rows import make_material

pytestmark = pytest.mark.django_db

MATERIALS = "/api/v1/me/materials/"


def test_what_was_opened_to_the_client_is_listed_without_its_text():
    client = make_client()
    material = make_material(client, appointment_id=uuid4())
    make_material(client, "draft")
    make_material(client, "withdrawn")
    make_material()
    answer = signed_in(client).get(MATERIALS)
    [told] = answer.json()["results"]
    assert (told["id"], told["title"]) == (str(material.pk), "Три опоры")
    assert "Дыхание" not in answer.content.decode()


def test_reading_keeps_the_first_time_only():
    client = make_client()
    material = make_material(client)
    api = signed_in(client)
    first = api.get(f"{MATERIALS}{material.pk}/").json()
    assert first["text"] == "## Три опоры\n\n1. Дыхание."
    assert datetime.fromisoformat(first["first_read_at"]) <= datetime.now(UTC)
    assert api.get(f"{MATERIALS}{material.pk}/").json() == first
    assert api.get(MATERIALS).json()["results"][0]["first_read_at"] == first["first_read_at"]


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_is_not_open_does_not_exist(status):
    client = make_client()
    material = make_material(client, status)
    assert signed_in(client).get(f"{MATERIALS}{material.pk}/").status_code == 404


def test_another_client_finds_nothing_and_leaves_no_trace():
    material = make_material()
    stranger = signed_in(make_client())
    assert stranger.get(f"{MATERIALS}{material.pk}/").status_code == 404
    assert stranger.get(MATERIALS).json()["results"] == []
    assert Material.objects.get(pk=material.pk).first_read_at is None


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_a_client_writes_none(verb):
    client = make_client()
    material = make_material(client)
    assert getattr(signed_in(client), verb)(f"{MATERIALS}{material.pk}/", {}).status_code == 405
