"""The application's role can do all of the product's work, and nothing to what must not change."""

import io
import os
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.audit import facade as audit
from apps.client_cabinet.infrastructure.models import DestructionAct, Tombstone
from apps.kernel.application.retention import rule_of, rules
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.infrastructure import retention
from project.backup.guards import append_only_tables
from project.database_roles import DatabaseRoles, configured, renew_grants
from tests.booking.factories import (
    CONSENT_VERSION,
    make_client,
    make_intake_template,
    make_service,
    make_staff,
    next_monday,
    publish_personal_data_consent,
    signed_in,
)
from tests.booking.presentation.api.checks import booking_of
from tests.client_cabinet.erasing import erased
from tests.client_cabinet.rows import consent_to_health_data, diarist, make_entry
from tests.identity.people import browser_of
from tests.jobs import work_off

MUST_BE_GUARDED = {
    "audit_auditrecord",
    "booking_timelineentry",
    "client_cabinet_destructionact",
    "client_cabinet_tombstone",
    "identity_consent",
    "kernel_retentionrun",
    "messaging_templateversion",
    "payments_ledgerentry",
}
# Roles belong to the whole server, which several runs of the tests share.
MARK = os.environ.get("PYTEST_XDIST_WORKER", "alone") + str(os.getpid())
ROLES = DatabaseRoles(owner=f"owner_{MARK}", application=f"app_{MARK}", backup=f"backup_{MARK}")


@pytest.fixture
def roles(db):
    """The roles, for the time of the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(ROLES.sql())
    return ROLES


def become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")


def guarded() -> list[str]:
    connection.ensure_connection()
    return append_only_tables(connection.connection)


def refused(statement: str) -> str:
    """What PostgreSQL says to ``statement``; fails when it is carried out."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


def record(age: timedelta) -> None:
    audit.record(actor=SYSTEM, action="x", entity="x", entity_id="x", at=timezone.now() - age)


