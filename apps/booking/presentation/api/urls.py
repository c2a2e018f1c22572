"""The booking part of the API."""

from django.urls import path

from apps.booking.presentation.api import appointments, calendar, intake, services, statuses, waitlist

statuses.register()

urlpatterns = [
    path("services/", services.ServiceList.as_view(), name="services"),
    path("services/<slug:slug>/", services.ServiceDetail.as_view(), name="service"),
    path("services/<slug:slug>/slots/", services.ServiceSlots.as_view(), name="service-slots"),
    path("appointments/", appointments.AppointmentList.as_view(), name="appointments"),
    path("appointments/<uuid:appointment_id>/", appointments.AppointmentDetail.as_view(), name="appointment"),
    path(
        "appointments/<uuid:appointment_id>/extend-hold/",
        appointments.HoldExtension.as_view(),
        name="appointment-extend-hold",
    ),
    path(
        "appointments/<uuid:appointment_id>/accept/",
        appointments.OfferAcceptance.as_view(),
        name="appointment-accept",
    ),
    path(
        "appointments/<uuid:appointment_id>/cancellation/",
        appointments.CancellationPreview.as_view(),
        name="appointment-cancellation",
    ),
    path(
        "appointments/<uuid:appointment_id>/cancel/",
        appointments.Canceling.as_view(),
        name="appointment-cancel",
    ),
    path(
        "appointments/<uuid:appointment_id>/reschedule/",
        appointments.Rescheduling.as_view(),
        name="appointment-reschedule",
    ),
    path("appointments/<uuid:appointment_id>/intake/", intake.Intake.as_view(), name="appointment-intake"),
    path(
        "appointments/<uuid:appointment_id>/intake/submit/",
        intake.IntakeSubmission.as_view(),
        name="appointment-intake-submit",
    ),
    path(
        "appointments/<uuid:appointment_id>/calendar.ics",
        calendar.AppointmentCalendar.as_view(),
        name="appointment-calendar",
    ),
    path("waitlist/", waitlist.Waitlist.as_view(), name="waitlist"),
    path("waitlist/<uuid:request_id>/", waitlist.WaitlistPlace.as_view(), name="waitlist-request"),
]
