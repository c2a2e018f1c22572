"""Favourites over HTTP: kept once, however often they are put."""

import pytest

from apps.client_cabinet.application import favourites as use_case
from apps.client_cabinet.infrastructure.models import Favourite
from tests.booking.factories import make_client, signed_in
from tests.client_cabinet.rows import make_favourite

pytestmark = pytest.mark.django_db

FAVOURITES = "/api/v1/me/favourites/"


def test_a_favourite_is_kept_once_and_removed_once():
    client = make_client()
    api = signed_in(client)
    place = f"{FAVOURITES}interactive/rit-03/"
    assert [api.put(place).status_code for _ in range(2)] == [201, 200]
    [told] = api.get(FAVOURITES).json()["results"]
    assert (told["kind"], told["reference"]) == ("interactive", "rit-03")
    assert [api.delete(place).status_code for _ in range(2)] == [204, 204]
    assert api.get(FAVOURITES).json()["results"] == []


def test_the_same_reference_of_another_kind_is_another_favourite():
    api = signed_in(make_client())
    for kind in ("content", "interactive", "service", "material"):
        assert api.put(f"{FAVOURITES}{kind}/sleep/").status_code == 201
    assert len(api.get(FAVOURITES).json()["results"]) == 4
    [only] = api.get(FAVOURITES, {"kind": "service"}).json()["results"]
    assert only["kind"] == "service"


@pytest.mark.parametrize(
    "place", ["dreams/x/", "content/две-недели/", "content/a.b/", f"content/{'x' * 81}/"]
)
def test_an_address_of_nothing_is_not_found(place):
    assert signed_in(make_client()).put(FAVOURITES + place).status_code == 404


def test_there_is_a_limit(monkeypatch):
    monkeypatch.setattr(use_case, "MOST_FAVOURITES", 2)
    client = make_client()
    api = signed_in(client)
    answers = [api.put(f"{FAVOURITES}content/{name}/") for name in ("a", "b", "c", "a")]
    assert [each.status_code for each in answers] == [201, 201, 422, 200]
    assert answers[2].json()["code"] == "too_many_favourites"


def test_everybody_sees_and_removes_their_own_only():
    mine, theirs = make_client(), make_client()
    kept = make_favourite(mine, kind="content", reference="sleep")
    api = signed_in(theirs)
    assert api.get(FAVOURITES).json()["results"] == []
    assert api.delete(f"{FAVOURITES}content/sleep/").status_code == 204
    assert api.put(f"{FAVOURITES}content/sleep/").status_code == 201
    assert list(Favourite.objects.filter(client=mine)) == [kept]