class TestTheApplication:
    def test_does_all_of_a_booking_from_the_consent_to_the_letters(self, roles):
        publish_personal_data_consent()
        service = make_service(intake_template=make_intake_template(["Что привело вас?"]), price_minor=0)
        client, owner = make_client(), make_staff()
        consent_to_health_data(client)
        become(roles.application)
        api = signed_in(client)

        given = [{"purpose": "personal_data", "version": CONSENT_VERSION}]
        booked = api.post(
            "/api/v1/appointments/",
            booking_of(service, next_monday(12), consents=given),
            headers={"Idempotency-Key": "once"},
        )
        assert booked.status_code == 201, booked.content.decode()
        address = booked["Location"]
        for answer in (
            api.put(f"{address}intake/", {"answers": ["Плохо сплю"]}),
            api.post(f"{address}reschedule/", {"start": next_monday(14).isoformat()}),
            api.get(address),
            api.post(f"{address}cancel/", {"reason": "health"}),
        ):
            assert answer.status_code == 200, answer.content.decode()
        assert work_off("kernel.deliver_event") > 2
        assert browser_of(owner).get("/admin/booking/appointment/").status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (roles.application,), "it was the role all the time"

    def test_erases_a_client_with_act_and_tombstone(self, roles, settings, tmp_path):
        settings.TOMBSTONES_FILE = str(tmp_path / "tombstones.jsonl")
        person = diarist()
        make_entry(person)
        become(roles.application)

        erased(person)
        work_off("kernel.deliver_event")

        assert DestructionAct.objects.count() == Tombstone.objects.count() == 1

    def test_adds_to_append_only_tables_and_can_do_nothing_else_to_them(self, roles):
        tables = guarded()
        assert set(tables) >= MUST_BE_GUARDED
        become(roles.application)
        column = "(SELECT attname FROM pg_attribute WHERE attrelid = '{0}'::regclass AND attnum = 1)"
        for table in tables:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*), {column.format(table)} FROM {table}")
                _count, first = cursor.fetchone()
            assert "permission denied" in refused(f'UPDATE {table} SET "{first}" = "{first}"'), table
            assert "permission denied" in refused(f"DELETE FROM {table}"), table
            assert "permission denied" in refused(f"TRUNCATE {table} CASCADE"), table
            assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL"), table
            assert "must be owner" in refused(f"DROP TABLE {table} CASCADE"), table
            assert "permission denied" in refused("SET session_replication_role = replica"), table

    def test_has_no_more_rights_than_rows_need(self, roles):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
                "AND has_table_privilege(%s, oid, 'TRUNCATE, REFERENCES, TRIGGER')",
                [roles.application],
            )
            assert cursor.fetchall() == []
        become(roles.application)
        assert "permission denied for schema public" in refused("CREATE TABLE more (id int)")
        assert "permission denied" in refused("DELETE FROM django_migrations")
        assert "must be owner" in refused("DROP FUNCTION kernel_refuse_change() CASCADE")
        assert "permission denied" in refused("COPY identity_user TO PROGRAM 'cat'")

    def test_removes_what_is_beyond_its_term_without_any_right_to_delete(self, roles):
        record(timedelta(days=3 * 365 + 2))
        record(timedelta(days=3 * 365 - 2))
        become(roles.application)

        assert retention.apply(rule_of("audit_records"), at=timezone.now()) == 1

        assert retention.apply(rule_of("audit_records"), at=timezone.now()) == 0
        assert "permission denied" in refused("DELETE FROM audit_auditrecord")

    def test_applies_every_rule_of_retention(self, roles):
        become(roles.application)
        for rule in rules():
            retention.apply(rule, at=timezone.now())

    def test_appends_nothing_to_the_chain_of_consents_by_itself(self, db):
        """A restored backup has lost what its migrations revoked: the grants alone have to hold."""
        with connection.cursor() as cursor:
            cursor.execute("GRANT EXECUTE ON FUNCTION identity_append_link(text, uuid, text) TO PUBLIC")
            cursor.execute(ROLES.sql())
        become(ROLES.application)

        forged = "SELECT identity_append_link('act', gen_random_uuid(), repeat('a', 64))"

        assert "permission denied" in refused(forged)


class TestTheOwner:
    def test_migrates_and_cannot_change_the_rows_either(self, roles):
        record(timedelta(0))
        become(roles.owner)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE booking_service ADD COLUMN later integer")
        assert "append-only" in refused("DELETE FROM audit_auditrecord")

    def test_owns_everything_of_the_application(self, roles):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                "AND relkind IN ('r', 'S', 'v') AND relowner <> %s::regrole",
                [roles.owner],
            )
            assert cursor.fetchall() == []


class TestTheBackup:
    def test_reads_everything_and_changes_nothing(self, roles):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                "AND relkind IN ('r', 'S') AND NOT has_table_privilege(%s, oid, 'SELECT')",
                [roles.backup],
            )
            assert cursor.fetchall() == []
        become(roles.backup)
        for statement in (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
            "UPDATE booking_service SET slug = slug",
            "DELETE FROM identity_user",
            "SELECT kernel_remove_expired('audit_auditrecord', 1)",
            "SELECT identity_append_link('act', gen_random_uuid(), repeat('a', 64))",
        ):
            assert "permission denied" in refused(statement), statement


class TestTablesToCome:
    def test_can_be_read_and_added_to_at_once_and_everything_after_the_next_grants(self, roles, settings):
        become(roles.owner)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE later (id int)")
        become(roles.application)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO later SELECT 1")
        assert "permission denied" in refused("DELETE FROM later")

        settings.DATABASE_ROLES = [roles.owner, roles.application, roles.backup]
        become(roles.owner)
        renew_grants(using="default")

        become(roles.application)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM later")

    def test_that_are_append_only_are_so_without_being_named(self, roles, settings):
        become(roles.owner)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE later (id int)")
            cursor.execute(
                "CREATE TRIGGER later_rows_stay BEFORE UPDATE OR DELETE ON later "
                "FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
            )
        settings.DATABASE_ROLES = [roles.owner, roles.application, roles.backup]
        renew_grants(using="default")

        become(roles.application)
        assert "permission denied" in refused("DELETE FROM later")


