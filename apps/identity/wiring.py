"""Use cases with their adapters."""

from uuid import uuid4

from apps.identity.application.accept_confirmation import AcceptConfirmation
from apps.identity.application.block_user import BlockUser
from apps.identity.application.change_contact import ConfirmContact, RequestContactChange
from apps.identity.application.change_profile import ChangeProfile
from apps.identity.application.change_role import ChangeRole
from apps.identity.application.contact_notice import TellOldContact
from apps.identity.application.employ import Employ
from apps.identity.application.end_sessions import EndOtherSessions, EndSession
from apps.identity.application.ensure_client import EnsureClient
from apps.identity.application.grant_consents import GrantConsents
from apps.identity.application.issue_confirmation_code import IssueConfirmationCode
from apps.identity.application.issue_sign_in_code import IssueSignInCode
from apps.identity.application.publish_consent_document import PublishConsentDocument
from apps.identity.application.request_confirmation import RequestConfirmation
from apps.identity.application.request_sign_in_code import RequestSignInCode
from apps.identity.application.set_password import SetPassword
from apps.identity.application.sign_in import SignIn
from apps.identity.application.sign_out import SignOut
from apps.identity.application.update_client import UpdateClient
from apps.identity.infrastructure.audit import FacadeAuditLog
from apps.identity.infrastructure.confirmations import DjangoConfirmations
from apps.identity.infrastructure.passwords import DjangoPasswords
from apps.identity.infrastructure.repositories.consents import DjangoConsentDocuments, DjangoConsentLedger
from apps.identity.infrastructure.repositories.users import DjangoUserRepository
from apps.identity.infrastructure.sessions import DjangoSessions
from apps.identity.infrastructure.sign_in_codes import DjangoSignInCodes
from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork


def ensure_client() -> EnsureClient:
    return EnsureClient(
        users=DjangoUserRepository(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork(), new_id=uuid4
    )


def grant_consents() -> GrantConsents:
    return GrantConsents(ledger=DjangoConsentLedger(), unit_of_work=DjangoUnitOfWork())


def publish_consent_document() -> PublishConsentDocument:
    return PublishConsentDocument(
        documents=DjangoConsentDocuments(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork()
    )


def request_sign_in_code() -> RequestSignInCode:
    return RequestSignInCode(
        codes=DjangoSignInCodes(),
        events=QueuedEventBus(subscriptions),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def issue_sign_in_code() -> IssueSignInCode:
    return IssueSignInCode(
        codes=DjangoSignInCodes(), users=DjangoUserRepository(), unit_of_work=DjangoUnitOfWork()
    )


def request_confirmation() -> RequestConfirmation:
    return RequestConfirmation(
        confirmations=DjangoConfirmations(),
        users=DjangoUserRepository(),
        events=QueuedEventBus(subscriptions),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def issue_confirmation_code() -> IssueConfirmationCode:
    return IssueConfirmationCode(
        confirmations=DjangoConfirmations(), users=DjangoUserRepository(), unit_of_work=DjangoUnitOfWork()
    )


def accept_confirmation() -> AcceptConfirmation:
    return AcceptConfirmation(confirmations=DjangoConfirmations(), unit_of_work=DjangoUnitOfWork())


def change_profile() -> ChangeProfile:
    return ChangeProfile(
        users=DjangoUserRepository(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork()
    )


def request_contact_change() -> RequestContactChange:
    return RequestContactChange(
        request=request_confirmation(),
        confirmations=DjangoConfirmations(),
        users=DjangoUserRepository(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def confirm_contact() -> ConfirmContact:
    return ConfirmContact(
        confirmations=DjangoConfirmations(),
        users=DjangoUserRepository(),
        sessions=DjangoSessions(),
        audit=FacadeAuditLog(),
        events=QueuedEventBus(subscriptions),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def contact_notice() -> TellOldContact:
    return TellOldContact(
        confirmations=DjangoConfirmations(), users=DjangoUserRepository(), unit_of_work=DjangoUnitOfWork()
    )


def end_session() -> EndSession:
    return EndSession(sessions=DjangoSessions(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork())


def end_other_sessions() -> EndOtherSessions:
    return EndOtherSessions(
        sessions=DjangoSessions(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork()
    )


def sign_in() -> SignIn:
    return SignIn(
        codes=DjangoSignInCodes(),
        users=DjangoUserRepository(),
        sessions=DjangoSessions(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def sign_out() -> SignOut:
    return SignOut(sessions=DjangoSessions(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork())


def change_role() -> ChangeRole:
    return ChangeRole(
        users=DjangoUserRepository(),
        sessions=DjangoSessions(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def block_user() -> BlockUser:
    return BlockUser(
        users=DjangoUserRepository(),
        sessions=DjangoSessions(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def update_client() -> UpdateClient:
    return UpdateClient(users=DjangoUserRepository(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork())


def employ() -> Employ:
    return Employ(
        users=DjangoUserRepository(),
        passwords=DjangoPasswords(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def audit_log() -> FacadeAuditLog:
    return FacadeAuditLog()


def set_password() -> SetPassword:
    return SetPassword(
        users=DjangoUserRepository(),
        passwords=DjangoPasswords(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )
