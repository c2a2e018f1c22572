from apps.messaging.infrastructure.models import (
    DeliverySettings,
    Message,
    MessageTemplate,
    ReminderOptOut,
    TemplateVersion,
)

__all__ = ["DeliverySettings", "Message", "MessageTemplate", "ReminderOptOut", "TemplateVersion"]
