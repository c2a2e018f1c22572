"""Use cases with their adapters: all dependency injection of messaging."""

from typing import Any
from uuid import uuid4

from apps.kernel.infrastructure.clock import SystemClock
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork
from apps.messaging.application.change_rules import ChangeDeliveryRules
from apps.messaging.application.change_template import (
    PreviewText,
    RevertTemplate,
    RewriteTemplate,
    SendTrialLetter,
)
from apps.messaging.application.choose_reminders import ChooseLetters, ChooseReminders
from apps.messaging.application.compose import ComposeLetter
from apps.messaging.application.compose_account import ComposeAccountLetter
from apps.messaging.application.deliver_due import DeliverDue
from apps.messaging.application.plan_account_letters import PlanAccountLetters
from apps.messaging.application.plan_messages import PlanMessages
from apps.messaging.application.render import RenderLetter
from apps.messaging.application.settle_letter import CallOff, SendAgain
from apps.messaging.infrastructure.jobs import QueuedDelivery
from apps.messaging.infrastructure.links import PublicLinks
from apps.messaging.infrastructure.markdown import LetterMarkdown
from apps.messaging.infrastructure.neighbours import (
    BookingSessions,
    FacadeAuditLog,
    IdentityAccountLetters,
    IdentityPeople,
    IdentitySignInCodes,
)
from apps.messaging.infrastructure.post import MailerPost
from apps.messaging.infrastructure.repositories import (
    PostgresOptOuts,
    PostgresOutbox,
    PostgresSettings,
    PostgresTemplates,
)
from apps.messaging.infrastructure.stationery import CalmStationery
from apps.messaging.infrastructure.words import BabelWords

clock = SystemClock()
unit_of_work = DjangoUnitOfWork()
outbox = PostgresOutbox()
templates = PostgresTemplates()
settings = PostgresSettings()
opt_outs = PostgresOptOuts()
jobs = QueuedDelivery()
audit = FacadeAuditLog()
sessions = BookingSessions()
people = IdentityPeople()
words = BabelWords()

plan_messages = PlanMessages(
    unit_of_work=unit_of_work,
    outbox=outbox,
    sessions=sessions,
    settings=settings,
    jobs=jobs,
    clock=clock,
    new_id=uuid4,
)
plan_account_letters = PlanAccountLetters(
    unit_of_work=unit_of_work, outbox=outbox, people=people, jobs=jobs, clock=clock, new_id=uuid4
)
choose_letters = ChooseLetters(unit_of_work=unit_of_work, opt_outs=opt_outs, audit=audit, clock=clock)
choose_reminders = ChooseReminders(unit_of_work=unit_of_work, opt_outs=opt_outs, audit=audit, clock=clock)
render_letter = RenderLetter(markdown=LetterMarkdown(), stationery=CalmStationery())
compose_letter = ComposeLetter(
    sessions=sessions,
    people=people,
    codes=IdentitySignInCodes(),
    links=PublicLinks(),
    opt_outs=opt_outs,
    outbox=outbox,
    templates=templates,
    words=words,
    render=render_letter,
    account=ComposeAccountLetter(
        letters=IdentityAccountLetters(),
        people=people,
        templates=templates,
        words=words,
        render=render_letter,
    ),
)

_audited: dict[str, Any] = {"unit_of_work": unit_of_work, "audit": audit, "clock": clock}
rewrite_template = RewriteTemplate(**_audited, templates=templates)
revert_template = RevertTemplate(**_audited, templates=templates)
preview_text = PreviewText(render=render_letter, new_id=uuid4)
send_trial_letter = SendTrialLetter(**_audited, templates=templates, outbox=outbox, jobs=jobs, new_id=uuid4)
send_again = SendAgain(**_audited, outbox=outbox, jobs=jobs)
call_off = CallOff(**_audited, outbox=outbox)
change_rules = ChangeDeliveryRules(**_audited, settings=settings, outbox=outbox)


def deliver_due(**others: Any) -> DeliverDue:
    """A delivery with a connection of its own to the mail server; ``others`` replace its ports."""
    ports: dict[str, Any] = {
        "outbox": outbox,
        "compose": compose_letter,
        "post": MailerPost(),
        "settings": settings,
        "clock": clock,
        "new_id": uuid4,
    }
    return DeliverDue(**{**ports, **others})
