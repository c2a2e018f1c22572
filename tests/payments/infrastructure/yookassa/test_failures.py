"""Every way a call goes wrong, over real sockets, is exactly one failure of the port."""

import re
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.domain.money import Money
from apps.payments.application.ports import OutcomeUnknown, ProviderFailure, Refused, TryAgain
from apps.payments.infrastructure.yookassa.failures import failure_of
from apps.payments.infrastructure.yookassa.provider import YooKassaProvider
from tests.counts import property_settings
from tests.payments.infrastructure.yookassa.answers import payment_json
from tests.payments.infrastructure.yookassa.conftest import provider_at
from tests.payments.infrastructure.yookassa.misbehaving import (
    answering,
    breaking_off,
    dripping,
    gibberish,
    hanging_up,
    refusing,
    resetting,
    silent,
)
from tests.payments.orders import payment_order, receipt_order, refund_order

SUM = Money.from_decimal("4500.00")
ID = "2d6b3e1f-000f-5000-9000-145f6df21d6f"
CODE = re.compile(r"[a-z0-9_]{1,64}")
PAGE = "<html><body><h1>Something went wrong</h1></body></html>"
PROCESSING = answering(202, {"type": "processing", "description": "…", "retry_after": 1800})


def write(provider: YooKassaProvider) -> object:
    return provider.create_payment(payment_order(amount=SUM))


def read(provider: YooKassaProvider) -> object:
    return provider.payment(ID)


def impatient(url: str) -> YooKassaProvider:
    return provider_at(url, connect_timeout=0.3, read_timeout=0.3)


def failure(act, provider) -> ProviderFailure:
    with pytest.raises(ProviderFailure) as caught:
        act(provider)
    return caught.value


@pytest.mark.parametrize("act", [write, read])
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "invalid_request"),
        (401, "invalid_credentials"),
        (403, "forbidden"),
        (404, "not_found"),
        (405, "method_not_allowed"),
        (410, "gone"),
        (415, "unsupported_media_type"),
    ],
)
def test_what_the_provider_says_no_to_is_refused_with_its_code(server, provider, act, status, code):
    server.will(refusing(status, code))

    error = failure(act, provider)

    assert (type(error), error.code) == (Refused, code)
    assert len(server.seen) == 1


@pytest.mark.parametrize("act", [write, read])
@pytest.mark.parametrize(
    "answer",
    [
        refusing(429, "too_many_requests"),
        answering(429, PAGE),
        answering(429, {}, {"Retry-After": "3600"}),
    ],
)
def test_too_many_calls_may_be_tried_again_and_nobody_sleeps_for_it(server, provider, act, answer):
    server.will(answer)
    began = time.monotonic()

    error = failure(act, provider)

    assert (type(error), error.code) == (TryAgain, "too_many_requests")
    assert time.monotonic() - began < 5


UNCLEAR = [
    pytest.param(refusing(500, "internal_server_error"), "internal_server_error", id="500"),
    pytest.param(answering(500, ""), "http_500", id="500 without a body"),
    pytest.param(answering(502, PAGE), "http_502", id="502 page"),
    pytest.param(answering(503, PAGE), "http_503", id="503 page"),
    pytest.param(answering(503, PAGE, {"Retry-After": "3600"}), "http_503", id="503 come back in an hour"),
    pytest.param(answering(504, PAGE), "http_504", id="504 page"),
    pytest.param(answering(404, PAGE), "http_404", id="404 page of a proxy"),
    pytest.param(answering(403, {"message": "WAF"}), "http_403", id="403 JSON of a firewall"),
    pytest.param(answering(400, "[" * 100_000), "http_400", id="400 nested too deep"),
    pytest.param(answering(302, "", {"Location": "https://elsewhere.example/"}), "http_302", id="redirect"),
    pytest.param(answering(200, PAGE), "unexpected_answer", id="200 page"),
    pytest.param(answering(200, ""), "unexpected_answer", id="200 empty"),
    pytest.param(answering(200, '{"id": "2d6b'), "unexpected_answer", id="200 cut JSON"),
    pytest.param(answering(200, b"\xff\xfe\xfa"), "unexpected_answer", id="200 bytes"),
    pytest.param(answering(200, "null"), "unexpected_answer", id="200 null"),
    pytest.param(answering(200, []), "unexpected_answer", id="200 list"),
    pytest.param(answering(200, {}), "unexpected_answer", id="200 empty object"),
    pytest.param(answering(200, payment_json(status="brand_new")), "unexpected_answer", id="unknown status"),
    pytest.param(answering(200, payment_json(amount=None)), "unexpected_answer", id="no amount"),
    pytest.param(answering(204, ""), "unexpected_answer", id="204"),
    pytest.param(silent, "no_answer", id="read timeout"),
    pytest.param(dripping, "no_answer", id="a byte at a time"),
    pytest.param(resetting, "connection_lost", id="reset"),
    pytest.param(hanging_up, "connection_lost", id="hung up"),
    pytest.param(breaking_off, "connection_lost", id="cut body"),
    pytest.param(gibberish, "connection_lost", id="no HTTP"),
    pytest.param(PROCESSING, "processing", id="202 exhausted"),
]


