from apps.messaging.presentation.admin.letters import LetterAdmin
from apps.messaging.presentation.admin.settings import DeliverySettingsAdmin
from apps.messaging.presentation.admin.templates import MessageTemplateAdmin

__all__ = ["DeliverySettingsAdmin", "LetterAdmin", "MessageTemplateAdmin"]
