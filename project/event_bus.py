"""The start of the event bus: every context's subscribers are registered once."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.kernel.infrastructure.event_bus import Subscriptions, subscriptions


def register_subscribers(registry: Subscriptions = subscriptions) -> None:
    """Add ``SUBSCRIPTIONS`` of ``presentation/subscribers.py`` of each context that has it."""
    for config in apps.get_app_configs():
        name = f"{config.name}.presentation.subscribers"
        if config.name.startswith("apps.") and find_spec(f"{config.name}.presentation") and find_spec(name):
            registry.add(import_module(name).SUBSCRIPTIONS)
