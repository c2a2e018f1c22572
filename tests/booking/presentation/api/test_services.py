"""Published services, as everybody sees them."""

from rest_framework.test import APIClient

from tests.booking.factories import make_intake_template, make_service, make_specialist
from tests.booking.presentation.api.checks import assert_problem


def test_published_services_are_listed_in_the_order_of_the_practice(db: None, guest: APIClient) -> None:
    specialist = make_specialist()
    for position, slug, status in [
        (2, "last", "published"),
        (1, "first", "published"),
        (0, "draft", "draft"),
        (0, "old", "archived"),
    ]:
        make_service(specialist, slug=slug, position=position, status=status)

    answer = guest.get("/api/v1/services/").json()

    assert [each["slug"] for each in answer["results"]] == ["first", "last"]
    assert answer["next"] is answer["previous"] is None


def test_pages_of_services_lead_to_each_other(db: None, guest: APIClient) -> None:
    specialist = make_specialist()
    slugs = [make_service(specialist, position=number // 2).slug for number in range(5)]

    seen, address = [], "/api/v1/services/?limit=2"
    while address:
        page = guest.get(address).json()
        seen += [each["slug"] for each in page["results"]]
        address = page["next"]

    assert seen == sorted(slugs, key=slugs.index)
    assert len(seen) == len(set(seen)) == 5


def test_a_service_tells_its_price_and_its_rules(db: None, guest: APIClient) -> None:
    specialist = make_specialist(display_name="Анна Орлова", time_zone="Asia/Omsk")
    service = make_service(
        specialist,
        slug="couple",
        name="Встреча для пары",
        description="**Вдвоём**",
        duration_minutes=80,
        format="hybrid",
        address="Москва, ул. Мира, 1",
        price_minor=700_050,
        deposit_minor=100_000,
        cancel_free_hours=48,
        cancel_partial_hours=24,
        requires_confirmation=True,
        intake_template=make_intake_template(),
    )

    answer = guest.get(f"/api/v1/services/{service.slug}/").json()

    assert answer == {
        "slug": "couple",
        "name": "Встреча для пары",
        "description": "**Вдвоём**",
        "for_whom": "",
        "how_it_goes": "",
        "duration_minutes": 80,
        "format": "hybrid",
        "address": "Москва, ул. Мира, 1",
        "price": {"amount": "7000.50", "currency": "RUB"},
        "deposit": {"amount": "1000.00", "currency": "RUB"},
        "cancel_free_hours": 48,
        "cancel_partial_hours": 24,
        "reschedule_min_hours": 12,
        "max_reschedules": 2,
        "min_notice_hours": 12,
        "horizon_days": 60,
        "requires_confirmation": True,
        "has_intake": True,
        "specialist": {"name": "Анна Орлова", "time_zone": "Asia/Omsk"},
    }


def test_the_practice_keeps_its_internal_names_to_itself(db: None, guest: APIClient) -> None:
    service = make_service(internal_name="Скидочная, не рекламировать")
    answer = guest.get(f"/api/v1/services/{service.slug}/").content.decode()
    assert "Скидочная" not in answer


def test_drafts_archived_and_unknown_services_do_not_exist(db: None, guest: APIClient) -> None:
    specialist = make_specialist()
    make_service(specialist, slug="draft", status="draft")
    make_service(specialist, slug="archived", status="archived")
    for slug in ("draft", "archived", "none"):
        for call in ("", "slots/?from=2026-12-01&to=2026-12-02"):
            answer = guest.get(f"/api/v1/services/{slug}/{call}")
            assert_problem(answer, 404, "service_not_found", detail="Такой услуги нет")


def test_everybody_may_look_even_with_a_token_that_has_ended(db: None, guest: APIClient) -> None:
    slug = make_service().slug
    headers = {"X-Session-Token": "ended"}
    assert guest.get("/api/v1/services/", headers=headers).status_code == 200
    assert guest.get(f"/api/v1/services/{slug}/", headers=headers).status_code == 200


def test_a_cursor_that_is_not_ours_is_refused(db: None, guest: APIClient) -> None:
    for cursor in ("nonsense", "cD0yMDI2LTEyLTAx"):  # the second says p=2026-12-01
        answer = guest.get("/api/v1/services/", {"cursor": cursor})
        assert_problem(answer, 422, "validation_error", pointer="/cursor")
