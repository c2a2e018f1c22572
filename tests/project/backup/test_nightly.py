"""The night's backup is made where it is wished, told in figures, and missed aloud."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.infrastructure import metrics
from apps.kernel.models import BackupRun
from project.backup import standing
from project.backup.tasks import back_up_nightly
from project.navigation import needing_attention
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db
ATTENTION = "admin:kernel_jobfailure_changelist"


@pytest.fixture
def nightly(settings, backups):
    settings.BACKUP_NIGHTLY = True
    return backups


def run(age: timedelta, **values) -> BackupRun:
    cache.clear()
    return BackupRun.objects.create(
        **{
            "finished_at": timezone.now() - age,
            "seconds": 12.5,
            "file": "emotional-balance-20261122T012000Z.age",
            "size": 4_096,
            "rows": 70,
            **values,
        }
    )


def figures() -> dict[str, str]:
    lines = metrics.exposition().decode().splitlines()
    return dict(line.split(" ", 1) for line in lines if line.startswith("backup_"))


def test_a_night_makes_a_backup_and_reports_it(nightly):
    back_up_nightly(timestamp=0)

    [file] = nightly.iterdir()
    report = BackupRun.objects.get()
    assert (report.file, report.size, report.trouble) == (file.name, file.stat().st_size, "")
    assert report.rows > 0
    assert not standing.is_missed()


def test_a_night_without_the_wish_makes_none(backups, settings):
    settings.BACKUP_NIGHTLY = False

    back_up_nightly(timestamp=0)

    assert not backups.exists()
    assert not BackupRun.objects.exists()
    assert not standing.is_missed()
    assert figures() == {}


def test_a_failure_is_reported_and_tried_again(nightly, settings):
    settings.BACKUP_RECIPIENTS = []

    with pytest.raises(TemporaryFailure, match="backup_failed"):
        back_up_nightly(timestamp=0)

    assert BackupRun.objects.get().trouble.startswith("BACKUP_RECIPIENTS is not set")
    assert standing.is_missed(), "a failure is no backup"


@pytest.mark.parametrize(("hours", "missed"), [(25.9, False), (26.1, True)])
def test_a_backup_is_missed_after_twenty_six_hours(nightly, hours, missed):
    run(timedelta(hours=hours))
    run(timedelta(hours=1), trouble="out of disk", file="")

    assert standing.is_missed() is missed
    assert figures()["backup_missed"] == str(float(missed))
    assert float(figures()["backup_age_seconds"]) == pytest.approx(hours * 3600, abs=60)
    assert figures()["backup_size_bytes"] == "4096.0"


def test_none_at_all_is_told_too(nightly):
    assert figures() == {"backup_missed": "1.0"}


def test_the_owner_sees_that_it_was_missed(nightly):
    request = RequestFactory().get("/admin/")
    run(timedelta(hours=30))
    assert needing_attention(request) == "1"
    text = browser_of(person("owner")).get(reverse(ATTENTION)).content.decode()
    assert "больше 26 часов назад" in text

    run(timedelta(hours=2))
    assert needing_attention(request) == ""
    text = browser_of(person("owner")).get(reverse(ATTENTION)).content.decode()
    assert "26 часов" not in text


def test_the_owner_sees_that_there_is_none(nightly):
    text = browser_of(person("owner")).get(reverse(ATTENTION)).content.decode()
    assert "Резервных копий ещё нет" in text
