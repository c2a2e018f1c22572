from django.urls import path

from apps.identity.presentation.api.views import ConsentDocumentsView, SessionView, SignInCodeView

urlpatterns = [
    path("auth/code/", SignInCodeView.as_view(), name="auth-code"),
    path("auth/session/", SessionView.as_view(), name="auth-session"),
    path("consents/documents/", ConsentDocumentsView.as_view(), name="consent-documents"),
]
