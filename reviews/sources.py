"""A project's source, brought into a private folder. Worker side only: this is what reaches the network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from analyzers.intake import Limits, RemotePolicy, fetch_git, open_upload
from analyzers.source import Source, SourceError, from_path
from reviews.models import Project, SourceKind
from reviews.secrets import SecretUnreadable

SAMPLE = Path(__file__).parent / "sample"


def open_source(project: Project, folder: Path) -> Source:
    """Raises SourceError, one sentence for the user."""
    if project.source_kind == SourceKind.SAMPLE:
        return replace(from_path(SAMPLE), kind="sample", location="the bundled sample", revision="")
    limits = Limits(upload_bytes=settings.UPLOAD_LIMIT_BYTES)
    if project.source_kind == SourceKind.UPLOAD:
        return _open_newest_upload(project, folder, limits)
    policy = RemotePolicy(settings.PRIVATE_GIT_HOSTS, settings.GIT_CA_FILE)
    place = {"ref": project.ref, "subfolder": project.subfolder}
    return fetch_git(project.url, into=folder, token=_token(project), limits=limits, policy=policy, **place)


def _open_newest_upload(project: Project, folder: Path, limits: Limits) -> Source:
    upload = project.uploads.first()
    if upload is None:
        raise SourceError("this project has no uploaded file: upload one in its settings")
    try:
        with upload.file.open("rb") as file:
            return open_upload(file, upload.filename, folder, limits)
    except FileNotFoundError as error:
        raise SourceError("the uploaded file is gone from the storage: upload it again") from error


def _token(project: Project) -> str:
    try:
        return project.credential.reveal()
    except SecretUnreadable as error:
        raise SourceError("the stored token can no longer be read: enter it again in the settings") from error
