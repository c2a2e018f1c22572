"""Content-Security-Policies of the pages; everything else gets the strict one of settings.SECURE_CSP."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

# The admin: Alpine, which unfold is made with, evaluates expressions and sets styles.
WORKSPACE_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
}
# The page of the API's documentation (Swagger UI, served from this site).
DOCS_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}


class WorkspacePolicyMiddleware:
    """Gives the pages under the admin's prefix WORKSPACE_POLICY."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._get_workspace_response = csp_override(WORKSPACE_POLICY)(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_workspace = request.path.startswith(reverse("admin:index"))
        return (self._get_workspace_response if is_workspace else self._get_response)(request)
