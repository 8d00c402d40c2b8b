"""The settings as a fresh process sees them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TRIMTAB_", "DJANGO_"))}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, check=False)


def test_production_passes_djangos_deployment_check(tmp_path: Path) -> None:
    run = manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        TRIMTAB_DATA=str(tmp_path),
        TRIMTAB_URL="https://audits.example.org",
    )
    assert run.returncode == 0, run.stderr


def test_models_and_migrations_agree(tmp_path: Path) -> None:
    assert manage("makemigrations", "--check", "--dry-run", TRIMTAB_DATA=str(tmp_path)).returncode == 0


def test_the_first_start_makes_private_keys(tmp_path: Path) -> None:
    data = tmp_path / "data"
    manage("check", TRIMTAB_DATA=str(data))
    assert data.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in data.glob("*.key")} == {
        "secret.key": 0o600,
        "encryption.key": 0o600,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRIMTAB_DEBUG", "maybe"), ("TRIMTAB_URL", "audits.example.org"), ("TRIMTAB_LEASE_SECONDS", "0")],
)
def test_nonsense_stops_the_program_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    run = manage("check", TRIMTAB_DATA=str(tmp_path), **{name: value})
    assert run.returncode != 0
    assert name in run.stderr


def test_each_setting_is_documented() -> None:
    text = "".join(path.read_text() for path in (ROOT / "config").glob("*.py"))
    documented = (ROOT / "docs" / "operations.md").read_text()
    documented = re.sub(r"`_(\w+)`", r"`TRIMTAB_EMAIL_\1`", documented)
    names = set(re.findall(r'env_\w+\("(TRIMTAB_\w+)"', text))
    assert len(names) > 20
    assert {name for name in names if f"`{name}`" not in documented} == set()


def test_prepare_is_all_that_an_empty_database_needs(tmp_path: Path) -> None:
    first = manage("prepare", TRIMTAB_DATA=str(tmp_path))
    assert first.stdout.startswith("/setup/"), first.stderr
    assert manage("prepare", TRIMTAB_DATA=str(tmp_path)).stdout != first.stdout
