from __future__ import annotations

from pathlib import Path

from analyzers.deploy import compose, services
from analyzers.deploy.merge import merge
from analyzers.deploy.yaml_limits import Map, load
from tests.builders import source


def project(root: Path, *paths: str, **files: str) -> tuple[compose.Project, object]:
    repository = source(root, {name.replace("__", ".").replace("ENV", ".env"): text for name, text in files.items()})
    found = compose.find(repository.tree)
    return compose.load_project(repository.tree, [found[path] for path in paths]), repository.tree


def web(root: Path, text: str, **files: str):
    loaded, tree = project(root, "compose.yaml", compose__yaml=text, **files)
    body = loaded.services["web"]
    assert isinstance(body, Map)
    return services.of_compose(tree, loaded, "web", body)


def test_it_is_recognised_by_content(tmp_path):
    found = compose.find(
        source(
            tmp_path,
            {
                "stack/anything.yml": "services:\n  web:\n    image: x\n",
                "k8s.yaml": "apiVersion: v1\nkind: Service\nservices:\n  web: {image: x}\n",
                "routes.yaml": "services:\n  web: {path: /x}\n",
                "docker-compose.bad.yml": "services:\n  web: {{ x }}: y\n",
            },
        ).tree
    )
    assert set(found) == {"stack/anything.yml", "docker-compose.bad.yml"}
    assert "template" in found["docker-compose.bad.yml"].unread


def test_an_override_is_merged_as_compose_merges():
    base = load(
        """
services:
  web:
    build: ./app
    command: run base
    environment: [A=1, B=2]
    ports: ["80:80"]
    volumes: ["./a:/data"]
""",
        "b.yml",
    )
    override = load(
        """
services:
  web:
    build: {target: prod}
    command: run prod
    environment: {B: "3"}
    ports: ["81:81"]
    volumes: ["./b:/data"]
""",
        "o.yml",
    )
    merged = merge(base, override)["services"]["web"]
    assert merged["build"] == {"context": "./app", "target": "prod"}
    assert merged["command"] == "run prod"
    assert merged.at("command").path == "o.yml"
    assert merged["environment"] == {"A": "1", "B": "3"}
    assert merged["ports"] == ["80:80", "81:81"]
    assert merged["volumes"] == ["./b:/data"]


def test_reset_removes_and_override_replaces():
    base = load("web: {ports: ['80:80'], command: x, expose: ['1']}", "b.yml")
    merged = merge(base, load("web: {ports: !override ['81:81'], command: !reset null}", "o.yml"))
    assert merged["web"]["ports"] == ["81:81"]
    assert merged["web"]["command"] is None


def test_a_command_string_is_split_into_words(tmp_path):
    service = web(tmp_path, "services:\n  web:\n    image: x\n    command: sh -c 'a && b'\n")
    assert service.command == ("sh", "-c", "a && b")
    assert service.command_where.line == 4


def test_an_empty_entrypoint_clears_it_and_null_leaves_it(tmp_path):
    assert web(tmp_path, "services:\n  web: {image: x, entrypoint: []}\n").entrypoint == ()
    assert web(tmp_path, "services:\n  web: {image: x, entrypoint: }\n").entrypoint is None


def test_an_absent_env_file_is_replaced_by_its_sample(tmp_path):
    service = web(
        tmp_path,
        "services:\n  web:\n    image: x\n    env_file: [.env.prod]\n    environment: {A: here}\n",
        **{"ENV.prod-sample": "A=1\nB='two' # note\nexport C=3 # note\n#D=4\n"},
    )
    assert service.environment == {"A": "here", "B": "two", "C": "3"}
    assert service.environment_samples == (".env.prod-sample",)
    assert service.environment_unknown == ""


def test_an_env_file_without_sample_is_said_to_be_missing(tmp_path):
    service = web(tmp_path, "services:\n  web:\n    image: x\n    env_file:\n      - path: ./secret.env\n")
    assert "secret.env" in service.environment_unknown


def test_the_env_file_of_the_project_fills_variables_and_its_sample_only_open_ones(tmp_path):
    text = "services:\n  web:\n    image: x:${TAG:-1}\n    user: ${WHO}\n"
    real = web(tmp_path / "a", text, ENV="TAG=2\nWHO=app\n")
    sample = web(tmp_path / "b", text, **{"ENV.example": "TAG=2\nWHO=app\n"})
    assert (real.image, real.user) == ("x:2", "app")
    assert (sample.image, sample.user) == ("x:1", "app")


def test_limits_come_from_either_key_and_zero_is_none(tmp_path):
    text = "services:\n  web:\n    image: x\n    mem_limit: 512m\n    cpus: 0.5\n"
    assert (web(tmp_path, text).memory_limit, web(tmp_path, text).cpu_limit) == ("512m", "0.5")
    text = "services:\n  web:\n    image: x\n    deploy:\n      resources:\n        limits: {memory: 0, cpus: '0'}\n"
    assert (web(tmp_path, text).memory_limit, web(tmp_path, text).cpu_limit) == (None, None)


def test_a_health_check_keeps_its_words_and_seconds(tmp_path):
    text = """
        services:
          web:
            image: x
            healthcheck: {test: curl -f localhost, interval: 1m30s, timeout: soon}
        """
    health = web(tmp_path, text).health
    assert health.test == ("CMD-SHELL", "curl -f localhost")
    assert (health.interval_seconds, health.timeout_seconds) == (90.0, -1.0)
    assert health.where.line == 4


def test_a_disabled_health_check_is_told(tmp_path):
    assert web(tmp_path, "services:\n  web: {image: x, healthcheck: {disable: true}}\n").health.disabled
    assert web(tmp_path, "services:\n  web: {image: x, healthcheck: {test: [NONE]}}\n").health.disabled


def test_ports_mounts_and_switches(tmp_path):
    service = web(
        tmp_path,
        """
        services:
          web:
            image: x
            init: true
            stop_signal: SIGINT
            ports: ["127.0.0.1:8080:80/tcp", {target: 9000}]
            expose: ["7000"]
            volumes: [".:/app", "data:/data"]
            labels: [prometheus.io/scrape=true]
        """,
    )
    assert service.ports == (80, 9000, 7000)
    assert service.mounts == {"/app": "."}
    assert service.init
    assert service.scrape
    assert service.stop_signal == "SIGINT"


def test_a_service_extends_another_of_its_file(tmp_path):
    loaded, _ = project(
        tmp_path,
        "compose.yaml",
        compose__yaml="services:\n  base: {image: x, command: a}\n  web: {extends: {service: base}, command: b}\n",
    )
    assert loaded.services["web"]["image"] == "x"
    assert loaded.services["web"]["command"] == "b"


def test_what_is_not_followed_is_noted(tmp_path):
    loaded, _ = project(
        tmp_path,
        "compose.yaml",
        compose__yaml="""
            include: [other.yaml]
            services:
              web: {extends: {file: base.yml, service: w}}
              x: {image: x}
            """,
    )
    assert any("includes" in note for note in loaded.notes)
    assert any("base.yml" in note for note in loaded.notes)
