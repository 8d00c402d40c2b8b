"""The health check that is in force for a service, and what it calls."""

from __future__ import annotations

from analyzers import regexes as re
from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan, ImageConfig
from analyzers.artifacts.deployment import Where
from analyzers.checks._runs import Run
from analyzers.records import dataclass

URL_PATH = re.compile(r"(?:https?://[^\s/\"'|;)]+|localhost[^\s/\"'|;)]*|127\.0\.0\.1[^\s/\"'|;)]*)(/[^\s\"'?#|;)]*)")
ALWAYS_GOOD = re.compile(r"(?:\|\||;)\s*(?:true|:|exit 0)\s*$")
NOTHING = frozenset({"", "true", "/bin/true", ":", "exit 0"})
PREFIXES = ("CMD", "CMD-SHELL", "NONE")


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """`text` is the command as one line; `path` the HTTP path that it calls, "" where none is seen.

    `zero` names the settings that are 0; `timed` tells that a timeout is given; `base` that the base image brings it.
    """

    where: Where
    text: str = ""
    path: str = ""
    disabled: bool = False
    zero: tuple[str, ...] = ()
    timed: bool = True
    base: bool = False

    @property
    def checks_nothing(self) -> bool:
        """It reports healthy whatever happens."""
        return (not self.base and not self.path and self.text in NOTHING) or bool(ALWAYS_GOOD.search(self.text))

    def programs(self) -> set[str]:
        """The programs that its shell line starts."""
        parts = [part.split() for part in re.split(r"[;&|]+", self.text)]
        return {words[0].strip("(!").rsplit("/", 1)[-1] for words in parts if words}


def health_of(run: Run, plan: BuildPlan, bases: Bases) -> HealthCheck | None:
    """The service's own check or probe, else the image's HEALTHCHECK, else the base image's."""
    image = _of_image(plan, bases)
    probe = run.service.health if run.service else None
    if run.service is None or probe is None:
        return image
    if not probe.test and not probe.disabled and image is not None:
        return HealthCheck(probe.where, image.text, image.path, image.disabled, image.zero, image.timed, image.base)
    times = {"interval": probe.interval_seconds, "timeout": probe.timeout_seconds}
    zero = tuple(name for name, seconds in times.items() if seconds == 0)
    text, path = _read(probe.test)
    disabled = probe.disabled or probe.test[:1] == ("NONE",)
    return HealthCheck(probe.where, text, path, disabled, zero, probe.timeout_seconds is not None)


def _of_image(plan: BuildPlan, bases: Bases) -> HealthCheck | None:
    image, path = plan.image, plan.target.dockerfile
    if image.healthcheck is None:
        inherited = bases.final is not None and bases.final.facts is not None and bases.final.facts.has_healthcheck
        return HealthCheck(Where(path, plan.final_base.line), base=True) if inherited else None
    where = Where(path, image.healthcheck_line or None)
    if image.healthcheck.strip().upper() == "NONE":
        return HealthCheck(where, disabled=True)
    text, called = _read(image.healthcheck_words if image.healthcheck_json else (image.healthcheck,))
    return HealthCheck(where, text, called, zero=_zero_flags(image), timed="timeout" in image.healthcheck_flags)


def _zero_flags(image: ImageConfig) -> tuple[str, ...]:
    flags = {name: image.healthcheck_flags.get(name, "") for name in ("interval", "timeout")}
    return tuple(name for name, value in flags.items() if re.fullmatch(r"0[.0]*(ns|us|µs|ms|s|m|h)?", value))


def _read(test: tuple[str, ...]) -> tuple[str, str]:
    """The test as one shell line, and the HTTP path that it calls."""
    if test[:1] == ("HTTP",) and len(test) > 1:
        return f"GET {test[1]}", test[1]
    if test[:1] == ("TCP",):
        return f"connect to port {test[-1]}", ""
    words = test[1:] if test[:1] and test[0] in PREFIXES else test
    text = " ".join(words).strip()
    for prefix in ("CMD-SHELL ", "CMD "):
        text = text.removeprefix(prefix).strip()
    found = URL_PATH.search(text)
    return text, found.group(1) if found else ""
