"""What identity hands out about a person: profile, consents with their proof, sessions."""

from tests.booking.factories import CONSENT_VERSION, consented_client, make_client, session_token
from tests.client_cabinet.exports import records_of


def test_the_profile_with_all_contacts(db):
    client = make_client(
        display_name="Мария Волкова", email="maria@example.org", phone="+79991234567", telegram_id=77
    )
    [profile] = records_of("profile", client)
    assert profile == {
        "id": str(client.pk),
        "display_name": "Мария Волкова",
        "email": "maria@example.org",
        "phone": "+79991234567",
        "telegram_id": 77,
        "time_zone": "Europe/Moscow",
        "language": "ru",
        "role": "client",
        "status": "active",
        "created_at": client.created_at.isoformat(),
    }


def test_consents_with_the_evidence_in_plain(db):
    client = consented_client()
    [consent] = records_of("consents", client)
    assert (consent["purpose"], consent["status"], consent["version"]) == (
        "personal_data",
        "granted",
        CONSENT_VERSION,
    )
    assert consent["evidence"]["ip"] == "192.0.2.1"
    assert len(consent["sha256"]) == 64
    assert records_of("consents", make_client()) == []


def test_sessions_without_anything_that_opens_them(db):
    client = make_client()
    token = session_token(client)
    session_token(make_client())
    [session] = records_of("sessions", client)
    assert set(session) == {"id", "created_at", "last_seen_at", "expires_at"}
    assert token not in str(session)