class TestTheGrants:
    def test_may_be_run_again(self, roles):
        with connection.cursor() as cursor:
            cursor.execute(roles.sql())
            cursor.execute(f"SET LOCAL ROLE {roles.owner}")
            cursor.execute(roles.sql(roles=False, hand_over=False))

    def test_are_left_alone_where_the_roles_are_not_there(self, db, settings):
        settings.DATABASE_ROLES = ["nobody_a", "nobody_b", "nobody_c"]
        renew_grants(using="default")

    @pytest.mark.parametrize(
        "names",
        [["one", "two"], ["one", "one", "two"], ["one", "two", 'three"; DROP'], ["One", "two", "three"]],
        ids=["two only", "one twice", "a name that is SQL", "a capital letter"],
    )
    def test_refuse_names_that_are_none(self, settings, names):
        settings.DATABASE_ROLES = names
        with pytest.raises(ImproperlyConfigured, match="DATABASE_ROLES"):
            configured()
        with pytest.raises(CommandError, match="DATABASE_ROLES"):
            call_command("database_roles")


class TestTheCommand:
    def test_prints_what_an_administrator_runs(self):
        out = io.StringIO()
        call_command("database_roles", stdout=out)

        text = out.getvalue()
        assert text.startswith("BEGIN;")
        assert text.endswith("COMMIT;\n")
        assert "CREATE ROLE practice_app LOGIN NOSUPERUSER" in text
        assert "PASSWORD '" not in text, "a password does not belong on a screen"
        assert not re.search(r"\{\w+\}", text)

    def test_prints_the_grants_alone(self):
        out = io.StringIO()
        call_command("database_roles", grants=True, stdout=out)
        assert "CREATE ROLE" not in out.getvalue()
        assert "GRANT SELECT, INSERT, UPDATE, DELETE" in out.getvalue()

    def test_runs_it(self, db, settings):
        settings.DATABASE_ROLES = [ROLES.owner, ROLES.application, ROLES.backup]
        out = io.StringIO()
        call_command("database_roles", apply=True, stdout=out)
        assert f"{ROLES.owner} owns" in out.getvalue()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE %s", [f"%{MARK}"])
            assert cursor.fetchone() == (3,)

    def test_tells_when_the_roles_are_missing(self, db, settings):
        settings.DATABASE_ROLES = ["nobody_a", "nobody_b", "nobody_c"]
        with pytest.raises(CommandError, match=r"Nothing was changed\. .*nobody_"), transaction.atomic():
            call_command("database_roles", apply=True, grants=True)


class TestTheCheck:
    def warnings(self) -> list[str]:
        found = run_checks(tags=["database"], include_deployment_checks=True, databases=["default"])
        return [each.id for each in found if each.id.startswith("project.")]

    def test_warns_of_a_superuser(self, db):
        assert self.warnings() == ["project.W001"]

    def test_warns_of_the_owner(self, roles):
        become(roles.owner)
        assert self.warnings() == ["project.W002"]

    def test_warns_of_a_role_with_too_many_rights(self, roles):
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT DELETE ON identity_consent TO {roles.application}")
        become(roles.application)
        assert self.warnings() == ["project.W003"]

    def test_is_content_with_the_application(self, roles):
        become(roles.application)
        assert self.warnings() == []

    def test_is_silent_without_a_database(self):
        assert run_checks(tags=["database"], include_deployment_checks=True, databases=[]) == []


def test_no_setting_names_a_role_in_tests():
    assert settings.DATABASE_ROLES == []
