from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from reviews.access import audit_for, project_for
from reviews.checklist import checklist_of
from reviews.models import Audit, Role, State
from reviews.queue import start_audit
from reviews.requests import Request
from reviews.services.audits import cancel_audit
from reviews.services.errors import Refused
from reviews.views.polling import unchanged, waits
from reviews.views.projects import refuse


@require_POST
def audit_start(request: Request, team: str, project: str) -> HttpResponse:
    found, _ = project_for(request, team, project, Role.REVIEWER)
    try:
        return redirect(start_audit(found, request.user))
    except Refused as refusal:
        refuse(request, refusal)
        return redirect(found)


@require_safe
def audit(request: Request, team: str, project: str, number: int) -> HttpResponse:
    """The stages while it runs, the checklist when it is done: one fragment, which stops asking by itself."""
    found, role = audit_for(request, team, project, number)
    if unchanged(request, found):
        return HttpResponse(status=204)
    context = {
        "area": "projects",
        "project": found.project,
        "audit": found,
        "job": found,
        "wait": waits(Audit, found),
        "checklist": checklist_of(found, request.GET.get("verdict", "")) if found.state == State.DONE else None,
        "may_audit": role >= Role.REVIEWER,
        "may_edit": role >= Role.MAINTAINER,
    }
    return render(request, "audits/audit.html#live" if request.htmx else "audits/audit.html", context)


@require_POST
def audit_cancel(request: Request, team: str, project: str, number: int) -> HttpResponse:
    found, _ = audit_for(request, team, project, number, Role.REVIEWER)
    if not cancel_audit(found, request.user):
        messages.info(request, "This audit was over already.")
    return redirect(found)


@require_safe
def audit_report(request: Request, team: str, project: str, number: int) -> HttpResponse:
    found, _ = audit_for(request, team, project, number)
    if found.state != State.DONE:
        raise Http404
    response = JsonResponse(found.report, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{found.project.slug}-audit-{number}.json"'
    return response
