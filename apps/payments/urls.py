from apps.payments.presentation.urls import urlpatterns

__all__ = ["urlpatterns"]
