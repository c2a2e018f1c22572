"""Programs that call over plain HTTP are told so, not redirected."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from apps.kernel.presentation.problem import problem_response

FOR_PROGRAMS = ("/api/", "/webhooks/")


class PlainHttpMiddleware:
    """A redirect would hide that a program keeps sending tokens in the open (ASVS 4.1.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.is_secure() or not request.path_info.startswith(FOR_PROGRAMS):
            return self._get_response(request)
        return problem_response(
            request, status=403, code="https_required", detail=gettext("Call this address over https.")
        )
