from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.text import slugify

from analyzers.intake.limits import RemotePolicy
from analyzers.intake.urls import check_ref, check_subfolder, parse_remote
from analyzers.source import SourceError
from reviews.models import ApplicationType, Project, SourceKind, Team, Upload, User
from reviews.secrets import Secret
from reviews.services.accounts import free_slug
from reviews.services.errors import Refused
from reviews.services.events import record

SAMPLE_NAME = "Sample project"
SLUG_LENGTH = 50


def create_project_from_link(
    team: Team,
    user: User,
    *,
    name: str,
    url: str,
    ref: str = "",
    subfolder: str = "",
    token: str = "",
    application_type: str = ApplicationType.WEB_APPLICATION,
) -> Project:
    """Raises Refused for a link that could never be fetched. Next: queue.start_discovery(project)."""
    place = _checked_link(url, ref, subfolder)
    fields = {**place, "credential": Secret.of(token), "application_type": application_type}
    return _create(team, user, name or _name_from(place["url"]), SourceKind.LINK, **fields)


def create_project_from_upload(
    team: Team, user: User, *, name: str, file: File, application_type: str = ApplicationType.WEB_APPLICATION
) -> Project:
    """Next: queue.start_discovery(project)."""
    with transaction.atomic():
        title = name or _name_from(file.name or "upload")
        project = _create(team, user, title, SourceKind.UPLOAD, application_type=application_type)
        _keep_upload(project, file)
    return project


def create_sample_project(team: Team, user: User) -> Project:
    """The bundled sample, its target chosen. Next: queue.start_audit(project, user, trigger="sample")."""
    target = {"dockerfile": "Dockerfile", "context": ".", "target_chosen": True}
    return _create(team, user, SAMPLE_NAME, SourceKind.SAMPLE, **target)


def choose_target(project: Project, user: User, dockerfile: str, context: str = "", stage: str = "") -> None:
    """What the next audit looks at. Blank context or stage: as the deployment files say."""
    _save(project, dockerfile=dockerfile, context=context, stage=stage, target_chosen=True)
    _trail("project.target_chosen", project, user, dockerfile=dockerfile, context=context, stage=stage)


def rename_project(project: Project, user: User, name: str) -> None:
    """The slug stays: links to the project go on working."""
    _trail("project.renamed", project, user, before=project.name, after=name)
    _save(project, name=name)


def update_project(
    project: Project, user: User, *, application_type: str, url: str = "", ref: str = "", subfolder: str = ""
) -> None:
    """`url`, `ref` and `subfolder` count for a linked project only. Raises Refused for a bad link."""
    place = _checked_link(url, ref, subfolder) if project.source_kind == SourceKind.LINK else {}
    if place and place["url"] != project.url:
        # a token is for the host it was given for: never send it to another
        place["credential"] = Secret()
    _save(project, application_type=application_type, **place)
    _trail("project.updated", project, user, application_type=application_type)


def set_credential(project: Project, user: User, token: str) -> None:
    """Store, replace or (with "") remove the token for the repository."""
    _save(project, credential=Secret.of(token))
    _trail("project.credential_set" if token else "project.credential_removed", project, user)


def replace_upload(project: Project, user: User, file: File) -> Upload:
    with transaction.atomic():
        old = list(project.uploads.all())
        upload = _keep_upload(project, file)
        project.uploads.exclude(pk=upload.pk).delete()
        _trail("project.upload_replaced", project, user, filename=upload.filename, sha256=upload.sha256)
        _delete_files(old, kept=upload)
    return upload


def delete_project(project: Project, user: User) -> None:
    """With its audits and uploads. Running jobs find their row gone and stop."""
    with transaction.atomic():
        _trail("project.deleted", project, user, name=project.name, slug=project.slug)
        _delete_files(list(project.uploads.all()))
        project.delete()


def _create(team: Team, user: User, name: str, kind: SourceKind, **fields: Any) -> Project:
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        slug = free_slug(slugify(name)[:SLUG_LENGTH] or "project", set(team.projects.values_list("slug", flat=True)))
        project = team.projects.create(name=name[:100], slug=slug, source_kind=kind, created_by=user, **fields)
        _trail("project.created", project, user, name=project.name, source=kind.value)
    return project


def _checked_link(url: str, ref: str, subfolder: str) -> dict[str, Any]:
    try:
        remote = parse_remote(url.strip(), RemotePolicy(settings.PRIVATE_GIT_HOSTS))
        return {"url": remote.url, "ref": check_ref(ref.strip()), "subfolder": check_subfolder(subfolder.strip())}
    except SourceError as error:
        raise Refused(str(error)) from error


def _keep_upload(project: Project, file: File) -> Upload:
    if file.size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // 1024**2
        raise Refused(f"The file is larger than {limit} MiB: leave out data, dependencies and .git")
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    name = (file.name or "upload").rsplit("/", 1)[-1][:255]
    upload = Upload(project=project, filename=name, size_bytes=file.size, sha256=digest.hexdigest())
    upload.file.save(name, file, save=False)
    upload.save()
    return upload


def _delete_files(uploads: list[Upload], kept: Upload | None = None) -> None:
    """Once the rows are gone for good: a rollback must not leave rows without files."""
    names = {upload.file.name for upload in uploads} - {kept.file.name if kept else ""}
    storage = Upload._meta.get_field("file").storage
    transaction.on_commit(lambda: [storage.delete(name) for name in names if name])


def _save(project: Project, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(project, name, value)
    project.save(update_fields=list(fields))


def _trail(action: str, project: Project, user: User, **data: Any) -> None:
    record(action, actor=user, about=project, team=project.team, **data)


def _name_from(place: str) -> str:
    """The last part of a link or file name, without its ending: a fair name until somebody gives a better one."""
    return place.rstrip("/").rsplit("/", 1)[-1].split(".")[0] or "Project"
