from apps.client_cabinet.presentation.urls import urlpatterns

__all__ = ["urlpatterns"]
