"""Settings of development: the outside world is the sandbox, unless the environment names another."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN = """
import json
from django.conf import settings
server = settings.MAILERS["default"]["OPTIONS"]
names = ("YOOKASSA_API_URL", "YOOKASSA_SHOP_ID", "YOOKASSA_SECRET_KEY", "YOOKASSA_NETWORKS", "PUBLIC_URL",
         "PAYMENT_RETURN_ORIGINS")
mail = f"{server['host']}:{server['port']}"
print(json.dumps({name: getattr(settings, name) for name in names} | {"mail": mail}))
"""


def shown(tmp_path: Path, **environment: str) -> dict:
    result = subprocess.run(
        [sys.executable, "-c", SHOWN],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "project.settings.development",
            "DATABASE_URL": "postgresql://nobody@localhost/nothing",
            "DATA_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


def test_all_leads_to_the_sandbox_beside_the_port_of_web(tmp_path):
    assert shown(tmp_path, PORT="8100", SANDBOX_SMTP_PORT="2525") == {
        "YOOKASSA_API_URL": "http://localhost:8110/v3",
        "YOOKASSA_SHOP_ID": "sandbox",
        "YOOKASSA_SECRET_KEY": "sandbox-secret",
        "YOOKASSA_NETWORKS": ["127.0.0.1/32", "::1/128"],
        "PUBLIC_URL": "http://localhost:8100",
        "PAYMENT_RETURN_ORIGINS": ["http://localhost:8100"],
        "mail": "localhost:2525",
    }


def test_the_environment_may_name_the_real_world(tmp_path):
    found = shown(
        tmp_path,
        YOOKASSA_API_URL="https://api.yookassa.ru/v3",
        YOOKASSA_SHOP_ID="100500",
        YOOKASSA_SECRET_KEY="test_secret",
        PUBLIC_URL="https://tunnel.example.org/",
        EMAIL_URL="smtp://mail.example.org:25",
    )

    assert found["YOOKASSA_API_URL"] == "https://api.yookassa.ru/v3"
    assert (found["YOOKASSA_SHOP_ID"], found["YOOKASSA_SECRET_KEY"]) == ("100500", "test_secret")
    assert "185.71.76.0/27" in found["YOOKASSA_NETWORKS"]
    assert "127.0.0.1/32" not in found["YOOKASSA_NETWORKS"]
    assert found["PAYMENT_RETURN_ORIGINS"] == ["https://tunnel.example.org"]
    assert found["mail"] == "mail.example.org:25"
