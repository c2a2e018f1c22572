"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.production")

application = get_asgi_application()

from project.start_guard import refuse_before_replay  # noqa: E402  # needs the app registry

refuse_before_replay()
