"""A letter out of a message: address, state and text are read at the moment of sending."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.messaging.application.compose_account import ComposeAccountLetter
from apps.messaging.application.composed import Composed, NotComposed, NotWanted, text_in_force
from apps.messaging.application.ports import (
    Attachment,
    Links,
    OptOuts,
    Outbox,
    People,
    Person,
    Session,
    Sessions,
    SignInCodes,
    Templates,
    Words,
)
from apps.messaging.application.render import RenderLetter
from apps.messaging.domain import rendering
from apps.messaging.domain.kinds import KINDS, SESSION_KINDS, Invitation, MessageKind
from apps.messaging.domain.message import Message, RecipientKind, Result


@dataclass(frozen=True)
class ComposeLetter:
    sessions: Sessions
    people: People
    codes: SignInCodes
    links: Links
    opt_outs: OptOuts
    outbox: Outbox
    templates: Templates
    words: Words
    render: RenderLetter
    account: ComposeAccountLetter

    def __call__(self, message: Message, *, now: datetime) -> Composed:
        """Raises NotWanted (not true or not wanted any more) and NotComposed (it cannot be made)."""
        if message.recipient.kind is RecipientKind.SIGN_IN:
            return self._sign_in(message)
        if message.recipient.kind is RecipientKind.STAFF:
            return self._trial(message)
        if message.recipient.kind is not RecipientKind.CLIENT:
            return self.account(message, now=now)
        if message.kind not in SESSION_KINDS:
            return self._about_cabinet(message, now)
        return self._about_session(message, now)

    def _about_cabinet(self, message: Message, now: datetime) -> Composed:
        """Of what waits in the cabinet a letter says no more than that it is there."""
        client_id = UUID(message.recipient.id)
        person = self._person(client_id)
        if message.kind in self.opt_outs.of(client_id):
            raise NotWanted(Result.OPTED_OUT)
        self._ensure_consent(message.kind, client_id, now)
        language = message.language or person.language
        version = text_in_force(self.templates, message.kind, language)
        letter = self.render(
            message_id=message.id,
            to=person.email,
            subject=version.subject,
            body=version.body,
            values={"client_name": person.name},
            language=language,
        )
        return Composed(letter=letter, template_version=version.number, time_zone=person.time_zone)

    def _about_session(self, message: Message, now: datetime) -> Composed:
        rules = KINDS[message.kind]
        session = self._session(message, now)
        client_id = UUID(message.recipient.id)
        person = self._person(client_id)
        unsubscribe = ""
        if rules.optional_for_client:
            if message.kind in self.opt_outs.of(client_id):
                raise NotWanted(Result.OPTED_OUT)
            unsubscribe = self.links.reminders_off(client_id)
        self._ensure_consent(message.kind, client_id, now)
        language = message.language or person.language
        version = text_in_force(self.templates, message.kind, language)
        letter = self.render(
            message_id=message.id,
            to=person.email,
            subject=version.subject,
            body=version.body,
            values=self._values(message, session, person, language, now),
            language=language,
            unsubscribe=unsubscribe,
            attachment=self._invitation(rules.invitation, session.id, person.email),
        )
        return Composed(letter=letter, template_version=version.number, time_zone=session.time_zone)

    def _session(self, message: Message, now: datetime) -> Session:
        rules = KINDS[message.kind]
        if message.about.appointment_id is None:
            raise NotComposed(Result.NOT_COMPOSED)
        session = self.sessions.find(message.about.appointment_id, at=now)
        if session is None or (rules.states and session.status not in rules.states):
            raise NotWanted(Result.STATE_PASSED)
        if rules.bound_to_start and session.start != message.about.start:
            raise NotWanted(Result.MOVED)
        if rules.before_start and now >= session.start:
            raise NotWanted(Result.TOO_LATE)
        return session

    def _ensure_consent(self, kind: MessageKind, client_id: UUID, now: datetime) -> None:
        """What rests on a consent is sent only while it stands: asked at the very moment of sending."""
        purpose = KINDS[kind].rests_on
        if purpose and not self.people.consents(client_id, purposes=[purpose], at=now):
            raise NotWanted(Result.NO_CONSENT)

    def _person(self, person_id: UUID) -> Person:
        person = self.people.find(person_id)
        if person is None or not person.email:
            raise NotComposed(Result.NO_ADDRESS)
        return person

    def _invitation(
        self, method: Invitation | None, appointment_id: UUID, attendee: str
    ) -> Attachment | None:
        if method is None:
            return None
        if method is Invitation.CANCEL and not self._was_invited(appointment_id):
            return None
        content = self.sessions.invitation(appointment_id, method=method, attendee=attendee)
        return None if content is None else Attachment(content=content, method=method)

    def _was_invited(self, appointment_id: UUID) -> bool:
        invites = [kind for kind, rules in KINDS.items() if rules.invitation is Invitation.REQUEST]
        return self.outbox.was_sent(appointment_id=appointment_id, kinds=invites)

    def _values(
        self, message: Message, session: Session, person: Person, language: str, now: datetime
    ) -> dict[str, str]:
        words, zone, facts = self.words, session.time_zone, message.about.facts or {}
        currency = str(facts.get("currency") or session.currency)

        def money(minor: int) -> str:
            return words.money(minor, currency, language=language) if minor > 0 else ""

        def date(instant: datetime) -> str:
            return words.date(instant, zone, now=now, language=language)

        values = {
            "client_name": person.name,
            "appointment_date": date(session.start),
            "appointment_weekday": words.weekday(session.start, zone, language=language),
            "appointment_time": words.clock(session.start, zone),
            "timezone": words.zone(zone, session.start, language=language),
            "service_name": session.service_name,
            "specialist_name": session.specialist_name,
            "place": session.place,
            "appointment_link": self.links.appointment(session.id),
            "amount": money(int(facts.get("amount_minor") or session.due_minor)),
            "amount_due": money(session.due_minor if session.status == "confirmed" else 0),
            "refund_amount": money(int(facts.get("refund_minor") or facts.get("amount_minor") or 0)),
        }
        if old := facts.get("old_start"):
            before = datetime.fromisoformat(str(old))
            values |= {"old_date": date(before), "old_time": words.clock(before, zone)}
        ends = facts.get("expires_at")
        expires_at = datetime.fromisoformat(str(ends)) if ends else session.hold_expires_at
        if expires_at is not None:
            values["expires_at"] = f"{date(expires_at)}, {words.clock(expires_at, zone)}"
        return values

    def _sign_in(self, message: Message) -> Composed:
        number = int((message.about.facts or {}).get("request_number", 0))
        asked = self.codes.issue(row_id=int(message.recipient.id), request_number=number)
        if asked is None:
            raise NotWanted(Result.REPLACED)
        kind = MessageKind.STAFF_SIGN_IN if asked.code is None else MessageKind.SIGN_IN_CODE
        version = text_in_force(self.templates, kind, asked.language)
        letter = self.render(
            message_id=message.id,
            to=asked.email,
            subject=version.subject,
            body=version.body,
            values={
                "code": asked.code or "",
                "minutes": self.words.minutes(asked.lifetime_minutes, language=asked.language),
            },
            language=asked.language,
        )
        return Composed(letter=letter, template_version=version.number, time_zone="UTC")

    def _trial(self, message: Message) -> Composed:
        """A template's own current text on sample data."""
        person = self._person(UUID(message.recipient.id))
        version = text_in_force(self.templates, message.kind, message.language)
        letter = self.render(
            message_id=message.id,
            to=person.email,
            subject=version.subject,
            body=version.body,
            values=rendering.samples(KINDS[message.kind].placeholders, message.language),
            language=message.language,
        )
        return Composed(letter=letter, template_version=version.number, time_zone=person.time_zone)
