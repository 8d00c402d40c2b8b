from reviews.models.accounts import SetupLink, User
from reviews.models.audits import Audit, Discovery, Item
from reviews.models.events import Event
from reviews.models.jobs import ACTIVE, Job, State
from reviews.models.projects import ApplicationType, Project, SourceKind, Upload
from reviews.models.teams import Membership, Role, Team

__all__ = (
    "ACTIVE",
    "ApplicationType",
    "Audit",
    "Discovery",
    "Event",
    "Item",
    "Job",
    "Membership",
    "Project",
    "Role",
    "SetupLink",
    "SourceKind",
    "State",
    "Team",
    "Upload",
    "User",
)
