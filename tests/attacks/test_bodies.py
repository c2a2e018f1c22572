"""Bodies made to break a parser: every writing call answers with a problem, soon, whatever comes."""

import json

import pytest
from rest_framework.test import APIClient

from apps.kernel.presentation.problem import MAX_BODY_BYTES
from tests.attacks.api_walk import WRITING, Call, calls
from tests.booking.factories import make_client, signed_in

DEEP = 100_000
HOSTILE = {
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "unclosed": b'{"a":' * DEEP,
    "a number without end": b'{"a": ' + b"9" * 200_000 + b"}",
    "not a number": b'{"a": NaN, "b": Infinity}',
    "the same name twice": b'{"email": "a@example.org", "email": "b@example.org"}',
    "half of a surrogate pair": b'{"email": "\\ud800"}',
    "not UTF-8": b'{"email": "\xff\xfe"}',
    "a null character": b'{"email": "a\\u0000@example.org"}',
    "a list": b"[]",
    "a string": b'"text"',
    "nothing": b"",
}
CALLS = calls(*WRITING)


def post(client: APIClient, each: Call, body: bytes, content_type: str = "application/json"):
    return client.generic(each.verb.upper(), each.address(), body, content_type=content_type)


@pytest.mark.django_db
@pytest.mark.parametrize("each", CALLS, ids=str)
def test_a_hostile_body_is_answered_with_a_problem(each: Call) -> None:
    client = signed_in(make_client())
    for what, body in HOSTILE.items():
        answer = post(client, each, body)
        may_be_empty = each.example is None or (each.verb == "patch" and what == "nothing")
        takes_nothing = may_be_empty and answer.status_code < 300
        assert takes_nothing or 400 <= answer.status_code < 500, f"{what}: {answer.status_code}"
        if answer.status_code >= 400:
            assert answer["Content-Type"].startswith("application/problem+json"), what
            assert "Traceback" not in answer.content.decode(), what


@pytest.mark.django_db
@pytest.mark.parametrize("each", CALLS, ids=str)
def test_a_body_beyond_the_limit_is_refused_unread(each: Call) -> None:
    body = json.dumps({"email": "x" * MAX_BODY_BYTES}).encode()

    assert post(signed_in(make_client()), each, body).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml"]
)
def test_only_json_is_read_so_that_no_form_of_another_site_can_call(content_type: str) -> None:
    client = signed_in(make_client())
    taken = [
        str(each)
        for each in CALLS
        if each.example is not None
        and post(client, each, b'{"email": "a@example.org"}', content_type).status_code != 415
    ]
    assert taken == []
