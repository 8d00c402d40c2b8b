"""People and things that every test of the web side may ask for. A stranger has a team of his own and sees no other."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from kombu import Connection

from reviews import queue
from reviews.embedded.broker import embedded_broker
from reviews.models import Audit, Membership, Project, Role, Team, User
from reviews.services import jobs
from reviews.services.accounts import ensure_personal_team
from reviews.services.audits import conclude, request_audit
from reviews.services.projects import create_sample_project
from tests.reports import report

PASSWORD = "correct horse battery"


def member(team: Team, role: Role) -> User:
    name = role.label.lower()
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.title())
    Membership.objects.create(team=team, user=user, role=role)
    return user


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Harbour", slug="harbour")


@pytest.fixture
def owner(team: Team) -> User:
    return member(team, Role.OWNER)


@pytest.fixture
def maintainer(team: Team) -> User:
    return member(team, Role.MAINTAINER)


@pytest.fixture
def reviewer(team: Team) -> User:
    return member(team, Role.REVIEWER)


@pytest.fixture
def viewer(team: Team) -> User:
    return member(team, Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> User:
    user = User.objects.create_user("stranger@example.org", PASSWORD, name="Stranger")
    ensure_personal_team(user)
    return user


@pytest.fixture
def project(team: Team, owner: User) -> Project:
    return create_sample_project(team, owner)


@pytest.fixture
def audit(project: Project, owner: User) -> Audit:
    """A finished audit with all kinds of verdicts."""
    audit = request_audit(project, owner)
    claim = jobs.claim(Audit, audit.pk, "test")
    assert claim is not None
    conclude(claim, report(), [])
    audit.refresh_from_db()
    return audit


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A browser of that user."""

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser


@pytest.fixture(autouse=True)
def messages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The nudges sent, instead of a broker; tests marked `broker` or `faults` have a real one."""
    sent: list[tuple[str, int]] = []
    if not {"broker", "faults"} & {mark.name for mark in request.node.iter_markers()}:
        monkeypatch.setattr(queue, "nudge", lambda model, job_id: sent.append((model.__name__, job_id)) or True)
    return sent


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The URL of a broker that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The broker that `manage.py up` would start, really running."""
    program, url = embedded_broker(tmp_path)
    process = subprocess.Popen(program.command)
    try:
        wait_for_broker(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def wait_for_broker(url: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            with Connection(url, transport_options={"socket_timeout": 1, "max_retries": 0}) as connection:
                connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)
                return
        except Exception:
            time.sleep(0.05)
    raise TimeoutError(url)
