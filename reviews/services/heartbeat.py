from __future__ import annotations

import logging
import threading
import time
from types import TracebackType

from django.conf import settings
from django.db import close_old_connections, connection

from reviews.services.jobs import Claim, LeaseLost

logger = logging.getLogger(__name__)
LONGEST_PAUSE_SECONDS = 5.0


class Heartbeat:
    """Renews a claim's lease from a thread while the work goes on, and tells the work when to stop."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def check(self) -> None:
        """Raises LeaseLost once the job is no longer ours."""
        if self._lost.is_set():
            raise LeaseLost

    def _beat(self) -> None:
        renewed_at = time.monotonic()
        while not self._stop.wait(min(settings.LEASE_SECONDS / 4, LONGEST_PAUSE_SECONDS)):
            if self._renew():
                renewed_at = time.monotonic()
            elif self._lost.is_set() or time.monotonic() - renewed_at > settings.LEASE_SECONDS:
                self._lost.set()
                break
        connection.close()

    def _renew(self) -> bool:
        """A database that does not answer is tried again until the lease must have run out."""
        try:
            close_old_connections()
            if self._claim.renew():
                return True
            self._lost.set()
        except Exception:
            logger.exception("the lease of %s could not be renewed", self._claim)
        return False
