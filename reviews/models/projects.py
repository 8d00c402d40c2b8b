from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse

from reviews.models.accounts import User
from reviews.models.teams import Team
from reviews.secrets import SecretField


class SourceKind(models.TextChoices):
    LINK = "link"
    UPLOAD = "upload"
    SAMPLE = "sample"


class ApplicationType(models.TextChoices):
    """Decides which row of the guide's image size table applies."""

    MICROSERVICE = "microservice", "Microservice"
    WEB_APPLICATION = "web_application", "Web application"
    DATA_PROCESSING = "data_processing", "Data processing"


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User | AnonymousUser) -> ProjectQuerySet:
        return self.filter(team__memberships__user=user.pk)


class Project(models.Model):
    """A repository or upload, and the target in it that is audited (blank until chosen)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="projects")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60)
    source_kind = models.CharField(max_length=10, choices=SourceKind.choices)
    url = models.CharField(max_length=500, blank=True)
    ref = models.CharField(max_length=200, blank=True)
    subfolder = models.CharField(max_length=300, blank=True)
    credential = SecretField(blank=True)
    dockerfile = models.CharField(max_length=512, blank=True)
    context = models.CharField(max_length=512, blank=True)
    stage = models.CharField(max_length=200, blank=True)
    build_args = models.JSONField(default=dict, blank=True)
    target_chosen = models.BooleanField(default=False)
    application_type = models.CharField(
        max_length=20, choices=ApplicationType.choices, default=ApplicationType.WEB_APPLICATION
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["team", "slug"], name="one_project_slug_per_team")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.team.slug, self.slug])


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User | AnonymousUser) -> UploadQuerySet:
        return self.filter(project__team__memberships__user=user.pk)


def upload_path(upload: Upload, filename: str) -> str:
    """A name of our own: what the sender called the file never reaches the storage."""
    return f"uploads/{upload.project_id}/{upload.sha256}"


class Upload(models.Model):
    """An archive as it was sent; the newest of a project is the one that is audited."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="uploads")
    file = models.FileField(upload_to=upload_path, max_length=200)
    filename = models.CharField(max_length=255)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.filename
