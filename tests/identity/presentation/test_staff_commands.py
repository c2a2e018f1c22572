"""Commands of the server for the people of the practice."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from apps.audit.models import AuditRecord
from tests.identity.people import browser_of, person
from tests.identity.second_factors import enrol

pytestmark = pytest.mark.django_db


def test_a_sole_owner_who_lost_every_device_is_helped_on_the_server():
    owner = person("owner", email="boss@example.ru")
    enrol(owner)
    browser = browser_of(owner)
    call_command("reset_second_factors", "Boss@example.ru", stdout=StringIO())
    assert not Authenticator.objects.exists()
    assert browser.get("/admin/").status_code == 302
    record = AuditRecord.objects.get(action="second_factors_reset")
    assert (record.role, record.entity_id) == ("system", str(owner.pk))


@pytest.mark.parametrize("email", ["anna@example.ru", "nobody@example.ru", "no address"])
def test_nobody_else_is(email):
    person("client", email="anna@example.ru")
    with pytest.raises(CommandError):
        call_command("reset_second_factors", email, stdout=StringIO())