@pytest.mark.parametrize(("behaviour", "code"), UNCLEAR)
def test_a_lost_answer_to_a_write_leaves_the_outcome_unknown(server, behaviour, code):
    server.will(behaviour)

    error = failure(write, impatient(server.url) if code == "no_answer" else provider_at(server.url))

    assert (type(error), error.code) == (OutcomeUnknown, code)


@pytest.mark.parametrize(("behaviour", "code"), UNCLEAR)
def test_a_lost_answer_to_a_reading_may_be_tried_again(server, behaviour, code):
    server.will(behaviour)

    error = failure(read, impatient(server.url) if code == "no_answer" else provider_at(server.url))

    assert (type(error), error.code) == (TryAgain, code)


@pytest.mark.parametrize("act", [write, read])
@pytest.mark.parametrize(
    "url",
    [
        "http://provider.invalid/v3",
        "provider.example/v3",
        "ftp://provider.example",
        "http://[::bad/",
        "http://:0",
    ],
)
def test_an_address_that_leads_nowhere_may_be_tried_again(act, url):
    error = failure(act, provider_at(url, connect_timeout=3))

    assert (type(error), error.code) == (TryAgain, "unreachable")


@pytest.mark.parametrize("act", [write, read])
def test_a_refused_connection_may_be_tried_again(act):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        error = failure(act, provider_at(f"http://127.0.0.1:{held.getsockname()[1]}"))

    assert (type(error), error.code) == (TryAgain, "unreachable")


@pytest.mark.parametrize("act", [write, read])
def test_a_connection_that_nobody_accepts_may_be_tried_again(act):
    with socket.socket() as busy, socket.socket() as first, socket.socket() as second:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for queued in (first, second):
            queued.setblocking(False)
            queued.connect_ex(busy.getsockname())
        error = failure(act, provider_at(f"http://127.0.0.1:{busy.getsockname()[1]}", connect_timeout=0.3))

    assert (type(error), error.code) == (TryAgain, "unreachable")


def test_the_same_call_is_repeated_while_the_provider_is_working_on_it(server):
    server.will(PROCESSING, answering(200, payment_json()))

    payment = provider_at(server.url).create_payment(payment_order(amount=SUM, key="the-key"))

    assert payment.id == ID
    assert [each.headers["Idempotence-Key"] for each in server.seen] == ["the-key", "the-key"]
    assert server.seen[0].body == server.seen[1].body


def test_too_many_calls_after_acceptance_leave_the_outcome_unknown(server):
    server.will(PROCESSING, refusing(429, "too_many_requests"))

    error = failure(write, provider_at(server.url))

    assert (type(error), error.code) == (OutcomeUnknown, "too_many_requests")


@pytest.mark.parametrize("behaviour", [silent, dripping, PROCESSING])
def test_a_call_ends_within_its_deadline(server, behaviour):
    server.will(behaviour)
    began = time.monotonic()

    failure(write, impatient(server.url))

    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "act",
    [
        lambda provider: provider.create_payment(payment_order(amount=SUM)),
        lambda provider: provider.capture(ID, amount=SUM, idempotence_key="k"),
        lambda provider: provider.cancel(ID, idempotence_key="k"),
        lambda provider: provider.create_refund(refund_order(ID, amount=SUM)),
        lambda provider: provider.create_receipt(receipt_order(ID, amount=SUM)),
    ],
)
def test_every_write_may_have_happened_when_its_answer_is_lost(server, provider, act):
    server.will(resetting)

    assert isinstance(failure(act, provider), OutcomeUnknown)


@pytest.mark.parametrize(
    "act",
    [
        lambda provider: provider.payment(ID),
        lambda provider: provider.refund(ID),
        lambda provider: provider.receipt(ID),
        lambda provider: provider.refunds_of(ID),
    ],
)
def test_every_reading_may_be_tried_again_when_its_answer_is_lost(server, provider, act):
    server.will(resetting)

    assert isinstance(failure(act, provider), TryAgain)


def test_an_error_of_the_sdk_itself_is_no_exception_to_the_rule():
    assert isinstance(failure_of(RuntimeError("surprise"), writing=True), OutcomeUnknown)
    assert isinstance(failure_of(RuntimeError("surprise"), writing=False), TryAgain)


def test_whatever_is_answered_a_call_ends_in_a_payment_or_in_one_of_the_three(server, provider):
    codes = st.sampled_from(["invalid_request", "too_many_requests", "Neither a code", "", None, 7])
    bodies = (
        st.binary(max_size=60)
        | st.fixed_dictionaries({"type": st.just("error"), "code": codes})
        | st.fixed_dictionaries(
            {}, optional={"status": st.sampled_from(["succeeded", "new"]), "id": st.text()}
        ).map(lambda changes: payment_json(**changes))
    )

    @property_settings(bounded=100)
    @given(status=st.integers(200, 599), body=bodies)
    def check(status, body):
        server.will(answering(status, body))
        for act in (write, read):
            try:
                assert act(provider).id
            except (Refused, TryAgain, OutcomeUnknown) as error:
                assert not (act is read and isinstance(error, OutcomeUnknown))  # noqa: PT017 - one of three
                assert CODE.fullmatch(error.code)  # noqa: PT017
            else:
                assert status == 200

    check()
