"""The practice changes what its letters say."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.clock import Clock
from apps.kernel.domain.ids import NewId
from apps.messaging.application.ports import AuditLog, DeliveryJobs, Letter, Outbox, Templates
from apps.messaging.application.render import RenderLetter
from apps.messaging.domain import rendering
from apps.messaging.domain.kinds import KINDS, REMINDER_LETTERS, MessageKind
from apps.messaging.domain.message import Message, Recipient, RecipientKind, Subject
from apps.messaging.domain.template import ensure_sound, tidy_body, tidy_subject

TRIED_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class RewriteTemplate:
    unit_of_work: UnitOfWork
    templates: Templates
    audit: AuditLog
    clock: Clock

    def __call__(
        self, *, template_id: UUID, subject: str, body: str, expected_number: int | None, actor: Actor
    ) -> int:
        """The number of the new version. Raises TemplateNotFound, StaleVersion, NothingChanged, and what
        :func:`~apps.messaging.domain.template.ensure_sound` raises."""
        now = self.clock.now()
        with self.unit_of_work():
            template = self.templates.get(template_id)
            old = template.current.number
            new = template.rewrite(
                subject=subject, body=body, author_id=actor.user_id, expected_number=expected_number, now=now
            )
            self.templates.save(template)
            self.audit.record(
                actor=actor,
                action="message_template_changed",
                entity="messagetemplate",
                entity_id=str(template_id),
                at=now,
                changes={"version": (old, new.number)},
            )
        return new.number


@dataclass(frozen=True)
class RevertTemplate:
    unit_of_work: UnitOfWork
    templates: Templates
    audit: AuditLog
    clock: Clock

    def __call__(self, *, template_id: UUID, to: int, expected_number: int | None, actor: Actor) -> int:
        """The number of the new version, whose text is that of version ``to``.
        Raises TemplateNotFound, VersionNotFound, StaleVersion, NothingChanged."""
        now = self.clock.now()
        with self.unit_of_work():
            template = self.templates.get(template_id)
            old = template.current.number
            new = template.revert(
                to=self.templates.version(template_id, to),
                author_id=actor.user_id,
                expected_number=expected_number,
                now=now,
            )
            self.templates.save(template)
            self.audit.record(
                actor=actor,
                action="message_template_reverted",
                entity="messagetemplate",
                entity_id=str(template_id),
                at=now,
                changes={"version": (old, new.number), "text_of_version": (None, to)},
            )
        return new.number


@dataclass(frozen=True)
class PreviewText:
    """How a text would look, on sample data; nothing is kept."""

    render: RenderLetter
    new_id: NewId

    def __call__(self, *, kind: MessageKind, language: str, subject: str, body: str) -> Letter:
        """Raises what :func:`~apps.messaging.domain.template.ensure_sound` raises."""
        subject, body = tidy_subject(subject), tidy_body(body)
        ensure_sound(kind=kind, subject=subject, body=body)
        rules = KINDS[kind]
        return self.render(
            message_id=self.new_id(),
            to="",
            subject=subject,
            body=body,
            values=rendering.samples(rules.placeholders, language),
            language=language,
            unsubscribe="https://example.org/" if kind in REMINDER_LETTERS else "",
        )


@dataclass(frozen=True)
class SendTrialLetter:
    """A letter on sample data to the one who asks, the way that all letters go."""

    unit_of_work: UnitOfWork
    templates: Templates
    outbox: Outbox
    jobs: DeliveryJobs
    audit: AuditLog
    clock: Clock
    new_id: NewId

    def __call__(self, *, template_id: UUID, actor: Actor) -> None:
        """Raises TemplateNotFound."""
        now = self.clock.now()
        with self.unit_of_work():
            template = self.templates.get(template_id)
            trial_id = self.new_id()
            self.outbox.plan(
                [
                    Message.plan(
                        id=trial_id,
                        kind=template.kind,
                        recipient=Recipient(kind=RecipientKind.STAFF, id=str(actor.user_id)),
                        about=Subject(),
                        dedupe_key=f"trial:{trial_id}",
                        due_at=now,
                        useful_until=now + TRIED_FOR,
                        now=now,
                        language=template.language,
                    )
                ]
            )
            self.audit.record(
                actor=actor,
                action="trial_letter_sent",
                entity="messagetemplate",
                entity_id=str(template_id),
                at=now,
            )
            self.jobs.wake()
