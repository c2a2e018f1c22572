"""The WSGI entry point."""

import os

from project.shared_metrics import share_between_workers

share_between_workers()  # before anything imports prometheus_client

from django.core.wsgi import get_wsgi_application  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.production")

application = get_wsgi_application()

from project.start_guard import refuse_before_replay  # noqa: E402  # needs the app registry

refuse_before_replay()
