from apps.booking.presentation.api.urls import urlpatterns

__all__ = ["urlpatterns"]
