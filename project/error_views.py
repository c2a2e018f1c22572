"""The pages of errors; under ``/api/`` the API's middleware turns them into problems (RFC 9457)."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token as may_run_before_csrf


def _page(status: int, title: str) -> HttpResponse:
    return HttpResponse(render_to_string("error.html", {"title": title}), status=status)


@may_run_before_csrf
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(400, _("The request cannot be understood."))


@may_run_before_csrf
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(403, _("You may not open this page."))


@may_run_before_csrf
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404, _("There is nothing at this address."))


@may_run_before_csrf
def server_error(request: HttpRequest) -> HttpResponse:
    return _page(500, _("Something went wrong on our side. We have been told and will look into it."))
