from django.urls import path, re_path

from apps.identity.presentation.api import statuses
from apps.identity.presentation.api.own_consents import ConsentHistory, ConsentWithdrawal, OwnConsents
from apps.identity.presentation.api.own_consents_serializers import PURPOSES
from apps.identity.presentation.api.own_sessions import OwnSession, OwnSessions
from apps.identity.presentation.api.profile import ContactConfirmation, Contacts, Profile
from apps.identity.presentation.api.readings import ReadingsView
from apps.identity.presentation.api.views import ConsentDocumentsView, SessionView, SignInCodeView

statuses.register()
urlpatterns = [
    path("auth/code/", SignInCodeView.as_view(), name="auth-code"),
    path("auth/session/", SessionView.as_view(), name="auth-session"),
    path("me/", Profile.as_view(), name="me"),
    path("me/consents/", OwnConsents.as_view(), name="me-consents"),
    path("me/consents/history/", ConsentHistory.as_view(), name="me-consents-history"),
    re_path(
        rf"^me/consents/(?P<purpose>{'|'.join(PURPOSES)})/withdraw/$",
        ConsentWithdrawal.as_view(),
        name="me-consent-withdrawal",
    ),
    path("me/contacts/", Contacts.as_view(), name="me-contacts"),
    path(
        "me/contacts/<uuid:confirmation_id>/confirm/",
        ContactConfirmation.as_view(),
        name="me-contact-confirmation",
    ),
    path("me/readings/", ReadingsView.as_view(), name="me-readings"),
    path("me/sessions/", OwnSessions.as_view(), name="me-sessions"),
    path("me/sessions/<uuid:session_id>/", OwnSession.as_view(), name="me-session"),
    path("consents/documents/", ConsentDocumentsView.as_view(), name="consent-documents"),
]
