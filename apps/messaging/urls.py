from apps.messaging.presentation.urls import urlpatterns

__all__ = ["urlpatterns"]
