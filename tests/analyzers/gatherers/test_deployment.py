from __future__ import annotations

import pytest

from tests.deployments import gather, image

GUNICORN = image('CMD ["gunicorn", "app:app"]')
WEB = "services:\n  web: {build: ., mem_limit: 1g}\n  db: {image: postgres:16}\n"


def test_no_deployment_file_leaves_the_image(tmp_path):
    found = gather(tmp_path, {"Dockerfile": GUNICORN}).deployment
    assert (found.files, found.services, found.has_files) == ((), (), False)


def test_the_service_that_builds_the_target_and_its_companions(tmp_path):
    found = gather(tmp_path, {"Dockerfile": GUNICORN, "compose.yml": WEB}).deployment
    assert found.files == ("compose.yml",)
    assert [service.name for service in found.services] == ["web"]
    assert found.companions[0].image == "postgres:16"


def test_a_service_of_another_stage_or_context_is_not_the_targets(tmp_path):
    dockerfile = "FROM python:3.12 AS a\nFROM python:3.12 AS b\n"
    files = {
        "Dockerfile": dockerfile,
        "other/x": "",
        "compose.yml": "services:\n  a: {build: {context: ., target: a}}\n",
    }
    assert gather(tmp_path, files, stage="b").deployment.services == ()
    assert gather(tmp_path, files, context="other").deployment.services == ()
    assert gather(tmp_path, files, stage="a").deployment.services[0].name == "a"


def test_a_service_with_contradicting_build_args_is_another_image(tmp_path):
    compose = """
        services:
          a: {build: {context: ., args: {KIND: a}}}
          b: {build: {context: ., args: {KIND: b}}}
        """
    assert [s.name for s in gather(tmp_path, {"Dockerfile": GUNICORN, "compose.yml": compose}).deployment.services] == [
        "a"
    ]


def test_a_service_runs_the_image_that_another_one_builds(tmp_path):
    compose = "services:\n  web: {build: ., image: 'me/app:1'}\n  worker: {image: 'docker.io/me/app'}\n"
    services = gather(tmp_path, {"Dockerfile": GUNICORN, "compose.yml": compose}).deployment.services
    assert [service.name for service in services] == ["web", "worker"]


@pytest.mark.parametrize(
    "workflow",
    [
        "jobs: {b: {steps: [{run: docker build -t ghcr.io/me/app:1 .}]}}\n",
        "jobs: {b: {steps: [{uses: docker/build-push-action@v6, with: {push: true, tags: 'ghcr.io/me/app:1'}}]}}\n",
        "env: {N: ghcr.io/me/app}\njobs: {b: {steps: [{uses: docker/build-push-action@v6, with: {tags: '${{x}}'}}]}}\n",
    ],
)
def test_a_service_runs_the_image_that_ci_pushes(tmp_path, workflow):
    files = {
        "Dockerfile": GUNICORN,
        ".github/workflows/release.yml": workflow,
        "compose.yml": "services:\n  web: {image: 'ghcr.io/me/app:latest'}\n  db: {image: 'postgres:16'}\n",
    }
    assert [service.name for service in gather(tmp_path, files).deployment.services] == ["web"]


def test_a_development_server_makes_the_set_a_development_one(tmp_path):
    compose = "services:\n  web: {build: ., command: gunicorn --reload app:app}\n"
    found = gather(tmp_path, {"Dockerfile": GUNICORN, "compose.yml": compose})
    assert found.deployment.files == ()
    assert found.deployment.has_files
    assert "development server" in found.deployment.reason
    assert found.deployment.other_services[0].name == "web"
    assert found.process.argv == ("gunicorn", "app:app")
    assert found.processes.others[0].servers[0].reload == "--reload"


def test_a_development_server_behind_a_script_is_seen(tmp_path):
    files = {
        "Dockerfile": GUNICORN,
        "start-dev": "#!/bin/sh\nexec flask run\n",
        "compose.yml": "services:\n  web: {build: ., command: /app/start-dev}\n",
    }
    assert gather(tmp_path, files).deployment.files == ()


def test_the_only_command_of_an_image_decides_even_where_it_is_a_development_server(tmp_path):
    compose = "services:\n  web: {build: ., command: python manage.py runserver}\n"
    found = gather(tmp_path, {"Dockerfile": image(""), "compose.yml": compose})
    assert found.deployment.files == ("compose.yml",)
    assert found.server.name == "runserver"


