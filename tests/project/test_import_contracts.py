"""The contracts of imports cover every context and every module: a new one cannot slip past them."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
CONTEXTS = sorted(path.parent.name for path in (ROOT / "apps").glob("*/apps.py"))
DOORS = {"facade", "events"}


def contract(identifier: str) -> dict:
    return next(each for each in CONTRACTS if each["id"] == identifier)


def modules_of(context: str) -> set[str]:
    found = set()
    for path in (ROOT / "apps" / context).iterdir():
        if path.suffix == ".py" and path.stem != "__init__":
            found.add(path.stem)
        elif (path / "__init__.py").exists():
            found.add(path.name)
    return found


def test_every_context_is_layered():
    assert contract("layers")["containers"] == [f"apps.{context}" for context in CONTEXTS]
    assert contract("layers")["exhaustive"] is True


@pytest.mark.parametrize("context", [context for context in CONTEXTS if context != "kernel"])
def test_only_the_doors_of_a_context_are_open(context):
    rule = contract(f"{context}-independent")

    assert rule["type"] == "protected"
    assert set(rule["protected_modules"]) == {
        f"apps.{context}.{module}" for module in modules_of(context) - DOORS
    }
    assert rule["allowed_importers"] == [f"apps.{context}", "project"]


def test_no_contract_has_exceptions():
    assert not [rule["id"] for rule in CONTRACTS if "ignore_imports" in rule]
