"""A time from the waitlist: how its client sees it, takes it or lets it go."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import Service, WaitlistOffer
from apps.identity.infrastructure.models import User
from tests.booking.factories import (
    make_client,
    make_offer,
    make_service,
    make_specialist,
    make_waitlist_request,
    signed_in,
)
from tests.booking.presentation.api.checks import assert_problem, nothing_changes, of

pytestmark = pytest.mark.django_db
WAITLIST = "/api/v1/waitlist/"


@pytest.fixture
def free(db: None) -> Service:
    return make_service(make_specialist(), price_minor=0)


def seen(api: APIClient) -> list[Any]:
    return [each["offer"] for each in api.get(WAITLIST).json()["results"]]


class TestTheRequest:
    def test_tells_of_no_offer_before_there_is_one(self, api: APIClient, client: User) -> None:
        make_waitlist_request(client=client)
        assert seen(api) == [None]

    def test_tells_which_time_is_kept_and_until_when(self, api: APIClient, client: User) -> None:
        offer = make_offer(client=client)
        [told] = seen(api)
        assert told == {
            "appointment_id": str(offer.appointment_id),
            "start": offer.start.isoformat(),
            "expires_at": offer.expires_at.isoformat(),
            "status": "offered",
        }

    @pytest.mark.parametrize(
        ("appointment", "status"),
        [
            ("confirmed", "accepted"),
            ("canceled", "declined"),
            ("expired", "expired"),
            ("no_show", "accepted"),
        ],
    )
    def test_follows_the_appointment_before_any_worker_has_written_it_down(
        self, api: APIClient, client: User, appointment: str, status: str
    ) -> None:
        make_offer(client=client, appointment_status=appointment)
        assert [each["status"] for each in seen(api)] == [status]

    def test_an_overdue_hold_is_told_as_expired(self, api: APIClient, client: User) -> None:
        make_offer(client=client, keep=-timedelta(minutes=1))
        assert [each["status"] for each in seen(api)] == ["expired"]

    def test_tells_the_latest_of_several(self, api: APIClient, client: User, service: Service) -> None:
        first = make_offer(client=client, service=service, status="expired", appointment_status="expired")
        WaitlistOffer.objects.filter(id=first.id).update(status="expired")
        second = make_offer(request=first.waitlist_request, start=first.start + timedelta(hours=2))
        assert [each["appointment_id"] for each in seen(api)] == [str(second.appointment_id)]


class TestAccepting:
    def test_confirms_a_free_time(self, api: APIClient, client: User, free: Service) -> None:
        offer = make_offer(client=client, service=free)
        answer = api.post(of(offer.appointment, "accept/"))
        assert answer.status_code == 200
        assert answer.json()["status"] == "confirmed"
        assert answer.json()["hold_expires_at"] is None
        assert [each["status"] for each in seen(api)] == ["accepted"]

    def test_twice_with_one_key_answers_the_same(self, api: APIClient, client: User, free: Service) -> None:
        offer = make_offer(client=client, service=free)
        headers = {"Idempotency-Key": "accept"}
        first, again = (api.post(of(offer.appointment, "accept/"), headers=headers) for _ in range(2))
        assert first.json() == again.json()
        with nothing_changes():
            problem = api.post(of(offer.appointment, "accept/"))
            assert_problem(problem, 409, "transition_not_allowed")

    def test_a_paid_time_is_told_to_be_paid_for(self, api: APIClient, client: User) -> None:
        offer = make_offer(client=client)
        with nothing_changes():
            problem = api.post(of(offer.appointment, "accept/"))
            assert_problem(problem, 409, "payment_due", detail="Эта встреча подтверждается оплатой")

    def test_too_late_is_told(self, api: APIClient, client: User, free: Service) -> None:
        offer = make_offer(client=client, service=free, keep=-timedelta(seconds=1))
        with nothing_changes():
            assert_problem(api.post(of(offer.appointment, "accept/")), 409, "hold_expired")

    def test_without_a_consent_it_is_asked_for(self, free: Service, client: User) -> None:
        someone = make_client()
        offer = make_offer(client=someone, service=free)
        api = signed_in(someone)
        with nothing_changes():
            problem = assert_problem(api.post(of(offer.appointment, "accept/")), 422, "consent_required")
        assert problem["document"]["purpose"] == "personal_data"

    def test_what_is_offered_to_another_does_not_exist(self, api: APIClient, free: Service) -> None:
        offer = make_offer(service=free)
        with nothing_changes():
            assert_problem(api.post(of(offer.appointment, "accept/")), 404, "appointment_not_found")


def test_an_offer_is_not_kept_any_longer(api: APIClient, client: User) -> None:
    offer = make_offer(client=client)
    with nothing_changes():
        assert_problem(api.post(of(offer.appointment, "extend-hold/")), 409, "hold_already_extended")


def test_canceling_declines_the_offer(api: APIClient, client: User) -> None:
    offer = make_offer(client=client)
    assert api.post(of(offer.appointment, "cancel/")).status_code == 200
    assert [each["status"] for each in seen(api)] == ["declined"]


def test_leaving_the_waitlist_lets_the_kept_time_go(api: APIClient, client: User) -> None:
    offer = make_offer(client=client)
    assert api.delete(f"{WAITLIST}{offer.waitlist_request_id}/").status_code == 204
    assert api.get(of(offer.appointment)).json()["status"] == "canceled"
    [request] = api.get(WAITLIST).json()["results"]
    assert (request["status"], request["offer"]["status"]) == ("closed", "declined")
