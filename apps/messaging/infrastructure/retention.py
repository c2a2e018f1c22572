"""How long the log of letters is kept."""

from django.db.models import Q

from apps.kernel.application.retention import RetentionRule, Term, register
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure.retention import remove_oldest
from apps.messaging.domain.message import MessageStatus
from apps.messaging.infrastructure.models import Message

ENDED = [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.SKIPPED, MessageStatus.UNKNOWN]


def register_rules() -> None:
    register(
        RetentionRule(
            code="letters",
            title=gettext_noop("Log of letters: to whom, what about and when, without texts"),
            since=gettext_noop("after the letter and the session it is about"),
            term=Term(days=90),
            # A letter about a session yet to come stays: its row is what keeps it from being sent again.
            remove=lambda cut_off, most: remove_oldest(
                Message.objects.filter(
                    Q(start__isnull=True) | Q(start__lt=cut_off), status__in=ENDED, due_at__lt=cut_off
                ).order_by("due_at"),
                most,
            ),
        )
    )
