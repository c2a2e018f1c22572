"""Use cases with their adapters."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings

from apps.identity.application.accept_confirmation import AcceptConfirmation
from apps.identity.application.authenticators import (
    AddAuthenticator,
    ManageAuthenticators,
    ResetSecondFactors,
)
from apps.identity.application.block_user import BlockUser
from apps.identity.application.change_contact import ConfirmContact, RequestContactChange
from apps.identity.application.change_profile import ChangeProfile
from apps.identity.application.change_role import ChangeRole
from apps.identity.application.check_chain import CheckConsentChain
from apps.identity.application.consent_drafts import PublishConsentDraft, WriteConsentDraft
from apps.identity.application.contact_notice import TellOldContact
from apps.identity.application.decide_consents import DecideConsents
from apps.identity.application.employ import Employ
from apps.identity.application.end_sessions import EndOtherSessions, EndSession
from apps.identity.application.end_staff_sessions import EndStaffSessions
from apps.identity.application.ensure_client import EnsureClient
from apps.identity.application.export_consents import ExportConsents, VerifyExport
from apps.identity.application.export_part import ExportPart, RecordConsentExport
from apps.identity.application.invite_staff import AcceptInvitation, InviteStaff, WriteInvitation
from apps.identity.application.issue_confirmation_code import IssueConfirmationCode
from apps.identity.application.issue_sign_in_code import IssueSignInCode
from apps.identity.application.publish_consent_document import PublishConsentDocument
from apps.identity.application.request_confirmation import RequestConfirmation
from apps.identity.application.request_sign_in_code import RequestSignInCode
from apps.identity.application.second_factor import PassSecondFactor
from apps.identity.application.set_password import SetPassword
from apps.identity.application.sign_in import SignIn
from apps.identity.application.sign_out import SignOut
from apps.identity.application.update_client import UpdateClient
from apps.identity.application.verify_consents import PublishChainHead, VerifyConsents
from apps.identity.application.withdraw_consent import WithdrawConsent
from apps.identity.infrastructure.audit import FacadeAuditLog
from apps.identity.infrastructure.authenticators import AllauthAuthenticators, DjangoTries
from apps.identity.infrastructure.confirmations import DjangoConfirmations
from apps.identity.infrastructure.consent_seal import Ed25519Seal, is_signed, practice_seal
from apps.identity.infrastructure.invitations import DjangoInvitations
from apps.identity.infrastructure.passwords import DjangoPasswords
from apps.identity.infrastructure.published_heads import FileHeads
from apps.identity.infrastructure.repositories.consent_chain import DjangoChainChecks, DjangoConsentChain
from apps.identity.infrastructure.repositories.consent_drafts import DjangoConsentDrafts
from apps.identity.infrastructure.repositories.consents import DjangoConsentDocuments, DjangoConsentLedger
from apps.identity.infrastructure.repositories.users import DjangoUserRepository
from apps.identity.infrastructure.sessions import DjangoSessions
from apps.identity.infrastructure.sign_in_codes import DjangoSignInCodes
from apps.identity.infrastructure.staff_sessions import DjangoStaffSessions
from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork


def ensure_client() -> EnsureClient:
    return EnsureClient(
        users=DjangoUserRepository(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork(), new_id=uuid4
    )


def decide_consents() -> DecideConsents:
    return DecideConsents(ledger=DjangoConsentLedger(), unit_of_work=DjangoUnitOfWork())


def published_heads() -> FileHeads:
    return FileHeads(Path(settings.CONSENT_HEAD_FILE))


def consent_seal() -> Ed25519Seal:
    """Raises SealNotSet."""
    return practice_seal()


def verify_consents() -> VerifyConsents:
    return VerifyConsents(chain=DjangoConsentChain())


def publish_chain_head() -> PublishChainHead:
    return PublishChainHead(
        verify=verify_consents(),
        heads=published_heads(),
        checks=DjangoChainChecks(),
        events=QueuedEventBus(subscriptions),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def export_consents() -> ExportConsents:
    return ExportConsents(
        chain=DjangoConsentChain(),
        seal=practice_seal,
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def verify_export() -> VerifyExport:
    return VerifyExport(is_signed=is_signed)


def withdraw_consent() -> WithdrawConsent:
    return WithdrawConsent(
        ledger=DjangoConsentLedger(),
        events=QueuedEventBus(subscriptions),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def publish_consent_document() -> PublishConsentDocument:
    return PublishConsentDocument(
        documents=DjangoConsentDocuments(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork()
    )


def write_consent_draft() -> WriteConsentDraft:
    return WriteConsentDraft(
        drafts=DjangoConsentDrafts(),
        documents=DjangoConsentDocuments(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def publish_consent_draft() -> PublishConsentDraft:
    return PublishConsentDraft(
        drafts=DjangoConsentDrafts(), publish=publish_consent_document(), unit_of_work=DjangoUnitOfWork()
    )


def check_consent_chain() -> CheckConsentChain:
    return CheckConsentChain(
        verify=verify_consents(),
        heads=published_heads(),
        checks=DjangoChainChecks(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def record_consent_export() -> RecordConsentExport:
    return RecordConsentExport(audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork())


def export_part() -> ExportPart:
    return ExportPart(chain=DjangoConsentChain(), seal=practice_seal)


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


def pass_second_factor() -> PassSecondFactor:
    return PassSecondFactor(
        tries=DjangoTries(),
        factors=AllauthAuthenticators(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def add_authenticator() -> AddAuthenticator:
    return AddAuthenticator(
        authenticators=AllauthAuthenticators(),
        tries=DjangoTries(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def manage_authenticators() -> ManageAuthenticators:
    return ManageAuthenticators(
        authenticators=AllauthAuthenticators(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork()
    )


def reset_second_factors() -> ResetSecondFactors:
    return ResetSecondFactors(
        users=DjangoUserRepository(),
        authenticators=AllauthAuthenticators(),
        tries=DjangoTries(),
        sessions=DjangoSessions(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )


def end_staff_sessions() -> EndStaffSessions:
    return EndStaffSessions(
        sessions=DjangoStaffSessions(), audit=FacadeAuditLog(), unit_of_work=DjangoUnitOfWork()
    )


def invite_staff() -> InviteStaff:
    return InviteStaff(
        users=DjangoUserRepository(),
        invitations=DjangoInvitations(),
        events=QueuedEventBus(subscriptions),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
        new_id=uuid4,
    )


def write_invitation() -> WriteInvitation:
    return WriteInvitation(
        users=DjangoUserRepository(), invitations=DjangoInvitations(), unit_of_work=DjangoUnitOfWork()
    )


def accept_invitation() -> AcceptInvitation:
    return AcceptInvitation(
        users=DjangoUserRepository(),
        invitations=DjangoInvitations(),
        passwords=DjangoPasswords(),
        sessions=DjangoSessions(),
        audit=FacadeAuditLog(),
        unit_of_work=DjangoUnitOfWork(),
    )
