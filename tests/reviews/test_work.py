"""What a worker does with a job, from claim to end, with the real analyzers on real trees."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from analyzers.registry import all_checks
from reviews import queue, work
from reviews.models import Audit, Project, State, Team, User
from reviews.services import jobs
from reviews.services.audits import cancel_audit
from reviews.services.jobs import Claim
from reviews.services.projects import create_project_from_upload

pytestmark = pytest.mark.django_db(transaction=True)


def archive(files: dict[str, str]) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return SimpleUploadedFile("project.zip", buffer.getvalue())


def uploaded(team: Team, user: User, files: dict[str, str]) -> Project:
    return create_project_from_upload(team, user, name="x", file=archive(files))


def test_the_sample_is_audited_to_the_end(project: Project, owner: User) -> None:
    audit = queue.start_audit(project, owner, "sample")
    work.audit(audit.pk)
    audit.refresh_from_db()
    assert (audit.state, audit.error) == (State.DONE, "")
    assert audit.score_value is not None
    assert sorted(audit.items.values_list("check_id", flat=True)) == sorted(check.id for check in all_checks())
    assert [stage["state"] for stage in audit.progress] == ["done"] * 4
    assert audit.source_location == "the bundled sample"
    assert list(settings.WORK_DIR.iterdir()) == []


def test_targets_of_an_upload_are_found(team: Team, owner: User) -> None:
    project = uploaded(team, owner, {"Dockerfile": "FROM python:3.12-slim\n", "web/Dockerfile": "FROM node:22\n"})
    discovery = queue.start_discovery(project)
    work.discover(discovery.pk)
    discovery.refresh_from_db()
    assert (discovery.state, discovery.error) == (State.DONE, "")
    assert {target["dockerfile"] for target in discovery.targets} == {"Dockerfile", "web/Dockerfile"}


def test_bad_input_fails_with_its_sentence_and_is_not_tried_again(team: Team, owner: User) -> None:
    project = create_project_from_upload(team, owner, name="x", file=SimpleUploadedFile("x.zip", b"not an archive"))
    audit = queue.start_audit(project, owner)
    work.audit(audit.pk)
    audit.refresh_from_db()
    assert audit.state == State.FAILED
    assert "Dockerfile" in audit.error
    assert audit.progress[0]["state"] == "failed"
    assert jobs.claim(Audit, audit.pk, "b") is None
    assert list(settings.WORK_DIR.iterdir()) == []


def test_our_own_fault_fails_the_audit_without_its_details(project: Project, owner: User, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("/secret/path")

    monkeypatch.setattr(work, "open_source", broken)
    audit = queue.start_audit(project, owner)
    work.audit(audit.pk)
    audit.refresh_from_db()
    assert audit.state == State.FAILED
    assert "KeyError" in audit.error
    assert "secret" not in audit.error


def test_a_cancelled_audit_stops_at_the_next_stage(project: Project, owner: User, monkeypatch) -> None:
    audit = queue.start_audit(project, owner)
    opened = work.open_source

    def cancel_while_fetching(project: Project, folder: Path) -> object:
        assert cancel_audit(Audit.objects.get(pk=audit.pk), owner)
        return opened(project, folder)

    monkeypatch.setattr(work, "open_source", cancel_while_fetching)
    work.audit(audit.pk)
    audit.refresh_from_db()
    assert audit.state == State.CANCELLED
    assert audit.items.count() == 0


def test_an_audit_taken_over_by_another_worker_is_left_to_it(project: Project, owner: User, monkeypatch) -> None:
    audit = queue.start_audit(project, owner)
    opened = work.open_source

    def lose_the_lease(project: Project, folder: Path) -> object:
        Audit.objects.filter(pk=audit.pk).update(attempt=2, worker="other")
        return opened(project, folder)

    monkeypatch.setattr(work, "open_source", lose_the_lease)
    work.audit(audit.pk)
    audit.refresh_from_db()
    assert (audit.state, audit.worker, audit.items.count()) == (State.RUNNING, "other", 0)


def test_an_audit_of_a_deleted_project_ends_quietly(project: Project, owner: User, monkeypatch) -> None:
    audit = queue.start_audit(project, owner)
    opened = work.open_source

    def delete_meanwhile(project: Project, folder: Path) -> object:
        Project.objects.get(pk=project.pk).delete()
        return opened(project, folder)

    monkeypatch.setattr(work, "open_source", delete_meanwhile)
    work.audit(audit.pk)
    assert not Audit.objects.exists()


def test_the_same_message_five_times_gives_one_result(project: Project, owner: User) -> None:
    audit = queue.start_audit(project, owner)
    for _ in range(5):
        work.audit(audit.pk)
    audit.refresh_from_db()
    assert (audit.state, audit.attempt) == (State.DONE, 1)


def test_folders_of_dead_attempts_are_swept_and_living_ones_kept(project: Project, owner: User) -> None:
    audit = queue.start_audit(project, owner)
    held = jobs.claim(Audit, audit.pk, "a")
    assert isinstance(held, Claim)
    living, dead = (settings.WORK_DIR / name for name in (f"audit-{audit.pk}-1-aaaa", f"audit-{audit.pk}-0-bbbb"))
    for folder in (living, dead, settings.WORK_DIR / "discovery-99-1-cccc"):
        folder.mkdir(parents=True)
    work.sweep()
    assert list(settings.WORK_DIR.iterdir()) == [living]
    living.rmdir()


def test_a_token_that_no_key_opens_is_the_users_to_enter_again(team: Team, owner: User) -> None:
    project = Project.objects.create(team=team, name="x", slug="x", source_kind="link", url="https://github.com/a/b")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_project SET credential = 'encrypted by another key'")
    discovery = queue.start_discovery(project)
    work.discover(discovery.pk)
    discovery.refresh_from_db()
    assert discovery.error == "the stored token can no longer be read: enter it again in the settings"
