from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from reviews.models import Audit, Event, Project, SourceKind, Team, User
from reviews.secrets import Secret
from reviews.services import projects
from reviews.services.errors import Refused

TOKEN = "ghp_averysecrettoken"


def linked(team: Team, user: User, **more: str) -> Project:
    return projects.create_project_from_link(team, user, name="", url="https://github.com/a/shelf.git", **more)


def test_a_linked_project_is_named_after_its_repository(team: Team, owner: User) -> None:
    project = linked(team, owner, ref="main", subfolder="/services/web/")
    assert (project.name, project.slug, project.source_kind) == ("shelf", "shelf", SourceKind.LINK)
    assert (project.url, project.ref, project.subfolder) == ("https://github.com/a/shelf.git", "main", "services/web")


def test_two_projects_of_a_name_get_slugs_of_their_own(team: Team, owner: User) -> None:
    assert [linked(team, owner).slug for _ in range(3)] == ["shelf", "shelf-2", "shelf-3"]


@pytest.mark.parametrize(
    "url", ["http://github.com/a/b", "https://me:pw@github.com/a/b", "file:///etc", "https://127.0.0.1/a", "nonsense"]
)
def test_a_link_that_could_never_be_fetched_is_refused(team: Team, owner: User, url: str) -> None:
    with pytest.raises(Refused):
        projects.create_project_from_link(team, owner, name="x", url=url)
    assert not Project.objects.exists()


def test_a_token_is_encrypted_and_never_shown(team: Team, owner: User) -> None:
    project = linked(team, owner, token=TOKEN)
    project.refresh_from_db()
    assert project.credential.reveal() == TOKEN
    assert TOKEN not in f"{project.credential} {project.credential!r} {vars(project)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT credential FROM reviews_project")
        assert TOKEN not in cursor.fetchone()[0]
    assert all(TOKEN not in str(event.data) for event in Event.objects.all())


def test_no_token_is_falsy(team: Team, owner: User) -> None:
    project = linked(team, owner)
    project.refresh_from_db()
    assert not project.credential
    assert project.credential.reveal() == ""


def test_a_token_is_not_kept_for_another_address(team: Team, owner: User) -> None:
    project = linked(team, owner, token=TOKEN)
    projects.update_project(project, owner, application_type="microservice", url="https://evil.example/a/shelf.git")
    project.refresh_from_db()
    assert project.credential == Secret()


def test_a_token_stays_when_the_address_does(team: Team, owner: User) -> None:
    project = linked(team, owner, token=TOKEN)
    projects.update_project(project, owner, application_type="microservice", url=project.url, ref="v2")
    project.refresh_from_db()
    assert (project.credential.reveal(), project.ref) == (TOKEN, "v2")


def upload(name: str = "shelf.zip", content: bytes = b"FROM scratch") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_upload_is_kept_under_a_name_of_our_own(team: Team, owner: User) -> None:
    project = projects.create_project_from_upload(team, owner, name="", file=upload("../../etc/passwd.zip"))
    kept = project.uploads.get()
    assert (project.name, kept.filename, kept.size_bytes) == ("passwd", "passwd.zip", 12)
    assert kept.file.name == f"uploads/{project.pk}/{kept.sha256}"


def test_an_upload_over_the_limit_leaves_nothing(team: Team, owner: User, settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 5
    with pytest.raises(Refused, match="larger than"):
        projects.create_project_from_upload(team, owner, name="x", file=upload())
    assert not Project.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_replaced_upload_is_deleted(team: Team, owner: User) -> None:
    project = projects.create_project_from_upload(team, owner, name="x", file=upload())
    first = project.uploads.get().file.name
    projects.replace_upload(project, owner, upload(content=b"FROM python"))
    second = project.uploads.get().file.name
    assert not default_storage.exists(first)
    assert default_storage.exists(second)


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_again_is_kept(team: Team, owner: User) -> None:
    project = projects.create_project_from_upload(team, owner, name="x", file=upload())
    projects.replace_upload(project, owner, upload())
    with project.uploads.get().file.open("rb") as file:
        assert io.BytesIO(file.read()).getvalue() == b"FROM scratch"


@pytest.mark.django_db(transaction=True)
def test_a_deleted_project_leaves_only_the_trail(audit: Audit, owner: User) -> None:
    projects.delete_project(audit.project, owner)
    assert not Project.objects.exists()
    assert not Audit.objects.exists()
    assert Event.objects.get(action="project.deleted").data["name"] == "Sample project"


def test_choosing_a_target_is_remembered(team: Team, owner: User) -> None:
    project = linked(team, owner)
    projects.choose_target(project, owner, "docker/Dockerfile", ".", "production")
    project.refresh_from_db()
    assert (project.target_chosen, project.dockerfile, project.stage) == (True, "docker/Dockerfile", "production")
