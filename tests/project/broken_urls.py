"""The addresses of the project, and one whose view is defective."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from project import urls


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(1 / 0))


urlpatterns = [*urls.urlpatterns, path("broken/", broken)]
handler500 = urls.handler500
