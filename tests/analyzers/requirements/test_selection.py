from __future__ import annotations

import pytest

from analyzers.requirements.entries import Manifest
from analyzers.requirements.selection import select

UV = Manifest(default_groups=frozenset({"dev"}))


@pytest.mark.parametrize(
    ("manager", "command", "taken", "left"),
    [
        ("uv", "uv sync --frozen", {"", "dev"}, {"docs", "extra:prod"}),
        ("uv", "uv sync --no-dev --extra prod", {"", "extra:prod"}, {"dev"}),
        ("uv", "uv sync --no-default-groups --group docs", {"", "docs"}, {"dev"}),
        ("uv", "uv sync --only-group docs", {"docs"}, {"", "dev"}),
        ("uv", "uv pip install --system -r pyproject.toml", {""}, {"dev"}),
        ("poetry", "poetry install --no-root", {"", "dev"}, {"docs"}),
        ("poetry", "poetry install --only main", {""}, {"dev"}),
        ("poetry", "poetry install --only=main,docs", {"", "docs"}, {"dev"}),
        ("poetry", "poetry install --without dev,test", {""}, {"dev"}),
        ("pdm", "pdm install --prod", {""}, {"dev"}),
        ("pipenv", "pipenv install --system --deploy", {""}, {"dev"}),
        ("pipenv", "pipenv install --dev", {"", "dev"}, set()),
        ("pip", "pip install --no-cache-dir '.[prod]'", {"", "extra:prod"}, {"extra:dev"}),
        ("npm", "npm ci", {"", "dev"}, set()),
        ("npm", "npm ci --omit=dev", {""}, {"dev"}),
        ("yarn", "yarn install --production", {""}, {"dev"}),
    ],
)
def test_an_install_brings_what_its_options_say(manager: str, command: str, taken: set[str], left: set[str]) -> None:
    chosen = select(manager, command, UV)
    assert all(chosen.takes(group) for group in taken)
    assert not any(chosen.takes(group) for group in left)


def test_the_environment_switches_groups_off() -> None:
    assert not select("uv", "uv sync", UV, {"UV_NO_DEV": "1"}).takes("dev")
    assert not select("npm", "npm ci", UV, {"NODE_ENV": "production"}).takes("dev")
