"""Addresses of the client's cabinet under ``/api/v1/me/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
