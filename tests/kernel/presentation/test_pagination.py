"""Pages of a list that grows while it is read."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny
from rest_framework.test import APIClient

from apps.identity.models import User
from apps.kernel.presentation.pagination import CreatedCursorPagination

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


class _Row(serializers.Serializer):
    name = serializers.CharField(source="display_name")


class People(generics.ListAPIView):
    queryset = User.objects.all()
    serializer_class = _Row
    pagination_class = CreatedCursorPagination
    permission_classes = [AllowAny]


class _ByRole(CreatedCursorPagination):
    ordering = ("role", "-display_name")


class PeopleByRole(People):
    pagination_class = _ByRole


urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/people/", People.as_view()),
    path("api/people-by-role/", PeopleByRole.as_view()),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.presentation.test_pagination")]


def add(count: int, *, at: datetime = NOON) -> None:
    for number in range(count):
        User.objects.create_user(f"{at:%H%M%S}-{number}@example.ru", display_name=f"{number}", created_at=at)


def read(api: APIClient, url: str = "/api/people/", **query: str):  # type: ignore[no-untyped-def]
    return api.get(url, query or None)


def walk(api: APIClient, **query: str) -> list[list[str]]:
    pages, body = [], read(api, **query).json()
    while True:
        pages.append([row["name"] for row in body["results"]])
        if body["next"] is None:
            return pages
        body = read(api, body["next"]).json()


def test_every_row_is_seen_once_even_when_all_were_created_at_once(api: APIClient) -> None:
    add(23)
    pages = walk(api, limit="5")
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3]
    assert len({name for page in pages for name in page}) == 23


def test_new_rows_do_not_move_the_pages_that_follow(api: APIClient) -> None:
    add(6)
    first = read(api, limit="3").json()
    add(4, at=NOON + timedelta(hours=1))
    second = read(api, first["next"]).json()
    seen = [row["name"] for row in first["results"] + second["results"]]
    assert len(set(seen)) == 6
    assert second["next"] is None
    assert second["previous"] is not None


def test_newest_come_first(api: APIClient) -> None:
    for minute in range(3):
        add(1, at=NOON + timedelta(minutes=minute))
    created = [User.objects.get(email=f"12{minute:02d}00-0@example.ru").created_at for minute in range(3)]
    assert created == sorted(created)
    User.objects.filter(created_at=created[2]).update(display_name="newest")
    assert read(api).json()["results"][0] == {"name": "newest"}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.5", "", "٣", "99999999999999999999"])
def test_a_limit_out_of_bounds_is_refused(api: APIClient, limit: str) -> None:
    response = read(api, limit=limit)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "invalid_limit")
    assert response.json()["errors"][0]["pointer"] == "/limit"


ROW = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "x",
        "[]",
        "{}",
        "null",
        "[" * 200,
        '["n"]',
        '["n", "2026-12-01T12:00:00+00:00"]',
        f'["n", "2026-12-01T12:00:00", "{ROW}"]',
        f'["n", "2026-13-01T12:00:00+00:00", "{ROW}"]',
        f'["x", "2026-12-01T12:00:00+00:00", "{ROW}"]',
        f'["n", null, "{ROW}"]',
        '["n", "2026-12-01T12:00:00+00:00", "1"]',
        '["n", "2026-12-01T12:00:00+00:00", ""]',
        f'["n", "2026-12-01T12:00:00+00:00", "{ROW}\\u0000"]',
        f'["n",  "2026-12-01T12:00:00+00:00", "{ROW}"]',
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(api: APIClient, content: str) -> None:
    for cursor in (content, made_of(content)):
        response = read(api, cursor=cursor)
        assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "invalid_cursor"), cursor


def made_of(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


def test_a_list_may_have_another_order(api: APIClient) -> None:
    for number, role in enumerate(["owner", "editor", "editor", "client", "owner", "editor"]):
        User.objects.create_user(f"{number}@example.ru", display_name=f"{role} {number}", role=role)
    expected = ["client 3", "editor 5", "editor 2", "editor 1", "owner 4", "owner 0"]
    names, url = [], "/api/people-by-role/?limit=2"
    while url:
        body = read(api, url).json()
        names += [row["name"] for row in body["results"]]
        previous, url = body["previous"], body["next"]
    assert names == expected
    assert [row["name"] for row in read(api, previous).json()["results"]] == expected[2:4]


def test_one_can_go_back(api: APIClient) -> None:
    add(7)
    first = read(api, limit="3").json()
    second = read(api, first["next"]).json()
    third = read(api, second["next"]).json()
    assert (first["previous"], third["next"]) == (None, None)
    assert len(third["results"]) == 1
    back = read(api, third["previous"]).json()
    assert back["results"] == second["results"]
    assert read(api, back["previous"]).json()["results"] == first["results"]
    assert read(api, back["next"]).json()["results"] == third["results"]


def test_a_page_is_one_statement(api: APIClient) -> None:
    add(5)
    following = read(api, limit="2").json()["next"]
    with CaptureQueriesContext(connection) as queries:
        read(api, following)
    assert len(queries) == 1


def test_the_next_page_keeps_the_limit(api: APIClient) -> None:
    add(5)
    query = parse_qs(urlsplit(read(api, limit="2").json()["next"]).query)
    assert query["limit"] == ["2"]
