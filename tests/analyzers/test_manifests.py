"""What a file is by its name and, for secrets, its content."""

from __future__ import annotations

import pytest

from analyzers import manifests


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "a/requirements-dev.txt",
        "dev-requirements.in",
        "requirements/base.txt",
        "constraints.txt",
        "pyproject.toml",
        "setup.py",
        "poetry.lock",
        "uv.lock",
        "Pipfile",
        "Pipfile.lock",
        "pylock.toml",
        "pylock.dev.toml",
        "environment.yml",
        "package.json",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lockb",
        "go.mod",
        "Cargo.lock",
        "Gemfile",
        "composer.json",
    ],
)
def test_manifests_and_locks_are_known_by_name(path):
    assert manifests.is_manifest(path)
    assert not manifests.is_code(path)


@pytest.mark.parametrize(
    "path", ["main.py", "README.md", "notes.txt", "docs/requirements.md", "package.json.bak", "src/lock.py"]
)
def test_other_files_are_no_manifests(path):
    assert not manifests.is_manifest(path)


@pytest.mark.parametrize(
    "path", [".env", "a/.env.production", "tls.pem", "id_rsa", "x.P12", "server.key", "credentials-x.json"]
)
def test_secret_names_are_seen(path):
    assert manifests.looks_secret(path)


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",
        ".env.sample",
        "sample.pem",
        ".env-template",
        "template.key",
        "id_rsa.pub",
        "public.pem",
        ".envrc",
        "env",
    ],
)
def test_examples_and_public_keys_are_no_secrets(path):
    assert not manifests.looks_secret(path)


@pytest.mark.parametrize(
    ("path", "text", "secret"),
    [
        ("a.pem", "-----BEGIN RSA PRIVATE KEY-----\n", True),
        ("a.pem", "-----BEGIN CERTIFICATE-----\n", False),
        (".env", "SECRET_KEY=changeme\n", True),
        (".env", "export DB_PASSWORD='x'\n", True),
        (".env", "DEBUG=1\nSECRET_KEY=\n# API_TOKEN=x\n", False),
        ("id_rsa", "anything", True),
        ("a.key", None, True),
    ],
)
def test_the_content_decides_where_the_name_is_not_enough(path, text, secret):
    assert manifests.holds_secret(path, text) is secret
