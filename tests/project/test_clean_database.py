"""Transactional tests leave nothing behind, and what the migrations made is there again."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from apps.kernel.infrastructure.tasks import deliver_event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("run", [1, 2])
def test_jobs_of_one_test_are_not_seen_by_the_next(run):
    assert ProcrastinateJob.objects.count() == 0
    deliver_event.defer(subscriber="nobody", event={})
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.parametrize("run", [1, 2])
def test_rows_of_the_migrations_survive(run):
    assert ContentType.objects.filter(app_label="identity", model="user").exists()
    assert Permission.objects.exists()
    ContentType.objects.all().delete()


@pytest.mark.parametrize("run", [1, 2])
def test_tables_that_refuse_deletion_are_emptied_all_the_same(run):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS only_grows (id int);"
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$;"
            "CREATE OR REPLACE TRIGGER guard BEFORE TRUNCATE ON only_grows EXECUTE FUNCTION refuse()"
        )
        cursor.execute("SELECT count(*) FROM only_grows")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO only_grows VALUES (1)")
