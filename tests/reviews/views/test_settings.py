from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reviews.models import Audit, Project, State, Team, User
from reviews.services.projects import create_project_from_link, create_project_from_upload

SignIn = Callable[[User], Client]


@pytest.fixture
def linked(team: Team, owner: User) -> Project:
    return create_project_from_link(team, owner, name="shop", url="https://github.com/acme/shop", token="first-token")


@pytest.fixture
def uploaded(team: Team, owner: User) -> Project:
    return create_project_from_upload(team, owner, name="shop", file=SimpleUploadedFile("old.zip", b"old"))


def address(project: Project, name: str = "project_settings") -> str:
    return reverse(name, args=[project.team.slug, project.slug])


def filled(**changes: str) -> dict[str, str]:
    form = {"name": "Shop front", "application_type": "data_processing", "url": "https://github.com/acme/shop"}
    return {**form, "ref": "v1.2", "subfolder": "web", **changes}


def test_what_is_saved_is_kept(linked: Project, maintainer: User, sign_in: SignIn) -> None:
    assert sign_in(maintainer).post(address(linked), filled()).url == address(linked)
    linked.refresh_from_db()
    assert (linked.name, linked.ref, linked.subfolder) == ("Shop front", "v1.2", "web")
    assert linked.application_type == "data_processing"
    assert linked.credential.reveal() == "first-token"


def test_a_token_is_replaced_or_removed(linked: Project, maintainer: User, sign_in: SignIn) -> None:
    client = sign_in(maintainer)
    client.post(address(linked), filled(token="second-token"))
    linked.refresh_from_db()
    assert linked.credential.reveal() == "second-token"
    client.post(address(linked), filled(forget_token="on"))
    linked.refresh_from_db()
    assert not linked.credential


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"name": ""}, "required"), ({"url": "http://x.example/y"}, "only https"), ({"ref": "a b"}, "branch")],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    changes: dict[str, str], says: str, linked: Project, maintainer: User, sign_in: SignIn
) -> None:
    response = sign_in(maintainer).post(address(linked), filled(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page.lower()
    assert 'value="web"' in page
    linked.refresh_from_db()
    assert linked.name == "shop"


def test_a_new_file_replaces_the_old_and_is_searched(uploaded: Project, maintainer: User, sign_in: SignIn) -> None:
    file = SimpleUploadedFile("new.zip", b"new")
    response = sign_in(maintainer).post(address(uploaded, "project_upload"), {"file": file})
    assert response.url == address(uploaded, "target")
    assert uploaded.uploads.get().filename == "new.zip"
    assert uploaded.discoveries.get().state == State.QUEUED


def test_a_wrong_file_leaves_the_old_one(uploaded: Project, maintainer: User, sign_in: SignIn) -> None:
    file = SimpleUploadedFile("new.rar", b"new")
    response = sign_in(maintainer).post(address(uploaded, "project_upload"), {"file": file})
    assert "neither an archive nor a Dockerfile" in response.content.decode()
    assert uploaded.uploads.get().filename == "old.zip"


def test_deleting_asks_for_the_name(audit: Audit, owner: User, sign_in: SignIn) -> None:
    client, project = sign_in(owner), audit.project
    response = client.post(address(project, "project_delete"), {"confirmation": "something else"})
    assert "Type the name exactly" in response.content.decode()
    assert Project.objects.exists()
    response = client.post(address(project, "project_delete"), {"confirmation": project.name}, follow=True)
    assert "are deleted" in response.content.decode()
    assert not Project.objects.exists()


def test_only_an_owner_is_offered_deletion(linked: Project, owner: User, maintainer: User, sign_in: SignIn) -> None:
    offers = [
        address(linked, "project_delete") in sign_in(user).get(address(linked)).content.decode()
        for user in (owner, maintainer)
    ]
    assert offers == [True, False]
