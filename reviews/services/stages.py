from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from reviews.services.heartbeat import Heartbeat
from reviews.services.jobs import Claim


class Stages:
    """The progress that a page shows: one stage runs at a time, each is saved as it begins and ends."""

    def __init__(self, claim: Claim, heartbeat: Heartbeat, titles: Sequence[tuple[str, str]]) -> None:
        self._claim = claim
        self._heartbeat = heartbeat
        self.list: list[dict[str, Any]] = [_waiting(name, title) for name, title in titles]

    def begin(self, name: str, message: str = "") -> None:
        """Ends the stage before. Raises LeaseLost where the job is no longer ours."""
        self._heartbeat.check()
        self.end("done")
        stage = next(stage for stage in self.list if stage["name"] == name)
        stage |= {"state": "running", "started_at": timezone.now().isoformat(), "message": message}
        self._claim.save(progress=self.list)

    def end(self, state: str, message: str = "") -> None:
        """In memory: saved with whatever ends the job or begins the next stage."""
        for stage in self.list:
            if stage["state"] == "running":
                stage |= {"state": state, "finished_at": timezone.now().isoformat()}
                stage["message"] = message or stage["message"]


def _waiting(name: str, title: str) -> dict[str, Any]:
    return {"name": name, "title": title, "state": "waiting", "started_at": None, "finished_at": None, "message": ""}
