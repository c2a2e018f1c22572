"""What browsers and proxies may keep of our answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

type GetResponse = Callable[[HttpRequest], HttpResponse]

CREDENTIALS = ("X-Session-Token", "Authorization")
"""Headers by which a caller makes themselves known."""


class PrivateAnswersMiddleware:
    """An answer to somebody who is known is kept nowhere (ASVS 14.3.2), and signing out of the workspace
    empties what the browser has kept of it (ASVS 14.3.1; https://www.w3.org/TR/clear-site-data/)."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if any(name in request.headers for name in CREDENTIALS) or request.path.startswith(reverse("admin:index")):
            response.headers.setdefault("Cache-Control", "private, no-store")
        if request.path == reverse("admin:logout") and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
