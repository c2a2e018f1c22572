"""How procrastinate reaches PostgreSQL: through Django's connection, also in workers.

procrastinate gives workers a pool of its own, over which a job that runs in a thread would enqueue other jobs
outside of the thread's transaction: an event would leave although its change is rolled back. So the pool
serves the worker alone, and the code of jobs enqueues over Django's connection as everywhere else.
"""

from procrastinate import App, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params


class WorkerConnector(PsycopgConnector):
    """The worker's own connections; they give up soon when PostgreSQL is gone, so that the worker ends and is
    started again (by ``project.supervise`` or the system) instead of waiting ever longer."""

    def __init__(self, alias: str) -> None:
        super().__init__(
            kwargs={**connector_params(alias), "connect_timeout": 5},
            min_size=1,
            max_size=4,
            timeout=5,  # seconds
            reconnect_timeout=5,
        )
        self._jobs_connector = DjangoConnector(alias)

    def get_sync_connector(self) -> BaseConnector:
        return self._jobs_connector


class QueueConnector(DjangoConnector):
    """Django's connection, and :class:`WorkerConnector` for workers."""

    def get_worker_connector(self) -> WorkerConnector:
        return WorkerConnector(self.alias)


def install(app: App) -> None:
    """Let the app of procrastinate use these connectors (``PROCRASTINATE_ON_APP_READY``)."""
    app.connector = app.job_manager.connector = QueueConnector()
