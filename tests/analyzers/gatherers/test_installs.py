"""What package manager runs leave behind, read through the real parser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from analyzers.artifacts.installs import Install, InstallKind, Installs
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.gatherers.lint.bases import look_up_bases
from analyzers.gatherers.lint.build_plan import gather_build_plan
from analyzers.gatherers.lint.installs import gather_installs
from tests.builders import source

Gather = Callable[..., Installs]


@pytest.fixture
def gather(tmp_path: Path) -> Gather:
    """Installs of a Dockerfile; a text without FROM continues `FROM python:3.12-slim`."""

    def run(dockerfile: str, files: Mapping[str, str] | None = None, context: str = ".") -> Installs:
        text = dockerfile if dockerfile.lstrip().startswith("FROM") else f"FROM python:3.12-slim\n{dockerfile}"
        origin = source(tmp_path, {**(files or {}), "Dockerfile": text})
        plan = gather_build_plan.run(origin, Target("Dockerfile", context))
        assert not isinstance(plan, Missing)
        found = gather_installs.run(origin, plan, look_up_bases.run(plan))
        assert isinstance(found, Installs)
        return found

    return run


@pytest.fixture
def last(gather: Gather) -> Callable[..., Install]:
    return lambda *arguments, **options: gather(*arguments, **options).all[-1]


Last = Callable[..., Install]
PYPROJECT = """
    [project]
    name = "shop"
    version = "1"
    dependencies = ["flask"]
    [dependency-groups]
    dev = ["pytest"]
"""
POETRY = """
    [tool.poetry]
    name = "shop"
    [tool.poetry.dependencies]
    flask = "*"
    [tool.poetry.group.dev.dependencies]
    pytest = "*"
