"""Letters about an account, to addresses that only identity knows and tells when a letter is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.messaging.application.account_ports import AccountLetters
from apps.messaging.application.composed import Composed, NotComposed, NotWanted, text_in_force
from apps.messaging.application.ports import People, Templates, Words
from apps.messaging.application.render import RenderLetter
from apps.messaging.domain.kinds import MessageKind
from apps.messaging.domain.message import Message, RecipientKind, Result


@dataclass(frozen=True)
class ComposeAccountLetter:
    letters: AccountLetters
    people: People
    templates: Templates
    words: Words
    render: RenderLetter

    def __call__(self, message: Message, *, now: datetime) -> Composed:
        """Raises NotWanted (the step is over, the invitation taken back) and NotComposed."""
        if message.recipient.kind is RecipientKind.OWNER:
            return self._chain_head(message, now)
        if message.recipient.kind is RecipientKind.INVITATION:
            return self._invitation(message, now)
        if message.kind is MessageKind.CONTACT_CHANGED:
            return self._contact_changed(message)
        return self._confirmation_code(message)

    def _confirmation_code(self, message: Message) -> Composed:
        found = self.letters.confirmation(UUID(message.recipient.id))
        if found is None:
            raise NotWanted(Result.REPLACED)
        values = {
            "code": found.code,
            "step": self.words.step(found.purpose, language=found.language),
            "minutes": self.words.minutes(found.lifetime_minutes, language=found.language),
        }
        return self._composed(message, to=found.email, language=found.language, values=values)

    def _contact_changed(self, message: Message) -> Composed:
        found = self.letters.contact_notice(UUID(message.recipient.id))
        if found is None:
            raise NotWanted(Result.NO_ADDRESS)
        values = {"contact": self.words.contact(found.kind, language=found.language)}
        return self._composed(message, to=found.email, language=found.language, values=values)

    def _invitation(self, message: Message, now: datetime) -> Composed:
        found = self.letters.invitation(UUID(message.recipient.id), at=now)
        if found is None:
            raise NotWanted(Result.REPLACED)
        values = {
            "staff_name": found.name,
            "invitation_link": found.link,
            "hours": self.words.hours(found.lifetime_hours, language=found.language),
        }
        return self._composed(message, to=found.email, language=found.language, values=values)

    def _chain_head(self, message: Message, now: datetime) -> Composed:
        """To those who are owners at the moment of sending."""
        owner_id = UUID(message.recipient.id)
        owner = self.people.find(owner_id) if owner_id in self.people.owners() else None
        if owner is None:
            raise NotWanted(Result.STATE_PASSED)
        if not owner.email:
            raise NotComposed(Result.NO_ADDRESS)
        facts = message.about.facts or {}
        instant = datetime.fromisoformat(str(facts["at"]))
        date = self.words.date(instant, owner.time_zone, now=now, language=owner.language)
        values = {
            "chain_number": str(facts["seq"]),
            "chain_head": str(facts["head"]),
            "chain_date": f"{date}, {self.words.clock(instant, owner.time_zone)}",
        }
        return self._composed(message, to=owner.email, language=owner.language, values=values)

    def _composed(self, message: Message, *, to: str, language: str, values: Mapping[str, str]) -> Composed:
        version = text_in_force(self.templates, message.kind, language)
        letter = self.render(
            message_id=message.id,
            to=to,
            subject=version.subject,
            body=version.body,
            values=values,
            language=language,
        )
        return Composed(letter=letter, template_version=version.number, time_zone="UTC")
