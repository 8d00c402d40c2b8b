"""Safe intake: git over https, archives, single files. Nothing of a source is executed or followed out of its folder.

Every refusal is a SourceError: one sentence that names the limit or the rule, and what to do.
"""

from analyzers.intake.git import fetch_git
from analyzers.intake.limits import Limits, RemotePolicy
from analyzers.intake.upload import open_upload

__all__ = ["Limits", "RemotePolicy", "fetch_git", "open_upload"]
