"""What the project itself answers: addresses, languages, policies of content, pages of errors."""

import pytest
from django.contrib import admin
from django.test import Client, override_settings

from project.admin_site import WorkspaceSite


def test_the_admin_site_is_the_workspace():
    assert isinstance(admin.site, WorkspaceSite)


def test_the_front_door_leads_to_the_workspace(client):
    assert client.get("/").headers["Location"] == "/admin/"


@pytest.mark.django_db
class TestLanguage:
    def test_the_workspace_speaks_russian_whatever_the_browser_prefers(self, client):
        page = client.get("/admin/login/", headers={"accept-language": "en-US,en;q=0.9"})

        assert page.headers["Content-Language"] == "ru"
        assert '<html lang="ru"' in page.text

    def test_a_chosen_language_wins(self, client):
        client.cookies["django_language"] = "en"

        assert client.get("/admin/login/").headers["Content-Language"] == "en"

    def test_an_unknown_chosen_language_is_ignored(self, client):
        client.cookies["django_language"] = "xx"

        assert client.get("/admin/login/").headers["Content-Language"] == "ru"

    @pytest.mark.parametrize(
        ("preferred", "answer"), [("", "ru"), ("en", "en"), ("de", "ru"), ("ru,en;q=0.8", "ru")]
    )
    def test_the_api_answers_in_the_language_asked_for(self, client, preferred, answer):
        response = client.get("/api/v1/nothing/", headers={"accept-language": preferred})

        assert response.headers["Content-Language"] == answer


@pytest.mark.django_db
class TestContentPolicy:
    def test_the_workspace_may_run_its_own_scripts_only(self, client):
        policy = client.get("/admin/login/").headers["Content-Security-Policy"]

        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "frame-ancestors 'none'" in policy

    def test_the_api_may_load_nothing(self, client):
        policy = client.get("/api/v1/nothing/").headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy

    def test_the_documentation_of_the_api_needs_no_other_site(self, client):
        page = client.get("/api/docs/")

        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        assert "//cdn" not in page.text
        assert "<script>" not in page.text


class TestErrorPages:
    def test_an_unknown_page_is_told_in_russian(self, client):
        page = client.get("/nowhere/")

        assert page.status_code == 404
        assert "По этому адресу ничего нет." in page.text

    def test_a_defect_shows_nothing_of_itself(self, settings):
        client = Client(raise_request_exception=False)
        with override_settings(ROOT_URLCONF="tests.project.broken_urls"):
            page = client.get("/broken/")

        assert page.status_code == 500
        assert "ZeroDivisionError" not in page.text
        assert "На нашей стороне что-то пошло не так." in page.text
