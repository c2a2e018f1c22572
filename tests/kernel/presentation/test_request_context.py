"""Every request has an id that comes back, and an address that nobody can make up."""

import pytest
import structlog
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from structlog.testing import LogCapture

from apps.kernel.presentation.request_context import RequestContextMiddleware, client_ip


@pytest.fixture
def log():
    before = structlog.get_config()
    capture = LogCapture()
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture.entries
    structlog.configure(**before)


class TestRequestId:
    @pytest.mark.parametrize("given", ["8f14e45f-ceea-467f-a83c-1b2d3e4f5a6b", "trace_1.span-22"])
    def test_a_sane_id_of_the_caller_is_kept(self, client, given):
        assert client.get("/health/live", headers={"x-request-id": given}).headers["X-Request-ID"] == given

    @pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", "line\nbreak", "<script>"])
    def test_any_other_id_is_replaced(self, client, given):
        answer = client.get("/health/live", headers={"x-request-id": given}).headers["X-Request-ID"]

        assert answer != given
        assert len(answer) == 32

    def test_two_requests_have_two_ids(self, client):
        first, second = client.get("/health/live"), client.get("/health/live")

        assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]

    def test_lines_written_by_a_view_carry_id_and_address(self, log):
        def view(request):
            structlog.get_logger("view").info("seen")
            return HttpResponse()

        RequestContextMiddleware(view)(RequestFactory().get("/x/", headers={"x-request-id": "request-1"}))

        seen, line = log
        assert seen["request_id"] == line["request_id"] == "request-1"
        assert seen["ip"] == "127.0.0.1"
        assert (line["method"], line["path"], line["status"]) == ("GET", "/x/", 200)

    def test_the_line_does_not_give_a_signed_link_away(self, log, client, settings):
        settings.ROOT_URLCONF = "tests.kernel.presentation.plumbing_urls"

        client.get("/letters/secret-token/")

        assert [each["path"] for each in log if "path" in each] == ["/letters/…/"]

    def test_the_line_names_the_user_that_the_view_knew(self, log):
        class Person:
            pk = "person-1"

        def view(request):
            request.user = Person() if request.path == "/known/" else AnonymousUser()
            return HttpResponse()

        middleware = RequestContextMiddleware(view)
        middleware(RequestFactory().get("/known/"))
        middleware(RequestFactory().get("/unknown/"))

        assert [line["user_id"] for line in log] == ["person-1", None]

    def test_nothing_stays_bound_after_the_request(self, client):
        client.get("/health/live")

        assert structlog.contextvars.get_contextvars() == {}


class TestClientAddress:
    @staticmethod
    def address(remote: str, forwarded: str = "") -> str:
        return client_ip(RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded))

    def test_without_trusted_proxies_the_header_is_not_believed(self, settings):
        settings.TRUSTED_PROXIES = []

        assert self.address("203.0.113.5", "198.51.100.7") == "203.0.113.5"

    def test_a_trusted_proxy_is_believed(self, settings):
        settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

        assert self.address("10.0.0.1", "198.51.100.7") == "198.51.100.7"

    def test_a_stranger_cannot_prepend_an_address(self, settings):
        settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

        assert self.address("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2") == "198.51.100.7"
        assert self.address("203.0.113.5", "1.2.3.4") == "203.0.113.5"

    def test_nonsense_in_the_header_ends_the_walk(self, settings):
        settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

        assert self.address("10.0.0.1", "198.51.100.7, <script>") == "10.0.0.1"

    def test_ipv6_and_mapped_addresses_are_understood(self, settings):
        settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

        assert self.address("::ffff:10.0.0.1", "2001:db8::1") == "2001:db8::1"
        assert self.address("::ffff:203.0.113.5") == "203.0.113.5"

    def test_an_unknown_address_is_empty(self):
        assert self.address("") == ""
