from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from reviews.models.accounts import User
from reviews.models.jobs import ACTIVE, Job
from reviews.models.projects import Project


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: User | AnonymousUser) -> AuditQuerySet:
        return self.filter(project__team__memberships__user=user.pk)

    def active(self) -> AuditQuerySet:
        return self.filter(state__in=ACTIVE)


class Audit(Job):
    """The whole checklist on one revision of a project. `report` is the analyzers' report as it was made."""

    class Trigger(models.TextChoices):
        MANUAL = "manual"
        SCHEDULE = "schedule"
        API = "api"
        SAMPLE = "sample"

    project = models.ForeignKey(Project, models.CASCADE, related_name="audits")
    number = models.PositiveIntegerField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    trigger = models.CharField(max_length=10, choices=Trigger.choices, default=Trigger.MANUAL)
    ref = models.CharField(max_length=200, blank=True)
    revision = models.CharField(max_length=64, blank=True)
    source_location = models.CharField(max_length=600, blank=True)
    target = models.JSONField(default=dict, blank=True)
    score_value = models.FloatField(null=True, blank=True)
    score_coverage = models.FloatField(null=True, blank=True)
    score_confidence = models.FloatField(null=True, blank=True)
    sections = models.JSONField(default=dict, blank=True)
    model_version = models.PositiveSmallIntegerField(null=True, blank=True)
    verdict_counts = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="one_audit_number_per_project")]
        indexes = [models.Index(fields=["state", "lease_until"], name="audit_active", condition=Q(state__in=ACTIVE))]

    def __str__(self) -> str:
        return f"{self.project} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("audit", args=[self.project.team.slug, self.project.slug, self.number])


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User | AnonymousUser) -> ItemQuerySet:
        return self.filter(audit__project__team__memberships__user=user.pk)


class Item(models.Model):
    """One checklist item of one audit. Titles and weight are copied, so that old audits stay readable.

    `findings`: [{"message", "path", "line", "end_line", "excerpt"}]; `fix`: {"text", "diff"}; `worth`: points gained
    if it passed.
    """

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="items")
    check_id = models.CharField(max_length=100)
    section = models.CharField(max_length=60)
    group = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=20)
    score = models.FloatField(null=True, blank=True)
    evidence = models.CharField(max_length=20)
    summary = models.TextField()
    findings = models.JSONField(default=list, blank=True)
    fix = models.JSONField(default=dict, blank=True)
    worth = models.FloatField(default=0)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["audit", "check_id"], name="one_item_per_check")]

    def __str__(self) -> str:
        return f"{self.check_id}: {self.verdict}"


class DiscoveryQuerySet(models.QuerySet["Discovery"]):
    def visible_to(self, user: User | AnonymousUser) -> DiscoveryQuerySet:
        return self.filter(project__team__memberships__user=user.pk)


class Discovery(Job):
    """Finds the targets of a project's source: [{"dockerfile", "context", "stage", "reason", "development"}]."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="discoveries")
    targets = models.JSONField(default=list, blank=True)

    objects = DiscoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "discoveries"
        indexes = [
            models.Index(fields=["state", "lease_until"], name="discovery_active", condition=Q(state__in=ACTIVE))
        ]

    def __str__(self) -> str:
        return f"targets of {self.project}"
