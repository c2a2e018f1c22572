"""The site's addresses, and those of the bare views that it is compared with."""

from django.urls import path

from bench import bare, plain_diary
from project.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bare/bytes/", bare.SameBytes.as_view()),
    path("bare/json/", bare.SameJson.as_view()),
    path("bare/insert/", bare.OneInsert.as_view()),
    path("bare/notification/", bare.OneNotification.as_view()),
    path("plain/diary/", plain_diary.PlainDiary.as_view()),
    *urlpatterns,
]
