"""A service as the practice keeps it: its rules, its statuses, what counts as a change of rules."""

from dataclasses import replace
from uuid import UUID

import pytest

from apps.booking.domain.service import DepositAbovePrice, ServiceFormat, ServiceStatus
from apps.booking.domain.service_card import (
    AddressRequired,
    DailyLimitTooLow,
    HorizonOutOfRange,
    ServiceTransitionNotAllowed,
    SlugFixed,
    StepOutOfRange,
)
from apps.kernel.domain.money import Money
from tests.booking.domain_objects import card


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"format": ServiceFormat.OFFLINE}, AddressRequired, "address"),
        ({"format": ServiceFormat.HYBRID, "address": "  "}, AddressRequired, "address"),
        ({"slot_step_minutes": 4}, StepOutOfRange, "slot_step_minutes"),
        ({"slot_step_minutes": 1441}, StepOutOfRange, "slot_step_minutes"),
        ({"horizon_days": -1}, HorizonOutOfRange, "horizon_days"),
        ({"horizon_days": 366}, HorizonOutOfRange, "horizon_days"),
        ({"daily_limit": 0}, DailyLimitTooLow, "daily_limit"),
        ({"deposit": Money(450_001)}, DepositAbovePrice, "deposit"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(changes, error, field):
    with pytest.raises(error) as refusal:
        card(**changes)
    assert refusal.value.field == field


def test_the_ends_of_every_range_are_allowed():
    assert card(slot_step_minutes=5, horizon_days=0, daily_limit=1).terms().price == Money(450_000)
    assert card(slot_step_minutes=1440, horizon_days=365, format=ServiceFormat.OFFLINE, address="Москва")


class TestRevising:
    def test_keeps_id_status_and_version(self):
        old = card(status=ServiceStatus.PUBLISHED, version=7)
        new = old.revised(card(id=UUID(int=1), name="Новое", status=ServiceStatus.DRAFT, version=1))
        assert (new.id, new.name, new.status, new.version) == (old.id, "Новое", ServiceStatus.PUBLISHED, 7)

    @pytest.mark.parametrize("status", [ServiceStatus.PUBLISHED, ServiceStatus.ARCHIVED])
    def test_keeps_the_address_in_links_once_it_is_known(self, status):
        with pytest.raises(SlugFixed):
            card(status=status).revised(card(slug="other"))

    def test_lets_a_draft_take_another_address_in_links(self):
        assert card(status=ServiceStatus.DRAFT).revised(card(slug="other")).slug == "other"


class TestStatuses:
    @pytest.mark.parametrize("before", list(ServiceStatus))
    @pytest.mark.parametrize("after", list(ServiceStatus))
    def test_lead_to_each_other_but_not_to_themselves(self, before, after):
        old = card(status=before)
        if before is after:
            with pytest.raises(ServiceTransitionNotAllowed):
                old.in_status(after)
        else:
            assert old.in_status(after) == replace(old, status=after)


class TestChangesOfRules:
    def test_are_told_as_plain_values(self):
        changes = card().rule_changes(
            card(price=Money(500_050), deposit=Money(100_000), min_notice_hours=24, slug="other")
        )
        assert changes == {
            "price": ("4500.00", "5000.50"),
            "deposit": (None, "1000.00"),
            "min_notice_hours": (12, 24),
            "slug": ("first-session", "other"),
        }

    def test_leave_words_and_versions_out(self):
        assert card().rule_changes(card(name="Другое", description="Текст", position=5, version=9)) == {}
