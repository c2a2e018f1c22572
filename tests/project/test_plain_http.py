"""Programs that call over plain HTTP are refused; people are redirected."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from project.plain_http import PlainHttpMiddleware

middleware = PlainHttpMiddleware(lambda request: HttpResponse("served"))


def served(request: HttpRequest) -> bool:
    return middleware(request).content == b"served"


@pytest.mark.parametrize("path", ["/api/v1/services/", "/webhooks/yookassa/"])
def test_a_program_over_plain_http_is_told_to_use_https(path: str) -> None:
    answer = middleware(RequestFactory().get(path))

    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("application/problem+json")
    assert b"https_required" in answer.content


def test_over_https_it_is_served() -> None:
    assert served(RequestFactory().get("/api/v1/services/", secure=True))


def test_pages_for_people_are_left_to_the_redirect() -> None:
    assert served(RequestFactory().get("/admin/"))
