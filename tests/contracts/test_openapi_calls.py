"""The API behaves as its schema says, whoever calls and whatever they send (Schemathesis, all checks)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode
from schemathesis.transport.wsgi import WSGITransport

from project import wsgi
from tests.booking.factories import (
    consented_client,
    make_appointment,
    make_intake_template,
    make_service,
    next_monday,
    publish_personal_data_consent,
    session_token,
)
from tests.counts import examples
from tests.payments.provider import stand_in

SCHEMA = "/api/schema/?format=json"
SIGN_OUT = "sign_out"
END_SESSION = "me_session_end"
MANY = 500
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "410", "422", "429"]
REJECTED = ["400", "401", "403", "404", "405", "406", "409", "410", "413", "415", "422", "429"]
BEYOND_SCHEMAS = {
    "unknown_time_zone",
    "impossible_instant",
    "impossible_date",
    "invalid_cursor",
    "null_character",
}


@pytest.fixture
def application(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """The WSGI application for the threads of Schemathesis: they work on the test's own connection and so in
    its transaction, which Django must not close between two calls."""
    shared = connections["default"]
    send = WSGITransport.send

    def send_in_process(transport: WSGITransport, case: Any, **options: Any) -> Any:
        # Some checks pass on these settings of calls over a network, which a call in process does not know.
        for name in ("max_redirects", "verify", "cert", "proxies"):
            options.pop(name, None)
        return send(transport, case, **options)

    def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        connections["default"] = shared
        return wsgi.application(environ, start_response)

    monkeypatch.setattr(WSGITransport, "send", send_in_process)
    shared.inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield call
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    shared.dec_thread_sharing()


@schemathesis.check
def schema_says_what_is_valid(ctx: Any, response: Any, case: Any) -> None:
    """What the schema allows is never told to be malformed, but for what no schema can say.

    The built-in check takes every 422 of a call that fits the schema for a fault; here rules of the domain
    answer 422 too (a time that is not offered, a consent that is missing), and those are none.
    """
    if response.status_code != 422 or not is_positive(case):
        return
    problem = response.json()
    codes = {error["code"] for error in problem["errors"]}
    if problem["code"] == "validation_error" and codes - BEYOND_SCHEMAS:
        raise AssertionError(f"a call that fits the schema is refused: {problem['errors']}")


def is_positive(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


def load(application: Any, *, token: str | None = None) -> Any:
    run: dict[str, Any] = {
        "continue-on-failure": True,
        "workers": 1,
        "warnings": False,
        "generation": {"max-examples": examples(8, 200), "database": "none"},
        "phases": {"stateful": {"generation": {"max-examples": examples(20, 400)}}},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ACCEPTED},
            "negative_data_rejection": {"expected-statuses": REJECTED},
        },
    }
    if token:
        run["auth"] = {"openapi": {"SessionToken": {"api_key": token}}}
    return schemathesis.openapi.from_wsgi(SCHEMA, application, config=SchemathesisConfig.from_dict(run))


def failures_of(schema: Any, *, at_least: int = MANY) -> list[str]:
    """What went wrong in a whole run of at least so many calls, in words."""
    found: dict[tuple[str | None, str], str] = {}
    calls = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError | events.NonFatalError):
            found.setdefault(
                (getattr(event, "label", None), "error"),
                f"{event.label}: {event.value!r}" if isinstance(event, events.NonFatalError) else repr(event),
            )
        if isinstance(event, events.ScenarioFinished):
            calls += len(event.recorder.interactions)
            for each in (check for checks in event.recorder.checks.values() for check in checks):
                if each.failure_info is not None:
                    failure = each.failure_info.failure
                    text = f"{event.label} {each.name}: {failure.title}\n{failure.message}"
                    found.setdefault((event.label, each.name), f"{text}\n{each.failure_info.code_sample}")
    assert calls >= at_least, f"the run made only {calls} calls"
    return list(found.values())


@pytest.fixture(autouse=True)
def _provider(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)


@pytest.fixture
def practice(db: None) -> None:
    service = make_service(slug="first-consultation", intake_template=make_intake_template())
    make_service(service.specialist, slug="free-talk", price_minor=0, format="hybrid", address="Москва")


def test_signed_in_nothing_breaks_the_schema(practice: None, application: Any) -> None:
    client = consented_client()
    make_appointment(client=client, start=next_monday(15))
    make_appointment(
        service=make_service(deposit_minor=100_000),
        client=client,
        start=next_monday(15, weeks=2),
        status="pending_payment",
    )
    schema = load(application, token=session_token(client)).exclude(operation_id=[SIGN_OUT, END_SESSION])
    found = failures_of(schema)
    assert not found, "\n\n".join(found)


def test_as_a_guest_nothing_breaks_the_schema(practice: None, application: Any) -> None:
    publish_personal_data_consent()
    found = failures_of(load(application))
    assert not found, "\n\n".join(found)


def test_ending_a_session_keeps_to_the_schema(db: None, application: Any) -> None:
    """Apart from the others, whose session it would end: here every call gets one of its own."""
    client = consented_client()
    tokens = iter([session_token(client) for _ in range(examples(200, 2_000))])
    schema = load(application).include(operation_id=SIGN_OUT)

    @schema.auth(refresh_interval=None)
    class FreshSession:
        def get(self, case: Any, context: Any) -> str:
            return next(tokens)

        def set(self, case: Any, data: str, context: Any) -> None:
            case.headers = {**(case.headers or {}), "X-Session-Token": data}

    found = failures_of(schema, at_least=8)
    assert not found, "\n\n".join(found)
