"""The diary in plain text: the same columns, the same view, and a payload that anybody can read."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, QuerySet
from django.http import HttpResponse

from apps.client_cabinet.infrastructure.queries import seen
from apps.client_cabinet.presentation.api.diary import Diary
from apps.client_cabinet.presentation.api.diary_serializers import entry_data


class PlainEntry(models.Model):
    """``DiaryEntry`` with its payload as ``jsonb``; its table is made by the measurement alone."""

    id = models.UUIDField(primary_key=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=16)
    happened_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    day = models.DateField()
    payload = models.JSONField()
    shared_for = models.UUIDField(null=True)
    shared_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField()

    class Meta:
        app_label = "client_cabinet"
        db_table = "bench_plain_entry"
        managed = False
        indexes: ClassVar = [
            models.Index(F("author"), F("happened_at").desc(), F("id").desc(), name="plain_of_author")
        ]

    def __str__(self) -> str:
        return self.type


class PlainDiary(Diary):
    """The real list over the plain table, answered the way DRF answers."""

    schema = None

    def rows(
        self, author_id: UUID, *, first: date | None, last: date | None, kind: str | None
    ) -> QuerySet[Any, Any]:
        return PlainEntry.objects.filter(author_id=author_id)

    def answer(self, page: list[Any]) -> HttpResponse:
        return self.get_paginated_response([entry_data(seen(row)) for row in page])
