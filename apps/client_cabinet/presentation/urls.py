"""Addresses of the client's cabinet under ``/api/v1/me/``."""

from apps.client_cabinet.presentation.api.urls import urlpatterns

__all__ = ["urlpatterns"]
