"""Answers where no view answers: problem+json (RFC 9457) under ``/api/``, a short page elsewhere."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.csrf import requires_csrf_token as may_run_before_csrf


def _answer(request: HttpRequest, status: int, code: str, title: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(
            {"type": "about:blank", "title": title, "status": status, "detail": title, "code": code, "errors": []},
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    return HttpResponse(render_to_string("error.html", {"title": title, "status": status}), status=status)


@csrf_exempt
def unknown_call(request: HttpRequest) -> HttpResponse:
    """Any address under ``/api/`` that is none."""
    return _answer(request, 404, "not_found", _("There is nothing at this address."))


@may_run_before_csrf
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad_request", _("The request cannot be understood."))


@may_run_before_csrf
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, "forbidden", _("You may not open this page."))


@may_run_before_csrf
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "not_found", _("There is nothing at this address."))


@may_run_before_csrf
def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(
        request, 500, "server_error", _("Something went wrong on our side. We have been told and will look into it.")
    )
