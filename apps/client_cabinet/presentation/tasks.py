"""Jobs of the client's cabinet."""

from uuid import UUID

from apps.client_cabinet import wiring
from apps.client_cabinet.infrastructure import export_jobs
from apps.kernel.infrastructure.jobs import job


@job(name="client_cabinet.publish_tombstones", queue="upkeep", cron="35 3 * * *")
def publish_tombstones(timestamp: int) -> None:
    """Whatever of the tombstones the file outside has lost, or never got, is written into it."""
    wiring.publish_tombstones()


@job(name=export_jobs.BUILD_EXPORT, queue="exports")
def build_export(*, export_id: str) -> None:
    """Make the file of an export."""
    wiring.build_export(export_id=UUID(export_id))


@job(name=export_jobs.END_EXPORTS, queue="upkeep", cron="*/5 * * * *")
def end_exports(timestamp: int) -> None:
    """Every five minutes: remove the files whose time is over, give up what nobody has finished."""
    wiring.end_exports()
