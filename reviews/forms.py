"""What people fill in. A message says what to do about it, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from analyzers.intake.limits import RemotePolicy
from analyzers.intake.urls import Remote, check_ref, check_subfolder, parse_remote
from analyzers.source import SourceError
from reviews.models import ApplicationType, Project, Role, SourceKind, Team, User
from reviews.wording import sentence

T = TypeVar("T")
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst")
UPLOAD_HELP = (
    "A .zip, .tar, .tar.gz or .tar.zst of the repository up to {limit} MB, or a single Dockerfile. "
    "A whole repository shows more: what is copied, pinned and deployed."
)
KINDS = {
    ApplicationType.MICROSERVICE: "One small job behind an API. Image target: under 100 MB.",
    ApplicationType.WEB_APPLICATION: "Pages, a database, background work. Image target: under 200 MB.",
    ApplicationType.DATA_PROCESSING: "Pipelines and models. Image target: under 300 MB.",
}
PLAIN = {"autocapitalize": "off", "autocorrect": "off", "spellcheck": "false"}


def accepted_upload(file: UploadedFile) -> str:
    """ "" where the name and size are those of an archive or a Dockerfile, else what is wrong and what to do."""
    name = PurePosixPath(file.name or "").name.lower()
    if not (name.endswith(ARCHIVES) or "dockerfile" in name or "containerfile" in name):
        return "This is neither an archive nor a Dockerfile: pack the repository as .zip, .tar, .tar.gz or .tar.zst."
    if not file.size:
        return "This file is empty: pack the repository again and choose the new file."
    limit = settings.UPLOAD_LIMIT_BYTES
    if file.size > limit:
        return f"This file has {file.size / 1e6:.0f} MB and the limit is {limit / 1e6:.0f} MB: leave out .git and data."
    return ""


class ArchiveField(forms.FileField):
    widget = forms.FileInput(attrs={"accept": ",".join((*ARCHIVES, ".gz", ".zst", "Dockerfile"))})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and (problem := accepted_upload(file)):
            raise forms.ValidationError(problem)
        return file


def parse_allowed(url: str) -> Remote:
    return parse_remote(url.strip(), RemotePolicy(settings.PRIVATE_GIT_HOSTS))


def from_source(read: Callable[[str], T], text: str) -> T:
    """What the intake would make of it; its complaint is the field's."""
    try:
        return read(text)
    except SourceError as error:
        raise forms.ValidationError(sentence(str(error))) from error


class SourceFields(forms.Form):
    """What a project is, which repository and which part of it; shared by the new project and its settings."""

    application_type = forms.ChoiceField(choices=ApplicationType.choices, initial=ApplicationType.WEB_APPLICATION)
    url = forms.CharField(
        label="Repository link",
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://github.com/acme/shop", **PLAIN}),
    )
    ref = forms.CharField(
        label="Branch, tag or commit",
        max_length=200,
        required=False,
        widget=forms.TextInput(PLAIN),
        help_text="Empty means the repository's default branch.",
    )
    subfolder = forms.CharField(
        max_length=300,
        required=False,
        widget=forms.TextInput(PLAIN),
        help_text="For a repository of several projects: where this one begins.",
    )
    token = forms.CharField(
        label="Access token",
        max_length=500,
        required=False,
        strip=True,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "off", **PLAIN}),
        help_text="For a private repository. Read access is enough; it is stored encrypted and never shown again.",
    )

    @property
    def kind_texts(self) -> dict[str, str]:
        return {str(kind): text for kind, text in KINDS.items()}

    def clean_ref(self) -> str:
        return from_source(check_ref, self.cleaned_data["ref"])

    def clean_subfolder(self) -> str:
        return from_source(check_subfolder, self.cleaned_data["subfolder"])

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        return from_source(parse_allowed, url).url if url else ""


class NewProjectForm(SourceFields):
    """One form for both ways in, so that changing one's mind loses nothing."""

    source = forms.ChoiceField(choices=[(SourceKind.LINK, "Link"), (SourceKind.UPLOAD, "Upload")])
    team = forms.ModelChoiceField(Team.objects.none(), empty_label=None)
    name = forms.CharField(
        max_length=100,
        required=False,
        help_text="Empty means the name of the repository or the file.",
    )
    file = ArchiveField(
        label="Archive or Dockerfile",
        required=False,
        max_length=255,
        help_text=UPLOAD_HELP.format(limit=settings.UPLOAD_LIMIT_BYTES // 2**20),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_to_add_to(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("source") == SourceKind.LINK:
            self.errors.pop("file", None)
            self._require("url", "Give the https link of the repository.")
        else:
            self._forget("url", "ref", "subfolder", "token")
            self._require("file", "Choose a file. A browser forgets it when a form comes back, so choose it again.")
        return data

    def _require(self, name: str, message: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def _forget(self, *names: str) -> None:
        """What was typed for the other way in cannot be wrong."""
        for name in names:
            self.errors.pop(name, None)


def teams_to_add_to(user: User) -> Any:
    return Team.objects.filter(memberships__user=user, memberships__role__gte=Role.MAINTAINER)


class ProjectSettingsForm(SourceFields):
    name = forms.CharField(max_length=100)
    forget_token = forms.BooleanField(label="Remove the stored token", required=False)

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        initial = {name: getattr(project, name) for name in ("name", "application_type", "url", "ref", "subfolder")}
        super().__init__(*args, initial=initial, **kwargs)
        self.project = project
        self.fields["token"].label = "New access token"


class ReplaceUploadForm(forms.Form):
    file = ArchiveField(label="New archive or Dockerfile", max_length=255)


class DeleteProjectForm(forms.Form):
    confirmation = forms.CharField(
        label="Name of the project", widget=forms.TextInput({"autocomplete": "off", **PLAIN})
    )

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project

    def clean_confirmation(self) -> str:
        if self.cleaned_data["confirmation"].strip() != self.project.name:
            raise forms.ValidationError(f"Type the name exactly as it is: {self.project.name}")
        return self.project.name


class TargetForm(forms.Form):
    """`choice` is the place of a target in the discovery's list."""

    choice = forms.IntegerField(min_value=0)

    def __init__(self, targets: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = targets

    def clean_choice(self) -> dict[str, Any]:
        place = self.cleaned_data["choice"]
        if place >= len(self.targets):
            raise forms.ValidationError("The list has changed: choose again.")
        return self.targets[place]
