"""Tools that the whole repository wires in: load tests, profilers, scrape configurations, monitoring agents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from analyzers import regexes as re
from analyzers.artifacts.code import Tool
from analyzers.artifacts.deployment import Where
from analyzers.requirements.entries import ManifestError
from analyzers.requirements.kinds import reader_of
from analyzers.tree import Tree

FILES_LIMIT = 400
TEXT_LIMIT_CHARACTERS = 256 * 1024
LINE_LIMIT = 1_000

SKIPPED = re.compile(r"(?:^|/)(?:node_modules|vendor|site-packages|\.venv|venv)/")
SCRIPTS = re.compile(
    r"(?:^|/)(?:(?:gnu)?makefile|justfile|procfile[^/]*|tox\.ini|noxfile\.py|tasks\.py|taskfile\.ya?ml|run|fabfile\.py)$"
    r"|\.(?:sh|bash|mk|ps1)$|^\.github/workflows/[^/]+\.ya?ml$|(?:^|/)\.gitlab-ci\.yml$|(?:^|/)package\.json$",
    re.IGNORECASE,
)
LOAD_NAME = re.compile(
    r"(?:^|/)locustfile[^/]*\.py$|\.jmx$|(?:^|/)artillery[^/]*\.ya?ml$|(?:^|/)[^/]*\.k6\.[jt]s$", re.IGNORECASE
)
LOAD_SUSPECT = re.compile(
    r"(?:k6|load|perf|stress|bench|locust|smoke)[^/]*(?:/[^/]*)*\.(?:py|js|ts|scala)$", re.IGNORECASE
)
LOAD_TEXT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("locust", re.compile(r"^[ \t]*(?:from locust|import locust)\b", re.MULTILINE)),
    ("k6", re.compile(r"from\s{1,5}['\"]k6(?:/[a-z]+)?['\"]|require\(['\"]k6")),
    ("Gatling", re.compile(r"^import io\.gatling", re.MULTILINE)),
)
START = r"(?:^|[;&|@(\"'`-]|\s)"
COMMANDS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("load_test", "k6", re.compile(START + r"k6 run\b")),
    ("load_test", "locust", re.compile(START + r"locust +-")),
    ("load_test", "artillery", re.compile(START + r"artillery +(?:run|quick)\b")),
    ("load_test", "vegeta", re.compile(START + r"vegeta +attack\b")),
    ("load_test", "wrk", re.compile(START + r"wrk2? +-[tcdRs]")),
    ("load_test", "hey", re.compile(START + r"hey +-[nczqmTH]")),
    ("load_test", "ab", re.compile(START + r"ab +-[nckt]")),
    ("load_test", "JMeter", re.compile(START + r"jmeter +-")),
    ("load_test", "load generator", re.compile(START + r"(?:oha|bombardier|autocannon|siege|loadtest) +(?:-|https?:)")),
    ("profiler", "py-spy", re.compile(START + r"py-spy +(?:record|top|dump)\b")),
    ("profiler", "scalene", re.compile(START + r"scalene +\S")),
    ("profiler", "pyinstrument", re.compile(START + r"pyinstrument +\S")),
    ("profiler", "cProfile", re.compile(START + r"-m +(?:cProfile|profile) ")),
    ("profiler", "austin", re.compile(START + r"austin +-")),
    ("profiler", "viztracer", re.compile(START + r"viztracer +\S")),
    ("memory_profiler", "memray", re.compile(START + r"memray +(?:run|attach|flamegraph)\b|--memray\b")),
    ("memory_profiler", "memory_profiler", re.compile(START + r"mprof +run\b|-m +memory_profiler\b")),
    ("memory_profiler", "Fil", re.compile(START + r"fil-profile +run\b")),
)
# A file without any of these words has no such command.
HINTS = {
    "ab": ("ab -",),
    "hey": ("hey -",),
    "load generator": ("oha", "bombardier", "autocannon", "siege", "loadtest"),
    "memory_profiler": ("mprof", "memory_profiler"),
    "Fil": ("fil-profile",),
    "cProfile": ("cprofile", "-m profile"),
}
PACKAGES = {
    "py-spy": ("profiler", "py-spy"),
    "pyinstrument": ("profiler", "pyinstrument"),
    "scalene": ("profiler", "scalene"),
    "yappi": ("profiler", "yappi"),
    "austin-dist": ("profiler", "austin"),
    "viztracer": ("profiler", "viztracer"),
    "line-profiler": ("profiler", "line_profiler"),
    "pytest-profiling": ("profiler", "pytest-profiling"),
    "django-silk": ("profiler", "Silk"),
    "pyroscope-io": ("profiler", "Pyroscope"),
    "django-cprofile-middleware": ("profiler", "cProfile"),
    "flask-profiler": ("profiler", "flask-profiler"),
    "memray": ("memory_profiler", "memray"),
    "pytest-memray": ("memory_profiler", "memray"),
    "memory-profiler": ("memory_profiler", "memory_profiler"),
    "filprofiler": ("memory_profiler", "Fil"),
    "pympler": ("memory_profiler", "pympler"),
    "guppy3": ("memory_profiler", "guppy"),
    "objgraph": ("memory_profiler", "objgraph"),
    "locust": ("load_test", "locust"),
}
YAML_NAME = re.compile(r"\.(?:ya?ml|tpl|toml|river|alloy|conf)$", re.IGNORECASE)
AGENTS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("monitoring_agent", "cAdvisor", re.compile(r"cadvisor[:@\"'\s]|cadvisor$")),
    ("monitoring_agent", "node-exporter", re.compile(r"node[-_]exporter")),
    ("monitoring_agent", "Datadog agent", re.compile(r"datadog/(?:docker-dd-)?agent")),
    ("monitoring_agent", "New Relic agent", re.compile(r"newrelic/infrastructure")),
    ("monitoring_agent", "Telegraf", re.compile(r"telegraf")),
    ("monitoring_agent", "Netdata", re.compile(r"netdata/netdata")),
    ("monitoring_agent", "Elastic agent", re.compile(r"beats/(?:metricbeat|elastic-agent)|metricbeat")),
    ("monitoring_agent", "Zabbix agent", re.compile(r"zabbix-agent")),
    (
        "metrics_collector",
        "Prometheus",
        re.compile(r"prom/prometheus|bitnami/prometheus|quay\.io/prometheus/prometheus"),
    ),
    ("metrics_collector", "OpenTelemetry collector", re.compile(r"opentelemetry-collector|otelcol")),
    ("metrics_collector", "VictoriaMetrics", re.compile(r"victoria-?metrics/")),
    ("metrics_collector", "Grafana agent", re.compile(r"grafana/(?:alloy|agent)")),
    ("metrics_collector", "statsd", re.compile(r"statsd-exporter|graphite-statsd|graphiteapp/")),
)
IMAGE_LINE = re.compile(r"^\s*(?:-\s+)?(?:image|repository):\s*(\S.*)$", re.MULTILINE)
SETTINGS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("scrape_config", "Prometheus", re.compile(r"^\s*scrape_configs:", re.MULTILINE)),
    (
        "scrape_config",
        "ServiceMonitor",
        re.compile(r"^kind:\s*(?:ServiceMonitor|PodMonitor|VMServiceScrape)\b", re.MULTILINE),
    ),
    (
        "scrape_config",
        "scrape annotation",
        re.compile(r"^\s*['\"]?prometheus\.io/scrape['\"]?:\s*['\"]?true", re.MULTILINE),
    ),
    (
        "metrics_collector",
        "OpenTelemetry collector",
        re.compile(r"^receivers:\s*$(?=[\s\S]{0,20000}?^exporters:)", re.MULTILINE),
    ),
)


class _Match(NamedTuple):
    topic: str
    name: str
    line: int


def read(tree: Tree) -> Iterator[Tool]:
    """Each (topic, name) once per file, at its first line."""
    paths = [entry.path for entry in tree.entries if not SKIPPED.search(entry.path)]
    for path in paths:
        if LOAD_NAME.search(path):
            yield Tool("load_test", _load_name(path), Where(path, None))
    for path, match in [*_from_texts(tree, paths), *_from_manifests(tree, paths)]:
        yield Tool(match.topic, match.name, Where(path, match.line))


def _load_name(path: str) -> str:
    return (
        "JMeter"
        if path.endswith(".jmx")
        else "locust"
        if path.endswith(".py")
        else "k6"
        if ".k6." in path
        else "artillery"
    )


def _from_texts(tree: Tree, paths: list[str]) -> Iterator[tuple[str, _Match]]:
    readers = ((LOAD_SUSPECT, _load_tests), (SCRIPTS, _commands), (YAML_NAME, _deployed))
    for pattern, reader in readers:
        for path in [path for path in paths if pattern.search(path)][:FILES_LIMIT]:
            text = (tree.read_text(path) or "")[:TEXT_LIMIT_CHARACTERS]
            seen: set[tuple[str, str]] = set()
            for match in reader(text):
                if (match.topic, match.name) not in seen and not LOAD_NAME.search(path):
                    seen.add((match.topic, match.name))
                    yield path, match


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _load_tests(text: str) -> Iterator[_Match]:
    for name, pattern in LOAD_TEXT:
        match = pattern.search(text)
        if match:
            yield _Match("load_test", name, _line(text, match.start()))


def _commands(text: str) -> Iterator[_Match]:
    lowered = text.lower()
    likely = [
        command for command in COMMANDS if any(word in lowered for word in HINTS.get(command[1], (command[1].lower(),)))
    ]
    for number, line in enumerate(text.splitlines() if likely else (), 1):
        content = line[:LINE_LIMIT].split(" #")[0]
        if content.lstrip().startswith("#"):
            continue
        for topic, name, pattern in likely:
            if pattern.search(content) and "install" not in content:
                yield _Match(topic, name, number)


def _deployed(text: str) -> Iterator[_Match]:
    for match in IMAGE_LINE.finditer(text):
        for topic, name, pattern in AGENTS:
            if pattern.search(match.group(1)[:300]):
                yield _Match(topic, name, _line(text, match.start(1)))
    for topic, name, pattern in SETTINGS:
        found = pattern.search(text)
        if found:
            yield _Match(topic, name, _line(text, found.end()))


def _from_manifests(tree: Tree, paths: list[str]) -> Iterator[tuple[str, _Match]]:
    for path in [path for path in paths if reader_of(path)][:FILES_LIMIT]:
        reader, text = reader_of(path), tree.read_text(path)
        if reader is None or text is None or not any(name in text.lower().replace("_", "-") for name in PACKAGES):
            continue
        try:
            entries = reader(text).entries
        except ManifestError:
            continue
        for entry in entries:
            if entry.name in PACKAGES:
                topic, label = PACKAGES[entry.name]
                yield path, _Match(topic, label, entry.line or 1)
