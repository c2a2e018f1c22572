"""The nightly backup."""

from django.conf import settings
from django.utils import timezone

from apps.kernel.application.ports import TemporaryFailure
from apps.kernel.infrastructure.jobs import job
from project.backup.configured import back_up
from project.backup.errors import BackupError
from project.backup.standing import report_made, report_trouble


@job(name="project.back_up", queue="upkeep", cron="20 1 * * *")
def back_up_nightly(timestamp: int) -> None:
    """Make the night's backup where it is asked for; a failure is reported, and tried again for a day."""
    if not settings.BACKUP_NIGHTLY:
        return
    began = timezone.now()
    try:
        made, _dropped = back_up(at=began)
    except BackupError as error:
        report_trouble(str(error), at=began)
        raise TemporaryFailure("backup_failed") from None
    report_made(made, at=began)
