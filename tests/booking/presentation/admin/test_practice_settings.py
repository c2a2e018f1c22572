"""Intake form templates and specialists: what the owner settles once."""

import pytest

from apps.booking.models import IntakeTemplate, Specialist
from tests.booking.factories import make_service, make_specialist, make_staff
from tests.booking.presentation.admin.pages import audited, columns, opened, signed_in_as, url

pytestmark = pytest.mark.django_db

QUESTIONS = [f"Вопрос {number}?" for number in range(1, 6)]


@pytest.fixture
def owner():
    return signed_in_as("owner")


@pytest.fixture
def template():
    return IntakeTemplate.objects.create(name="Первая встреча", questions=QUESTIONS)


def refusals(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


class TestIntakeTemplates:
    def test_are_added_with_a_question_a_line(self, owner):
        lines = "\r\n".join(["", *QUESTIONS, "  Что   ещё? ", ""])
        owner.post(url("intaketemplate_add"), {"name": "Пара", "questions": lines})
        assert IntakeTemplate.objects.get().questions == [*QUESTIONS, "Что ещё?"]
        assert audited("settings_changed")[0].changes == {"questions_count": [0, 6]}

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            (QUESTIONS[:4], "сейчас их 4"),
            ([f"{number}?" for number in range(9)], "сейчас их 9"),
            ([*QUESTIONS, "Я" * 301], "не больше 300"),
            ([*QUESTIONS, "ВОПРОС 1?"], "дважды"),
        ],
    )
    def test_are_refused_at_the_questions(self, owner, template, lines, words):
        before = columns(template)
        address = url("intaketemplate_change", template.pk)
        errors = refusals(owner.post(address, opened(owner, address) | {"questions": "\n".join(lines)}))
        assert words in errors["questions"][0]
        assert columns(template) == before

    def test_tell_of_a_stale_page(self, owner, template):
        address = url("intaketemplate_change", template.pk)
        mine = opened(owner, address) | {"name": "Моё"}
        owner.post(address, opened(owner, address) | {"name": "Чужое"})
        assert "изменил" in refusals(owner.post(address, mine))["__all__"][0]
        template.refresh_from_db()
        assert template.name == "Чужое"

    def test_show_which_services_ask_them_and_what_clients_see(self, owner, template):
        make_service(name="Первая консультация", intake_template=template)
        assert "Первая консультация" in owner.get(url("intaketemplate_changelist")).content.decode()
        page = owner.get(url("intaketemplate_change", template.pk)).content.decode()
        assert "Задаются перед встречами: Первая консультация" in page
        assert page.count("Вопрос 3?") == 3  # the field, what was opened, the preview

    def test_that_are_used_are_not_deleted(self, owner, template):
        service = make_service(intake_template=template)
        address = url("intaketemplate_delete", template.pk)
        assert owner.post(address, {"post": "yes"}).status_code == 403
        service.intake_template = None
        service.save()
        owner.post(address, {"post": "yes"})
        assert not IntakeTemplate.objects.exists()

    def test_are_read_by_an_assistant_and_closed_to_an_editor(self, template):
        assistant, address = signed_in_as("assistant"), url("intaketemplate_change", template.pk)
        assert "Вопрос 3?" in assistant.get(address).content.decode()
        assert assistant.post(address, {"name": "x"}).status_code == 403
        assert signed_in_as("editor").get(address).status_code == 403


class TestSpecialists:
    def test_settings_are_saved_and_audited(self, owner):
        specialist = make_specialist()
        address = url("specialist_change", specialist.pk)
        owner.post(address, opened(owner, address) | {"hold_minutes": "30", "time_zone": "Asia/Omsk"})
        specialist.refresh_from_db()
        assert (specialist.hold_minutes, specialist.time_zone) == (30, "Asia/Omsk")
        assert audited("settings_changed")[0].changes == {
            "hold_minutes": [20, 30],
            "time_zone": ["Europe/Moscow", "Asia/Omsk"],
        }

    def test_another_one_is_added_with_an_account_of_the_staff(self, owner):
        colleague = make_staff("assistant")
        data = opened(owner, url("specialist_add")) | {"display_name": "Яна Белова", "user": colleague.pk}
        owner.post(url("specialist_add"), data | {"time_zone": "Europe/Moscow"})
        assert Specialist.objects.get().user_id == colleague.pk

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
            ({"hold_minutes": "0"}, "hold_minutes"),
            ({"hold_minutes": "1441"}, "hold_minutes"),
            ({"answer_within_hours": "1000"}, "answer_within_hours"),
            ({"offer_hours": "0"}, "offer_hours"),
            ({"offer_hours": "73"}, "offer_hours"),
            ({"daily_limit": "0"}, "daily_limit"),
            ({"meeting_link": "javascript:alert(1)"}, "meeting_link"),
            ({"display_name": ""}, "display_name"),
        ],
    )
    def test_are_refused_at_the_field(self, owner, changes, field):
        specialist = make_specialist()
        before = columns(specialist)
        address = url("specialist_change", specialist.pk)
        assert list(refusals(owner.post(address, opened(owner, address) | changes))) == [field]
        assert columns(specialist) == before

    def test_tell_of_a_stale_page(self, owner):
        specialist = make_specialist()
        address = url("specialist_change", specialist.pk)
        mine = opened(owner, address) | {"hold_minutes": "5"}
        owner.post(address, opened(owner, address) | {"hold_minutes": "40"})
        assert "изменил" in refusals(owner.post(address, mine))["__all__"][0]
        specialist.refresh_from_db()
        assert specialist.hold_minutes == 40

    @pytest.mark.parametrize("role", ["assistant", "editor"])
    def test_are_for_the_owner_only(self, role):
        browser, specialist = signed_in_as(role), make_specialist()
        assert browser.get(url("specialist_changelist")).status_code == 403
        assert browser.post(url("specialist_change", specialist.pk), {"hold_minutes": "5"}).status_code == 403

    def test_are_never_deleted(self, owner):
        specialist = make_specialist()
        assert owner.post(url("specialist_delete", specialist.pk), {"post": "yes"}).status_code == 403
