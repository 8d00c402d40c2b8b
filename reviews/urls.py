"""The pages. Names used elsewhere: home, project, audit."""

from django.urls import include, path

from reviews.views import audits, catalogue, home, projects, settings, targets

# /projects/<team>/<project>/…
project_urls = [
    path("", projects.project_page, name="project"),
    path("target/", targets.target, name="target"),
    path("target/search/", targets.target_search, name="target_search"),
    path("audit/", audits.audit_start, name="audit_start"),
    path("audits/<int:number>/", audits.audit, name="audit"),
    path("audits/<int:number>/cancel/", audits.audit_cancel, name="audit_cancel"),
    path("audits/<int:number>/report.json", audits.audit_report, name="audit_report"),
    path("settings/", settings.project_settings, name="project_settings"),
    path("settings/upload/", settings.project_upload, name="project_upload"),
    path("settings/delete/", settings.project_delete, name="project_delete"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("projects/new/", projects.new_project, name="new_project"),
    path("projects/sample/", projects.new_sample, name="new_sample"),
    path("projects/<slug:team>/<slug:project>/", include(project_urls)),
    path("checks/", catalogue.checks, name="checks"),
    path("checks/<str:identifier>/", catalogue.check, name="check"),
]
