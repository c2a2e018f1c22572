"""The booking part of the API."""

urlpatterns: list = []
