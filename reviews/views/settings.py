from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from reviews.access import project_for
from reviews.forms import DeleteProjectForm, ProjectSettingsForm, ReplaceUploadForm
from reviews.models import Project, Role, SourceKind
from reviews.queue import start_discovery
from reviews.requests import Request
from reviews.services import projects as service
from reviews.services.errors import Refused
from reviews.wording import sentence


@require_http_methods(["GET", "HEAD", "POST"])
def project_settings(request: Request, team: str, project: str) -> HttpResponse:
    found, role = project_for(request, team, project, Role.MAINTAINER)
    form = ProjectSettingsForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, sentence(str(refusal)))
        else:
            messages.success(request, "Saved. The next audit uses it.")
            return redirect("project_settings", team, project)
    return _page(request, found, role, form=form)


def _save(request: Request, project: Project, data: dict[str, Any]) -> None:
    place = {name: data[name] for name in ("url", "ref", "subfolder")} if project.source_kind == SourceKind.LINK else {}
    service.update_project(project, request.user, application_type=data["application_type"], **place)
    if data["name"] != project.name:
        service.rename_project(project, request.user, data["name"])
    if data["token"] or data["forget_token"]:
        service.set_credential(project, request.user, data["token"])


@require_POST
def project_upload(request: Request, team: str, project: str) -> HttpResponse:
    """A newer archive in place of the old one; the targets in it are searched anew."""
    found, role = project_for(request, team, project, Role.MAINTAINER)
    if found.source_kind != SourceKind.UPLOAD:
        raise Http404
    form = ReplaceUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, role, upload_form=form)
    service.replace_upload(found, request.user, form.cleaned_data["file"])
    start_discovery(found)
    messages.success(request, "The new file is in place. Check that the target is still the right one.")
    return redirect("target", team, project)


@require_POST
def project_delete(request: Request, team: str, project: str) -> HttpResponse:
    found, role = project_for(request, team, project, Role.OWNER)
    form = DeleteProjectForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, role, delete_form=form)
    service.delete_project(found, request.user)
    messages.success(request, f"{found.name} and its audits are deleted.")
    return redirect("home")


def _page(request: Request, project: Project, role: Role, **forms: Any) -> HttpResponse:
    context = {
        "area": "projects",
        "project": project,
        "upload": project.uploads.first(),
        "form": ProjectSettingsForm(project),
        "upload_form": ReplaceUploadForm(),
        "delete_form": DeleteProjectForm(project),
        "may_delete": role >= Role.OWNER,
        **forms,
    }
    wrong = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "projects/settings.html", context, status=422 if wrong else 200)
