"""What browsers and proxies may keep of our answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

type GetResponse = Callable[[HttpRequest], HttpResponse]


class PrivateAnswersMiddleware:
    """An answer for one person is kept nowhere on its way (ASVS 14.3.2), and signing out of the workspace
    empties what the browser has kept of it (ASVS 14.3.1; https://www.w3.org/TR/clear-site-data/).

    It stands outside of ConditionalGetMiddleware, which gives no ETag to what must not be stored: programs
    that keep a copy of their own may still ask whether it has changed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        kept = response.headers.get("Cache-Control", "")
        if kept.startswith("private") or request.path.startswith(reverse("admin:index")):
            response.headers["Cache-Control"] = "private, no-store"
        if request.path == reverse("admin:logout") and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
