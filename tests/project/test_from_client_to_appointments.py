"""From the page of a client one click leads to their appointments, by id and not by name or contact."""

import re
from html import unescape

import pytest
from django.urls import reverse

from tests.booking.factories import make_appointment, make_staff, next_monday

pytestmark = pytest.mark.django_db


def test_the_page_of_a_client_leads_to_the_appointments_of_this_client_only(client):
    theirs = make_appointment()
    make_appointment(service=theirs.service, start=next_monday(15))
    client.force_login(make_staff("assistant"))
    page = client.get(reverse("admin:identity_client_change", args=[theirs.client_id])).content.decode()
    link = re.search(r'href="([^"]*client__id__exact[^"]*)"', page)
    assert link, page
    url = unescape(link[1])
    assert theirs.client.email not in url
    assert "/history/" not in page
    assert list(client.get(url).context["cl"].result_list) == [theirs]
