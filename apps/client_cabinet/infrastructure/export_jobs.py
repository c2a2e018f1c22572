"""Names of the jobs of exports, and asking for them."""

from uuid import UUID

from procrastinate.contrib.django import app

BUILD_EXPORT = "client_cabinet.build_export"
END_EXPORTS = "client_cabinet.end_exports"


def build_later(export_id: UUID) -> None:
    """In the current transaction."""
    app.configure_task(BUILD_EXPORT, queue="exports").defer(export_id=str(export_id))