"""


# kinds


@pytest.mark.parametrize(
    ("command", "manager", "kind"),
    [
        ("pip install -r requirements.txt", "pip", "dependency"),
        ("pip3.11 install -r requirements.txt", "pip", "dependency"),
        ("python -m pip install -rrequirements.txt", "pip", "dependency"),
        ("/venv/bin/python3 -m pip install .", "pip", "dependency"),
        ("pip wheel -r requirements.txt -w /wheels", "pip", "dependency"),
        ("pip install flask==2.0 gunicorn", "pip", "tool"),
        ("pip install --upgrade pip setuptools wheel", "pip", "upgrade"),
        ("pip install -U pip flask", "pip", "tool"),
        ("pip install --no-index --find-links /w -r requirements.txt", "pip", "offline"),
        ("pip install /wheels/*", "pip", "offline"),
        ("pip install --no-deps -e .", "pip", "project"),
        ("uv pip install --system -r requirements.txt", "uv", "dependency"),
        ("uv sync --frozen", "uv", "dependency"),
        ("uv run manage.py migrate", "uv", "dependency"),
        ("uv tool install ruff", "uv", "tool"),
        ("uvx ruff check", "uv", "tool"),
        ("poetry install --no-root", "poetry", "dependency"),
        ("poetry install --only-root", "poetry", "project"),
        ("pipenv sync --system", "pipenv", "dependency"),
        ("pipenv install flask", "pipenv", "tool"),
        ("pdm sync --prod", "pdm", "dependency"),
        ("conda env create -f environment.yml", "conda", "dependency"),
        ("micromamba install -y -n base -f env.yml", "conda", "dependency"),
        ("conda install -y numpy", "conda", "tool"),
        ("npm ci", "npm", "dependency"),
        ("npm install -g serve", "npm", "tool"),
        ("npm ci --offline", "npm", "offline"),
        ("yarn", "yarn", "dependency"),
        ("yarn --frozen-lockfile", "yarn", "dependency"),
        ("yarn global add serve", "yarn", "tool"),
        ("corepack pnpm i --frozen-lockfile", "pnpm", "dependency"),
        ("bun install", "bun", "dependency"),
        ("go mod download", "go", "dependency"),
        ("go install github.com/a/b@v1", "go", "tool"),
        ("cargo build --release", "cargo", "dependency"),
        ("cargo install just", "cargo", "tool"),
        ("bundle install", "bundler", "dependency"),
        ("gem install rake", "gem", "tool"),
        ("composer install --no-dev", "composer", "dependency"),
        ("apt-get install -y gcc", "apt", "system"),
        ("sudo -E apt install gcc", "apt", "system"),
        ("env DEBIAN_FRONTEND=noninteractive apt-get -yq install gcc", "apt", "system"),
        ("DEBIAN_FRONTEND=noninteractive eatmydata apt-get install gcc", "apt", "system"),
        ("cat packages | xargs -r apt-get install", "apt", "system"),
        ("bash -c 'time apt-get install gcc'", "apt", "system"),
        ("apt-get update", "apt", "refresh"),
        ("apk add --no-cache gcc", "apk", "system"),
        ("microdnf install -y gcc", "microdnf", "system"),
        ("zypper in -y gcc", "zypper", "system"),
    ],
)
def test_each_manager_is_recognised(last: Last, command: str, manager: str, kind: str) -> None:
    install = last(f"RUN {command}\n")
    assert (install.manager, install.kind) == (manager, InstallKind(kind))


@pytest.mark.parametrize(
    "command",
    [
        "pip list",
        "pip uninstall -y x",
        "npm run build",
        "npm test",
        "yarn build",
        "uv venv",
        "uv run --no-sync x",
        "uv lock",
        "poetry config virtualenvs.create false",
        "apt-get clean",
        "apt-mark hold x",
        "apk del gcc",
        "go version",
        "echo pip install x",
    ],
)
def test_what_installs_nothing_is_left_out(gather: Gather, command: str) -> None:
    assert gather(f"RUN {command}\n").all == ()


@pytest.mark.parametrize(
    ("first", "second", "downloads"),
    [
        ("uv sync --no-install-project", "uv sync", False),
        ("uv sync", "uv run collectstatic", False),
        ("poetry install --no-root", "poetry install", False),
        ("pip install -r requirements.txt", "pip install -e .", True),
        ("go mod download", "go build ./...", False),
    ],
)
def test_the_project_after_its_dependencies_is_no_dependency_install(
    last: Last, first: str, second: str, downloads: bool
) -> None:
    install = last(f"RUN {first}\nCOPY . .\nRUN {second}\n")
    assert (install.kind, install.downloads) == (InstallKind.PROJECT, downloads)


def test_the_stage_below_counts_as_above(last: Last) -> None:
    install = last("FROM python:3.12 AS a\nRUN uv sync --no-install-project\nFROM a\nRUN uv sync\n")
    assert install.kind is InstallKind.PROJECT


def test_dependencies_copied_from_another_stage_count_as_above(last: Last) -> None:
    builder = "FROM a AS b\nWORKDIR /app\nRUN uv sync --no-install-project\nFROM c\nWORKDIR /app\n"
    assert last(f"{builder}COPY --from=b /app/.venv /app/.venv\nRUN uv sync\n").kind is InstallKind.PROJECT
    assert last(f"{builder}COPY --from=b /app/dist /app/dist\nRUN uv sync\n").kind is InstallKind.DEPENDENCY


def test_a_second_requirements_file_is_a_dependency_install_too(last: Last) -> None:
    assert last("RUN pip install -r a.txt && pip install -r b.txt\n").kind is InstallKind.DEPENDENCY


def test_packages_are_named_without_versions(last: Last) -> None:
    assert last("RUN pip install 'flask[async]>=2' gunicorn==21\n").packages == ("flask", "gunicorn")
    assert last("RUN apt-get install -y -t bookworm gcc=4:12* libpq-dev/stable\n").packages == ("gcc", "libpq-dev")


# manifests


def test_a_copied_manifest_is_mapped_to_the_repository(last: Last) -> None:
    files = {"app/requirements.txt": "flask\n"}
    for copy in ("COPY requirements.txt .", "COPY . /srv/", "COPY req*.txt ./"):
        text = f"WORKDIR /srv\n{copy}\nRUN pip install -r requirements.txt\n"
        assert last(text, files, context="app").manifests == ("app/requirements.txt",)


def test_a_bound_manifest_is_mapped_too(last: Last) -> None:
    text = "WORKDIR /x\nRUN --mount=type=bind,source=deps/r.txt,target=/tmp/r.txt pip install -r /tmp/r.txt\n"
    assert last(text, {"deps/r.txt": "flask\n"}).manifests == ("deps/r.txt",)


def test_a_manifest_copied_from_a_stage_is_mapped_through_it(last: Last) -> None:
    text = "FROM a AS one\nCOPY r.txt /in/\nFROM b\nCOPY --from=one /in /out\nRUN pip install -r /out/r.txt\n"
    assert last(text, {"r.txt": "flask\n"}).manifests == ("r.txt",)


def test_nested_requirements_are_manifests(last: Last) -> None:
    files = {"requirements/prod.txt": "-r base.txt\n", "requirements/base.txt": "flask\n"}
    found = last("COPY requirements /r\nRUN pip install -r /r/prod.txt\n", files).manifests
    assert found == ("requirements/prod.txt", "requirements/base.txt")


def test_an_unknown_manifest_stays_as_written(last: Last) -> None:
    assert last("RUN git clone x . && pip install -r requirements.txt\n").manifests == ("requirements.txt",)


def test_implied_manifests_are_found(last: Last) -> None:
    files = {"pyproject.toml": PYPROJECT, "uv.lock": "", "package.json": "{}", "package-lock.json": "{}"}
    assert last("WORKDIR /a\nCOPY . .\nRUN uv sync\n", files).manifests == ("pyproject.toml", "uv.lock")
    assert last("WORKDIR /a\nCOPY . .\nRUN npm ci\n", files).manifests == ("package.json", "package-lock.json")
    assert last("WORKDIR /a\nCOPY . .\nRUN cd /a && pip install .\n", files).manifests == ("pyproject.toml",)


def test_an_exported_requirements_file_stands_for_the_lock(last: Last) -> None:
    files = {"pyproject.toml": POETRY, "poetry.lock": ""}
    text = (
        "FROM python:3.12 AS b\nWORKDIR /b\nCOPY pyproject.toml poetry.lock ./\n"
        "RUN poetry export {} -o requirements.txt\n"
        "FROM python:3.12\nCOPY --from=b /b/requirements.txt /r.txt\nRUN pip install -r /r.txt\n"
    )
    install = last(text.format(""), files)
    assert (install.manifests, install.dev_groups) == (("pyproject.toml", "poetry.lock"), ())
    assert last(text.format("--with dev"), files).dev_groups == ("dev",)


# development groups


@pytest.mark.parametrize(
    ("command", "groups"),
    [
        ("uv sync", ("dev",)),
        ("uv sync --no-dev", ()),
        ("UV_NO_DEV=1 uv sync", ()),
        ("uv run pytest --no-dev", ("dev",)),
        ("uv sync --no-default-groups", ()),
        ("pip install .", ()),
        ("pip install --group dev", ("dev",)),
    ],
)
def test_uv_brings_dev_unless_told_not_to(last: Last, command: str, groups: tuple[str, ...]) -> None:
    files = {"pyproject.toml": PYPROJECT, "uv.lock": ""}
    assert last(f"WORKDIR /a\nCOPY . .\nRUN {command}\n", files).dev_groups == groups


@pytest.mark.parametrize(
    ("command", "groups"),
    [("poetry install", ("dev",)), ("poetry install --only main", ()), ("poetry install --without dev", ())],
)
def test_poetry_brings_dev_unless_told_not_to(last: Last, command: str, groups: tuple[str, ...]) -> None:
    files = {"pyproject.toml": POETRY, "poetry.lock": ""}
    assert last(f"WORKDIR /a\nCOPY . .\nRUN {command}\n", files).dev_groups == groups


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("RUN npm ci", ("dev",)),
        ("RUN npm ci --omit=dev", ()),
        ("ENV NODE_ENV=production\nRUN npm ci", ()),
        ("ENV NPM_CONFIG_PRODUCTION=true\nRUN npm ci", ()),
        ("RUN bun install --production", ()),
    ],
)
def test_node_brings_dev_unless_told_not_to(last: Last, text: str, groups: tuple[str, ...]) -> None:
    files = {"package.json": '{"dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}'}
    assert last(f"WORKDIR /a\nCOPY . .\n{text}\n", files).dev_groups == groups


def test_a_group_without_entries_is_none(last: Last) -> None:
    files = {"pyproject.toml": PYPROJECT.replace('"pytest"', ""), "uv.lock": ""}
    assert last("WORKDIR /a\nCOPY . .\nRUN uv sync\n", files).dev_groups == ()


def test_a_development_file_is_a_group(last: Last) -> None:
    files = {"requirements-dev.txt": "pytest\n", "requirements.txt": "flask\n"}
    assert last("COPY . .\nRUN pip install -r requirements-dev.txt\n", files).dev_groups == ("requirements-dev",)
    assert last("COPY . .\nRUN pip install -r requirements.txt\n", files).dev_groups == ()


def test_a_workspace_member_brings_its_own_groups(last: Last) -> None:
    root = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    files = {"pyproject.toml": root, "uv.lock": "", "packages/shop/pyproject.toml": PYPROJECT}
    text = "WORKDIR /a\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --package shop\n"
    install = last(text, files)
    assert install.dev_groups == ("dev",)
    assert install.manifests == ("pyproject.toml", "uv.lock")
    assert (
        "packages/shop/pyproject.toml" in last(text.replace("COPY pyproject.toml uv.lock", "COPY ."), files).manifests
    )


@pytest.mark.parametrize(
    ("steps", "groups"),
    [
        ("RUN npm ci\nRUN npm run build && npm prune --omit=dev", ()),
        ("RUN npm ci\nRUN npm ci --omit=dev", ()),
        ("RUN npm ci\nRUN npm run build", ("dev",)),
    ],
)
def test_groups_pruned_in_a_builder_do_not_count(gather: Gather, steps: str, groups: tuple[str, ...]) -> None:
    files = {"package.json": '{"dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}'}
    start = "FROM node:22 AS b\nWORKDIR /a\nCOPY . .\n"
    found = gather(f"{start}{steps}\nFROM node:22\nCOPY --from=b /a /a\n", files)
    assert found.all[0].dev_groups == groups


def test_groups_pruned_in_a_later_layer_of_the_image_stay(gather: Gather) -> None:
    files = {"package.json": '{"devDependencies": {"b": "1"}}'}
    start = "FROM node:22\nWORKDIR /a\nCOPY . .\nRUN npm ci"
    assert gather(f"{start}\nRUN npm prune --omit=dev\n", files).all[0].dev_groups == ("dev",)
    assert gather(f"{start} && npm prune --omit=dev\n", files).all[0].dev_groups == ()


# caches


@pytest.mark.parametrize(
    ("text", "cache"),
    [
        ("RUN pip install x", "/root/.cache/pip"),
        ("USER app\nRUN pip install x", "/home/app/.cache/pip"),
        ("RUN useradd -m -d /srv/app app\nUSER app\nRUN pip install x", "/srv/app/.cache/pip"),
        ("ENV PIP_CACHE_DIR=/c\nRUN pip install x", "/c"),
        ("RUN pip config set global.cache-dir /c && pip install x", "/c"),
        ("ENV XDG_CACHE_HOME=/x\nRUN uv sync", "/x/uv"),
        ("RUN UV_CACHE_DIR=/u uv sync", "/u"),
        ("RUN export UV_CACHE_DIR=/u; uv sync", "/u"),
        ("RUN poetry install", "/root/.cache/pypoetry"),
        ("RUN npm ci --cache /n", "/n"),
        ("RUN pnpm i", "/root/.local/share/pnpm/store"),
        ("FROM golang:1.22\nRUN go mod download", "/go/pkg/mod"),
        ("RUN apt-get install x", "/var/cache/apt"),
    ],
)
def test_caches_follow_user_and_configuration(last: Last, text: str, cache: str) -> None:
    assert last(f"{text}\n").caches[0] == cache


@pytest.mark.parametrize(
    ("text", "switch"),
    [
        ("RUN pip install --no-cache-dir x", "--no-cache-dir"),
        ("RUN pip install --no-cache x", "--no-cache"),
        ("ENV PIP_NO_CACHE_DIR=off\nRUN pip install x", "PIP_NO_CACHE_DIR"),
        ("ARG PIP_NO_CACHE_DIR=1\nRUN pip install x", "PIP_NO_CACHE_DIR"),
        ("RUN PIP_NO_CACHE_DIR=1 pip install x", "PIP_NO_CACHE_DIR"),
        ("RUN pip config set global.no-cache-dir true\nRUN pip install x", "PIP_NO_CACHE_DIR"),
        ("ENV UV_NO_CACHE=1\nRUN uv sync", "UV_NO_CACHE"),
        ("ENV UV_NO_CACHE=0\nRUN uv sync", ""),
        ("RUN uv --no-cache sync", "--no-cache"),
        ("RUN uv pip install -n x", "-n"),
        ("RUN apk add --no-cache x", "--no-cache"),
        ("RUN pip install --no-clean x", ""),
    ],
)
def test_what_switches_the_cache_off_is_named(last: Last, text: str, switch: str) -> None:
    assert last(f"{text}\n").cache_off == switch


@pytest.mark.parametrize(
    ("target", "command", "mounted", "wrong"),
    [
        ("/root/.cache/pip", "pip install x", True, False),
        ("/root/.cache", "pip install x", True, False),
        ("/root/.cache/uv", "pip install x", False, False),
        ("/home/app/.cache/pip", "pip install x", False, True),
        ("/tmp/pip", "pip install x", False, True),
        ("/root/.npm", "npm ci", True, False),
        ("/app/node_modules", "npm ci", False, True),
        ("/var/cache/apt", "apt-get install x", True, False),
        ("/usr/local/cargo/registry", "cargo build", True, False),
    ],
)
def test_a_cache_mount_is_held_against_the_real_path(
    last: Last, target: str, command: str, mounted: bool, wrong: bool
) -> None:
    install = last(f"RUN --mount=type=cache,target={target} {command}\n")
    assert (install.cache_mounted, install.cache_mount_wrong) == (mounted, wrong)


def test_apt_mounts_are_told_apart_and_want_locking(last: Last) -> None:
    lists = "--mount=type=cache,target=/var/lib/apt,sharing=locked"
    install = last(f"RUN {lists} --mount=type=cache,target=/var/cache/apt apt-get install x\n")
    assert install.mounted == ("/var/cache/apt", "/var/lib/apt/lists")
    assert not install.sharing_locked
    assert last(f"RUN {lists} apt-get install x\n").sharing_locked


def test_the_hook_of_the_base_is_in_force_until_it_is_removed(last: Last, gather: Gather) -> None:
    assert last("RUN apt-get install x\n").docker_clean
    assert not last("RUN rm -f /etc/apt/apt.conf.d/docker-clean; echo y > /z\nRUN apt-get install x\n").docker_clean
    assert not last("FROM python:3.12-alpine\nRUN apk add x\n").docker_clean


@pytest.mark.parametrize(
    ("command", "cleaned"),
    [
        ("apt-get install x && rm -rf /var/lib/apt/lists/*", True),
        ("apt-get install x && rm -rf /var/lib/apt/lists", True),
        ("apt-get install x && rm -rf /var/lib/{apt,dpkg}/lists/*", True),
        ("apt-get install x; rm -rf /tmp/* /var/lib/apt/*", True),
        ("apt-get install x && find /var/lib/apt/lists -delete", True),
        ("apt-get install x && apt-get dist-clean", True),
        ("apt-get install x && apt-get clean", False),
        ("rm -rf /var/lib/apt/lists/* && apt-get install x", False),
        ("apt-get install x && rm -rf /var/lib/apt/lists/partial", False),
        ("apk add x && rm -rf /var/cache/apk/*", True),
        ("dnf install x && dnf clean all", True),
        ("npm ci && npm cache clean --force", True),
        ("pip install x && rm -rf ~/.cache", True),
        ("pip install x && rm -rf $HOME/.cache/pip", True),
        ("pip install x && pip cache purge", True),
        ("poetry install && rm -rf ~/.cache/pypoetry/{cache,artifacts}", True),
        ("conda install x && conda clean -afy", True),
    ],
)
def test_cleaning_counts_in_the_same_run_only(last: Last, command: str, cleaned: bool) -> None:
    assert last(f"RUN {command}\n").cleaned == cleaned


@pytest.mark.parametrize(
    ("text", "recommends"),
    [
        ("RUN apt-get install -y x", True),
        ("RUN apt-get install -y --no-install-recommends x", False),
        ("RUN apt-get install -o APT::Install-Recommends=false x", False),
        ("RUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/01 && apt-get install x", False),
        ('COPY <<EOF /etc/apt/apt.conf.d/01\nAPT::Install-Recommends "false";\nEOF\nRUN apt-get install x', False),
    ],
)
def test_recommended_packages_are_seen(last: Last, text: str, recommends: bool) -> None:
    assert last(f"{text}\n").recommends == recommends


@pytest.mark.parametrize(
    ("command", "removed"),
    [
        ("apt-get install gcc curl && apt-get purge -y --auto-remove gcc", ("gcc",)),
        ("D='gcc make'; apt-get install $D && apt-get purge -y $D", ("gcc", "make")),
        ("apk add --virtual .b gcc make && apk del .b", ("gcc", "make")),
        ("apk add -t .b gcc && apk del other", ()),
        ("apt-get install gcc && apt-mark auto '.*' > /dev/null && apt-get purge -y --auto-remove", ("gcc",)),
        ("apt-get install gcc curl", ()),
    ],
)
def test_packages_removed_again_are_named(last: Last, command: str, removed: tuple[str, ...]) -> None:
    assert last(f"RUN {command}\n").removed == removed


# the way into the final image


@pytest.mark.parametrize(
    ("setup", "copy", "line"),
    [
        ("RUN python -m venv /venv && /venv/bin/pip install x", "COPY --from=b /venv /venv", 4),
        ('ENV PATH="/o/v/bin:$PATH"\nRUN uv venv /o/v && pip install x', "COPY --from=b /o/v /o/v", 5),
        ('ENV PATH="/o/venv/bin:$PATH"\nRUN pip install x', "COPY --from=b /o/venv /o/venv", 5),
        ('ENV PATH="/o/poetry/bin:$PATH"\nRUN pip install x', "COPY --from=b /o/poetry /o/poetry", None),
        ("ENV VIRTUAL_ENV=/v\nRUN pip install x", "COPY --from=b /v /v", 5),
        ("RUN . /v/bin/activate && pip install x", "COPY --from=b /v /v", 4),
        ("RUN pip install --user x", "COPY --from=b /root/.local /root/.local", 4),
        ("RUN pip install --prefix=/i x", "COPY --from=b /i /usr/local", 4),
        ("RUN pip install --target /t x", "COPY --from=b /t/ /app/", 4),
        ("RUN pip install x", "COPY --from=b /usr/local/lib/python3.12/site-packages /s", 4),
        ("RUN pip wheel -w /w x", "COPY --from=b /w /w", 4),
        ("WORKDIR /app\nRUN uv sync", "COPY --from=b /app /app", 5),
        ("ENV UV_PROJECT_ENVIRONMENT=/e\nRUN uv sync", "COPY --from=b /e /e", 5),
        ("WORKDIR /f\nRUN npm ci", "COPY --from=b /f/node_modules /f/node_modules", 5),
        ("RUN apt-get install gcc", "COPY --from=b / /", 4),
        ("WORKDIR /f\nRUN npm ci", "COPY --from=b /f/dist /d", None),
        ("RUN pip install x", "COPY --from=b /usr/local/bin/x /x", None),
        ("RUN apt-get install gcc", "COPY --from=b /usr/lib/libpq.so /x", None),
        ("RUN apt-get update", "COPY --from=b /usr/local/lib/python3.12/site-packages /s", None),
        ("RUN python -m venv /venv && /venv/bin/pip install x", "COPY --from=b /app /app", None),
    ],
)
def test_a_copied_prefix_brings_the_install(last: Last, setup: str, copy: str, line: int | None) -> None:
    install = last(f"FROM python:3.12 AS b\n{setup}\nFROM python:3.12-slim\n{copy}\n")
    assert (install.brought_line, install.reaches_final) == (line, line is not None)


def test_a_prefix_is_followed_through_stages(last: Last) -> None:
    text = (
        "FROM a AS b\nRUN pip install --prefix=/i x\nFROM a AS c\nCOPY --from=b /i /j\nFROM a\nCOPY --from=c /j /usr\n"
    )
    assert last(text).brought_line == 6


def test_an_install_of_the_final_stage_needs_no_copy(last: Last) -> None:
    install = last("RUN pip install x\n")
    assert install.reaches_final
    assert install.brought_line is None


def test_stages_that_the_target_does_not_reach_are_left_out(gather: Gather) -> None:
    assert gather("FROM a AS dev\nRUN pip install x\nFROM b\nRUN true\n").all == ()


# conditions, scripts, what cannot be read


def test_an_arg_decides_which_install_runs(gather: Gather) -> None:
    text = 'ARG E=prod\nRUN if [ "$E" = dev ]; then pip install -r dev.txt; else pip install -r prod.txt; fi\n'
    (install,) = gather(text).all
    assert install.manifests == ("prod.txt",)
    assert not install.conditional


def test_an_open_test_makes_it_conditional(last: Last) -> None:
    assert last("RUN [ -f x ] && pip install x\n").conditional


def test_a_script_of_the_context_is_followed(last: Last) -> None:
    install = last("COPY setup.sh /s/\nRUN sh /s/setup.sh\n", {"setup.sh": "#!/bin/sh\n\napt-get install gcc\n"})
    assert (install.script, install.line, install.packages) == ("setup.sh", 3, ("gcc",))


def test_a_here_document_is_read(gather: Gather) -> None:
    found = gather("RUN <<EOF\napt-get update\napt-get install gcc\nrm -rf /var/lib/apt/lists/*\nEOF\n").all
    assert [(install.kind, install.line, install.cleaned) for install in found] == [
        (InstallKind.REFRESH, 3, True),
        (InstallKind.SYSTEM, 4, True),
    ]


def test_a_downloaded_script_is_unread_unless_it_is_known(gather: Gather) -> None:
    assert gather("RUN curl https://example.org/x.sh | sh\n").unread[0][0] == 2
    assert gather("RUN curl -LsSf https://astral.sh/uv/install.sh | sh\n").unread == ()


def test_cleaning_in_a_later_run_does_not_count(last: Last) -> None:
    assert not last("RUN apt-get install x\nRUN rm -rf /var/lib/apt/lists/*\n").cleaned


def test_a_file_of_many_copies_and_installs_ends_soon(gather: Gather) -> None:
    stages = "".join(f"FROM a AS s{n}\n" + f"COPY --from=s{n - 1} / /\n" * 40 * (n > 0) for n in range(8))
    found = gather(f"{stages}FROM a\n" + "COPY --from=s7 /a /b\n" * 40 + "RUN pip install -r x.txt\n" * 300)
    assert len(found.all) == 300
