"""``Idempotency-Key`` for writing calls: the same call twice is carried out once and answered twice.

The whole call runs in one transaction, and its answer is kept in the same one. The owner of a key is the
signed-in user, or for a guest the address they call from: a stranger who happens on the same key from
elsewhere neither sees nor hinders anybody. The kept answer is given only for the very same method, path and
body, so whoever gets it has sent all of it themselves.
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel.domain.errors import DomainError, gettext_noop
from apps.kernel.infrastructure.idempotency import CallRunning, IdempotentCall, KeptAnswer, KeyTaken
from apps.kernel.infrastructure.keyed_hash import keyed_hash
from apps.kernel.infrastructure.unit_of_work import enclosing_transaction
from apps.kernel.presentation.known_methods import KnownMethodsFirst
from apps.kernel.presentation.problem import MAX_BODY_BYTES, BodyTooLarge
from apps.kernel.presentation.request_context import client_ip

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
KEY_MAX_LENGTH = 200
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
KEPT_HEADERS = ("Content-Type", "Content-Language", "ETag", "Location")
NOT_KEPT = frozenset({400, 401, 403, 413, 415, 429})
"""Refusals that say nothing about the call itself: the same key may try again."""

_KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_MAX_LENGTH}}}")


class IdempotencyKeyInvalid(DomainError):
    code = "idempotency_key_invalid"
    message = gettext_noop("An Idempotency-Key has 1 to 200 printable ASCII characters without spaces.")


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"
    message = gettext_noop("This Idempotency-Key was used for another request.")


class IdempotencyInProgress(DomainError):
    code = "idempotency_in_progress"
    message = gettext_noop("The request with this Idempotency-Key is still being carried out.")


class IdempotentMixin(KnownMethodsFirst):
    """Runs every writing call of a DRF view in one transaction, under its ``Idempotency-Key`` if it has one.

    An error that the handler *raises* rolls everything back, unless it ``leaves_trace``. That one, and a
    refusal that the handler *returns* (:meth:`refusal`), is committed.
    """

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As ``APIView.dispatch``, with the handler of a writing method called through :meth:`_write`."""
        self.args = args
        self.kwargs = kwargs
        request = self.initialize_request(request, *args, **kwargs)
        self.request = request
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            name = request.method.lower()
            known = name in self.http_method_names
            handler = (
                getattr(self, name, self.http_method_not_allowed) if known else self.http_method_not_allowed
            )
            if request.method in SAFE_METHODS or handler == self.http_method_not_allowed:
                response = handler(request, *args, **kwargs)
            else:
                response = self._write(request, lambda: self._traced(handler, request, *args, **kwargs))
        except Exception as exc:  # noqa: BLE001  # DRF's own dispatch does so; what is no API error is raised again
            response = self.handle_exception(exc)
        self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def refusal(self, error: DomainError) -> HttpResponseBase:
        """The problem for ``error`` as an answer to return, so that what was written stays written."""
        return self.handle_exception(error)

    def _traced(
        self, handler: Callable[..., HttpResponseBase], request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        try:
            return handler(request, *args, **kwargs)
        except DomainError as error:
            if not error.leaves_trace:
                raise
            return self.refusal(error)

    def _write(self, request: Request, handler: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        key = _key_of(request)
        if key is None:
            with enclosing_transaction():
                return self._rendered(request, handler())
        call = IdempotentCall(owner=_owner_of(request), key=key, at=timezone.now())
        fingerprint = _fingerprint_of(request)
        try:
            with enclosing_transaction():
                kept = _claim(call)
                if kept is None:
                    response = self._rendered(request, handler())
                    if response.status_code not in NOT_KEPT:
                        call.keep(_answer_of(response, fingerprint))
                    return response
        except IdempotencyInProgress:
            raise
        except KeyTaken:
            kept = call.find()
        except Exception as exc:  # noqa: BLE001  # becomes a problem, or is raised again
            response = self._rendered(request, self.handle_exception(exc))
            if response.status_code in NOT_KEPT or response.status_code >= 500:
                return response
            try:
                call.keep(_answer_of(response, fingerprint))
            except KeyTaken:
                kept = call.find()
            else:
                return response
        return _replay(kept, fingerprint)

    def _rendered(self, request: Request, response: HttpResponseBase) -> HttpResponse:
        if not isinstance(response, HttpResponse):
            raise TypeError("a writing call answers with a plain response, not with a stream")
        if isinstance(response, Response):
            response = self.finalize_response(request, response, *self.args, **self.kwargs)
            response.render()
        return response


def _claim(call: IdempotentCall) -> KeptAnswer | None:
    try:
        return call.claim()
    except CallRunning as error:
        raise IdempotencyInProgress from error


def _replay(kept: KeptAnswer | None, fingerprint: str) -> HttpResponse:
    if kept is None:  # its writer was undone between two looks; the caller may simply try again
        raise IdempotencyInProgress
    if kept.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    response = HttpResponse(kept.body, status=kept.status, headers=kept.headers)
    response[REPLAYED_HEADER] = "true"
    return response


def _answer_of(response: HttpResponse, fingerprint: str) -> KeptAnswer:
    return KeptAnswer(
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        body=response.content.decode(),
    )


def _key_of(request: Request) -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    return key


def _owner_of(request: Request) -> str:
    if request.user is not None and request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"guest:{keyed_hash('idempotency guest', client_ip(request._request))}"  # noqa: SLF001  # DRF offers no other way to the request it wraps


def _fingerprint_of(request: Request) -> str:
    body = request.body
    if len(body) > MAX_BODY_BYTES:
        raise BodyTooLarge
    return keyed_hash("idempotency fingerprint", request.method or "", request.get_full_path(), body)
