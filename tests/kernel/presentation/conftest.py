"""The table of notes that the plumbing's small views write into."""

from collections.abc import Iterator

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.kernel.presentation import plumbing_urls


@pytest.fixture
def note_table(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plumbing_note (id serial PRIMARY KEY, text text)")
    plumbing_urls.gates.clear()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE plumbing_note")


@pytest.fixture
def api() -> APIClient:
    return APIClient(raise_request_exception=False)
