from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviews.overview import project_rows
from reviews.requests import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """All projects of the user's teams; the list alone for its own refresh while an audit is under way."""
    rows = project_rows(request.user)
    context = {"area": "projects", "rows": rows, "active": any(row.active for row in rows)}
    return render(request, "home.html#projects" if request.htmx else "home.html", context)
