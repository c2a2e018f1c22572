"""People change what they say about themselves, step by step, over stand-ins."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from apps.identity.application.change_contact import ConfirmContact, RequestContactChange
from apps.identity.application.change_profile import ChangeProfile
from apps.identity.application.contact_notice import TellOldContact
from apps.identity.application.end_sessions import EndOtherSessions, EndSession, SessionNotFound
from apps.identity.application.issue_confirmation_code import IssueConfirmationCode
from apps.identity.application.request_confirmation import RequestConfirmation
from apps.identity.domain.confirmation import (
    PHONE_CHANGES,
    REQUESTS_PER_PERSON,
    ConfirmationCodeInvalid,
    ConfirmationPurpose,
    NoAddressForCode,
    TooManyConfirmations,
)
from apps.identity.domain.contacts import ContactKind, InvalidEmail, InvalidPhone
from apps.identity.domain.events import ConfirmationCodeRequested, ContactChanged
from apps.identity.domain.sign_in import FRESH_FOR, SignInAgain
from apps.identity.domain.user import ContactTaken, ContactUnchanged, LastContact, User, UserNotFound
from apps.kernel.domain.actor import SYSTEM, Actor
from tests.identity.fakes import (
    FakeAudit,
    FakeConfirmations,
    FakeEvents,
    FakeSessions,
    FakeUnitOfWork,
    FakeUsers,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HERE = uuid4()
_ERASE = ConfirmationPurpose.ERASE_DIARY


class TakenUsers(FakeUsers):
    """Whoever is saved finds their contact taken."""

    def save(self, user: User) -> None:
        raise ContactTaken


class Desk:
    def __init__(self, users: FakeUsers | None = None) -> None:
        self.users, self.audit, self.events = users or FakeUsers(), FakeAudit(), FakeEvents()
        self.sessions, self.work, self.steps = FakeSessions(), FakeUnitOfWork(), FakeConfirmations()
        self.anna = User.register_client(
            id=uuid4(),
            display_name="Анна",
            email="anna@example.ru",
            phone="+79123456789",
            time_zone="Asia/Omsk",
        )
        self.users.add(self.anna)
        self.actor = Actor(user_id=self.anna.id, role="client")

    def change(self, kind: ContactKind, value: str | None, *, signed_in_at: datetime = NOON) -> UUID:
        ask = RequestConfirmation(
            confirmations=self.steps,
            users=self.users,
            events=self.events,
            unit_of_work=self.work,
            new_id=uuid4,
        )
        use_case = RequestContactChange(
            request=ask,
            confirmations=self.steps,
            users=self.users,
            audit=self.audit,
            unit_of_work=self.work,
        )
        return use_case(kind=kind, value=value, signed_in_at=signed_in_at, actor=self.actor, at=NOON)

    def confirm(self, step: UUID, code: str = "123456") -> User:
        use_case = ConfirmContact(
            confirmations=self.steps,
            users=self.users,
            sessions=self.sessions,
            audit=self.audit,
            events=self.events,
            unit_of_work=self.work,
            new_id=uuid4,
        )
        return use_case(confirmation_id=step, code=code, session_id=HERE, actor=self.actor, at=NOON)

    def address_of_code(self, step: UUID) -> str | None:
        issue = IssueConfirmationCode(confirmations=self.steps, users=self.users, unit_of_work=self.work)
        letter = issue(confirmation_id=step)
        return None if letter is None else letter.email

    def told(self, step: UUID) -> str | None:
        tell = TellOldContact(confirmations=self.steps, users=self.users, unit_of_work=self.work)
        notice = tell(confirmation_id=step)
        return None if notice is None else notice.email


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_new_address_is_proved_by_a_letter_to_itself(desk: Desk) -> None:
    step = desk.change(ContactKind.EMAIL, " New@Example.ru")
    assert desk.anna.email == "anna@example.ru"
    assert desk.address_of_code(step) == "new@example.ru"
    assert isinstance(desk.events.published[0], ConfirmationCodeRequested)

    assert desk.confirm(step).email == "new@example.ru"
    assert desk.told(step) == "anna@example.ru"
    assert isinstance(desk.events.published[-1], ContactChanged)
    assert desk.audit.actions == ["contact_change_requested", "contact_changed"]
    assert desk.audit.changes == [{"contact": (None, "email")}] * 2


def test_contacts_change_soon_after_signing_in_only(desk: Desk) -> None:
    desk.change(ContactKind.EMAIL, "new@example.ru", signed_in_at=NOON - FRESH_FOR)
    with pytest.raises(SignInAgain):
        desk.change(
            ContactKind.EMAIL, "other@example.ru", signed_in_at=NOON - FRESH_FOR - timedelta(seconds=1)
        )
    assert desk.audit.actions == ["contact_change_requested"]


def test_a_new_address_ends_other_sessions_and_codes_sent_to_the_old_one(desk: Desk) -> None:
    other = desk.change(ContactKind.PHONE, "+79990000000")
    desk.confirm(desk.change(ContactKind.EMAIL, "new@example.ru"))
    assert desk.sessions.closed == [desk.anna.id]
    with pytest.raises(ConfirmationCodeInvalid):
        desk.confirm(other)


def test_a_number_is_confirmed_by_a_letter_to_the_present_address_which_is_told(desk: Desk) -> None:
    step = desk.change(ContactKind.PHONE, "8 (999) 000-00-00")
    assert desk.address_of_code(step) == "anna@example.ru"
    assert desk.confirm(step).phone == "+79990000000"
    assert desk.told(step) == "anna@example.ru"
    assert desk.sessions.closed == []


def test_a_number_can_be_removed_but_not_the_address_one_signs_in_by(desk: Desk) -> None:
    assert desk.confirm(desk.change(ContactKind.PHONE, None)).phone is None
    with pytest.raises(LastContact):
        desk.change(ContactKind.EMAIL, None)
    desk.anna.telegram_id = 7
    assert desk.confirm(desk.change(ContactKind.EMAIL, None)).email is None


def test_without_an_address_a_number_waits_for_one(desk: Desk) -> None:
    desk.anna.email, desk.anna.telegram_id = None, 7
    with pytest.raises(NoAddressForCode):
        desk.change(ContactKind.PHONE, "+79990000000")
    step = desk.change(ContactKind.EMAIL, "new@example.ru")
    assert desk.confirm(step).email == "new@example.ru"
    assert desk.told(step) is None


def test_a_wrong_code_changes_nothing_and_what_it_left_is_kept(desk: Desk) -> None:
    step = desk.change(ContactKind.EMAIL, "new@example.ru")
    committed = desk.work.committed
    with pytest.raises(ConfirmationCodeInvalid):
        desk.confirm(step, "000000")
    assert (desk.work.committed, desk.work.rolled_back) == (committed + 1, 0)
    assert desk.anna.email == "anna@example.ru"
    assert desk.told(step) is None


def test_a_code_for_another_step_is_no_code_for_a_contact(desk: Desk) -> None:
    ask = RequestConfirmation(
        confirmations=desk.steps,
        users=desk.users,
        events=desk.events,
        unit_of_work=desk.work,
        new_id=uuid4,
    )
    from_elsewhere = ask(user_id=desk.anna.id, purpose=_ERASE, at=NOON)
    with pytest.raises(ConfirmationCodeInvalid):
        desk.confirm(from_elsewhere)


def test_that_a_contact_is_taken_is_told_after_the_code_only_and_uses_it_up() -> None:
    desk = Desk(TakenUsers())
    step = desk.change(ContactKind.EMAIL, "boris@example.ru")
    with pytest.raises(ContactTaken):
        desk.confirm(step)
    with pytest.raises(ConfirmationCodeInvalid):
        desk.confirm(step)
    assert desk.work.rolled_back == 0
    assert desk.audit.actions == ["contact_change_requested", "contact_refused"]


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        (ContactKind.EMAIL, "anna", InvalidEmail),
        (ContactKind.PHONE, "12", InvalidPhone),
        (ContactKind.EMAIL, "ANNA@example.ru", ContactUnchanged),
        (ContactKind.PHONE, "8 912 345-67-89", ContactUnchanged),
    ],
    ids=["no address", "no number", "the same address", "the same number"],
)
def test_what_is_no_new_contact_is_refused_at_once(
    desk: Desk, kind: ContactKind, value: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        desk.change(kind, value)
    assert desk.events.published == []


def test_nobody_tries_many_numbers_nor_asks_for_many_codes(desk: Desk) -> None:
    for number in range(PHONE_CHANGES):
        desk.change(ContactKind.PHONE, f"+7999000000{number}")
    with pytest.raises(TooManyConfirmations):
        desk.change(ContactKind.PHONE, "+79990000009")
    for number in range(REQUESTS_PER_PERSON - PHONE_CHANGES):
        desk.change(ContactKind.EMAIL, f"new{number}@example.ru")
    with pytest.raises(TooManyConfirmations):
        desk.change(ContactKind.EMAIL, "last@example.ru")


def test_over_the_limit_of_an_address_no_letter_leaves_and_the_answer_is_the_same(desk: Desk) -> None:
    steps = [desk.change(ContactKind.EMAIL, "victim@example.ru") for _request in range(6)]
    assert [desk.address_of_code(step) is not None for step in steps] == [True] * 5 + [False]


def test_a_profile_changes_by_what_is_sent_and_is_written_once(desk: Desk) -> None:
    change = ChangeProfile(users=desk.users, audit=desk.audit, unit_of_work=desk.work)
    user = change(actor=desk.actor, at=NOON, display_name="  Анна   К. ", language="en")
    assert (user.display_name, user.time_zone, user.language) == ("Анна К.", "Asia/Omsk", "en")
    change(actor=desk.actor, at=NOON, language="en")
    assert desk.audit.actions == ["profile_changed"]
    assert desk.audit.changes == [{"fields": (None, ["display_name", "language"])}]
    assert desk.users.saved == [desk.anna.id]


def test_people_end_sessions_of_their_own(desk: Desk) -> None:
    there = uuid4()
    desk.sessions.own = {HERE, there}
    end = EndSession(sessions=desk.sessions, audit=desk.audit, unit_of_work=desk.work)
    end(session_id=there, actor=desk.actor, at=NOON)
    with pytest.raises(SessionNotFound):
        end(session_id=uuid4(), actor=desk.actor, at=NOON)
    end_others = EndOtherSessions(sessions=desk.sessions, audit=desk.audit, unit_of_work=desk.work)
    assert end_others(session_id=HERE, actor=desk.actor, at=NOON) == 1
    desk.sessions.own = {HERE}
    assert end_others(session_id=HERE, actor=desk.actor, at=NOON) == 0
    assert desk.audit.actions == ["session_ended", "other_sessions_ended"]


def test_the_system_has_no_profile(desk: Desk) -> None:
    desk.actor = SYSTEM
    with pytest.raises(UserNotFound):
        desk.change(ContactKind.EMAIL, "new@example.ru")
    with pytest.raises(UserNotFound):
        ChangeProfile(users=desk.users, audit=desk.audit, unit_of_work=desk.work)(actor=SYSTEM, at=NOON)
    for end in (EndSession, EndOtherSessions):
        with pytest.raises(UserNotFound):
            end(sessions=desk.sessions, audit=desk.audit, unit_of_work=desk.work)(
                session_id=HERE, actor=SYSTEM, at=NOON
            )
