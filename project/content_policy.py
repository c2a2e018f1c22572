"""The Content-Security-Policy of the workspace; everything else gets the strict one of SECURE_CSP."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class WorkspacePolicyMiddleware:
    """Gives pages under the admin's prefix ADMIN_CSP, unless their view chose a policy itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.path.startswith(reverse("admin:index")) and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's csp_override does
        return response