def test_a_base_that_is_missing_leaves_the_command_unknown(tmp_path):
    files = {
        "Dockerfile": GUNICORN,
        "deploy.sh": "docker compose -f base.yml -f compose.prod.yml up -d\n",
        "compose.prod.yml": "services:\n  web: {build: .}\n",
    }
    found = gather(tmp_path, files)
    assert "base.yml is not in the repository" in found.deployment.incomplete
    assert "base.yml" in found.process.unresolved


def test_a_missing_base_may_hold_the_whole_service(tmp_path):
    files = {
        "Dockerfile": GUNICORN,
        "deploy.sh": "docker compose -f core/base.yml -f compose.prod.yml up -d\n",
        "compose.prod.yml": "services:\n  web: {restart: always}\n",
    }
    found = gather(tmp_path, files)
    assert found.deployment.services == ()
    assert "core/base.yml is not in the repository" in found.deployment.incomplete
    assert "core/base.yml" in found.process.unresolved


KUBERNETES = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec:
      template:
        metadata: {annotations: {prometheus.io/scrape: "true"}}
        spec:
          containers:
            - name: api
              image: me/app:1
              command: [gunicorn]
              args: ["-w", "3", "app:app"]
              env: [{name: A, value: "1"}, {name: B, valueFrom: {secretKeyRef: {name: s, key: b}}}]
              envFrom: [{configMapRef: {name: settings}}]
              ports: [{containerPort: 8000}]
              resources: {limits: {memory: 512Mi, cpu: 500m}}
              readinessProbe: {httpGet: {path: /ready, port: 8000}, periodSeconds: 5, timeoutSeconds: 2}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings}
    data: {C: "3"}
    """
BUILD = "build:\n\tdocker build -t me/app:1 .\n"


def test_manifests_come_before_compose(tmp_path):
    files = {"Dockerfile": GUNICORN, "Makefile": BUILD, "k8s/api.yaml": KUBERNETES, "compose.yml": WEB}
    found = gather(tmp_path, files)
    service = found.service
    assert found.deployment.files == ("k8s/api.yaml",)
    assert (service.kind, service.memory_limit, service.cpu_limit) == ("kubernetes", "512Mi", "500m")
    assert service.environment == {"A": "1", "C": "3"}
    assert service.health.test == ("HTTP", "/ready", "8000")
    assert (service.health.interval_seconds, service.health.timeout_seconds) == (5.0, 2.0)
    assert service.scrape
    assert service.ports == (8000,)
    assert found.server.workers == "3"
    assert [s.name for s in found.deployment.other_services] == ["web"]


def test_manifests_of_other_images_do_not_run_the_target(tmp_path):
    files = {"Dockerfile": GUNICORN, "k8s/api.yaml": KUBERNETES.replace("me/app:1", "grafana/grafana:11")}
    assert gather(tmp_path, files).deployment.services == ()


def test_helm_values_are_read_and_templates_are_not(tmp_path):
    files = {
        "Dockerfile": GUNICORN,
        "Makefile": BUILD,
        "chart/Chart.yaml": "name: app\n",
        "chart/values.yaml": "image: {repository: me/app, tag: '1'}\nresources: {limits: {memory: 1Gi}}\n",
        "chart/templates/d.yaml": "kind: Deployment\nspec: {{ .Values.x }}\n containers:\n  - name: x\n    args: [x]\n",
    }
    found = gather(tmp_path, files)
    assert found.deployment.files == ("chart/values.yaml",)
    assert found.service.memory_limit == "1Gi"
    assert "not rendered" in found.deployment.incomplete
    assert "sets a command" in found.process.unresolved


def test_a_jobs_process_does_not_stay(tmp_path):
    job = KUBERNETES.replace("apps/v1", "batch/v1").replace("kind: Deployment", "kind: Job")
    found = gather(tmp_path, {"Dockerfile": GUNICORN, "Makefile": BUILD, "k8s/job.yaml": job})
    assert found.service.kind == "job"
    assert not found.process.long_running


def test_the_projects_setting_decides_even_for_a_development_set(tmp_path):
    files = {"Dockerfile": GUNICORN, "compose.yml": WEB, "compose.dev.yml": "services:\n  web: {build: .}\n"}
    found = gather(tmp_path, files, deployment_files=["compose.dev.yml"])
    assert found.deployment.files == ("compose.dev.yml",)
