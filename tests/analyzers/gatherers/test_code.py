from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.artifacts.build_plan import BuildPlan, CopySource, Step
from analyzers.artifacts.code import Code, LoggingSetup, Route
from analyzers.artifacts.context import BuildContext, ContextCopy
from analyzers.artifacts.deployment import Deployment, Service, Where
from analyzers.artifacts.missing import Missing
from analyzers.artifacts.target import Target
from analyzers.code.module import UnreadableModule, parse
from analyzers.code.words import interesting
from analyzers.dockerfile.syntax import Instruction
from analyzers.gatherers.lint.code import gather_code
from tests.builders import build_plan, run_step, source, with_steps
from tests.work import cpu_seconds

NO = Missing("not gathered")


def gathered(
    root: Path,
    files: Mapping[str, str | bytes],
    plan: BuildPlan | Missing = NO,
    context: BuildContext | Missing = NO,
    deployment: Deployment | Missing = NO,
) -> Code:
    found = gather_code.run(source(root, files), Target("Dockerfile"), plan, context, NO, deployment)
    assert isinstance(found, Code)
    return found


def routes(code: Code) -> dict[str, Route]:
    return {route.path: route for route in code.routes}


def the_logging(code: Code) -> LoggingSetup:
    assert len(code.logging) == 1, code.logging
    return code.logging[0]


def details(code: Code, topic: str) -> list[str]:
    return [call.detail for call in code.calls_about(topic)]


def context_of(*sources: str, code: bool = True, ignored: tuple[str, ...] = ()) -> BuildContext:
    copies = (ContextCopy(0, 0, 2, 2, sources, "/app/", "." in sources, True, code, (), 1, 10),)
    return BuildContext(".", None, ignored, (), copies, (), 10, 0, False, 0, ())


# Routes


def test_flask_routes_follow_blueprints_and_what_their_handlers_touch(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from flask import Flask\nfrom app.up import up\n"
        "app = Flask(__name__)\napp.register_blueprint(up)\n",
        "app/up.py": """
            from flask import Blueprint
            from app.stores import db, redis
            up = Blueprint("up", __name__, url_prefix="/up")

            @up.get("/")
            def index():
                return ""

            @up.get("/databases")
            def databases():
                redis.ping()
                check()
                return ""

            def check():
                with db.engine.connect() as connection:
                    connection.execute("SELECT 1")
            """,
        "app/stores.py": "",
    }
    found = routes(gathered(tmp_path, files))
    assert found["/up/"].touches == ()
    assert found["/up/databases"].touches == ("database", "redis")


def test_fastapi_prefixes_add_up_through_files_and_settings(tmp_path: Path) -> None:
    files = {
        "app/main.py": """
            from fastapi import FastAPI
            from app.api.main import api_router
            from app.config import settings
            app = FastAPI()
            app.include_router(api_router, prefix=settings.API)
            """,
        "app/config.py": 'class Settings:\n    API: str = "/api/v1"\nsettings = Settings()\n',
        "app/api/main.py": """
            from fastapi import APIRouter
            from app.api import utils, users
            api_router = APIRouter()
            api_router.include_router(utils.router, prefix="/utils")
            api_router.include_router(users.router)
            """,
        "app/api/utils.py": """
            from fastapi import APIRouter
            router = APIRouter()
            @router.get("/health-check/")
            async def health_check() -> bool:
                return True
            """,
        "app/api/users.py": """
            from fastapi import APIRouter, Depends
            from app.deps import get_current_user
            router = APIRouter(prefix="/users", dependencies=[Depends(get_current_user)])
            @router.get("/status")
            def status(session=Depends(get_db)):
                session.execute("SELECT 1")
            """,
    }
    found = routes(gathered(tmp_path, files))
    assert found["/api/v1/utils/health-check/"].protected is False
    assert found["/api/v1/users/status"].protected is True
    assert found["/api/v1/users/status"].touches == ("database",)


def test_a_login_decorator_or_a_credential_parameter_protects_a_route(tmp_path: Path) -> None:
    files = {
        "app.py": """
            from fastapi import FastAPI, Depends
            app = FastAPI()
            @app.get("/me")
            def me(user: CurrentUser): ...
            @app.get("/books")
            def books(author: Author, session: SessionDep): ...
            """,
        "web.py": """
            from flask import Flask
            app = Flask(__name__)
            @app.route("/health")
            @login_required
            def health(): ...
            """,
    }
    found = routes(gathered(tmp_path, files))
    assert (found["/me"].protected, found["/books"].protected, found["/health"].protected) == (True, False, True)


DJANGO = {
    "config/settings.py": 'ROOT_URLCONF = "config.urls"\nINSTALLED_APPS = ["health_check", "health_check.db"]\n',
    "config/urls.py": """
        from django.urls import include, path, re_path
        from up import views
        urlpatterns = [
            path("up/", include("up.urls")),
            path("ht/", include("health_check.urls")),
            re_path(r"^ready/?$", views.ready),
            path("api/", include([path("v1/", include(("up.urls", "up")))])),
        ]
        """,
    "up/urls.py": "from django.urls import path\nfrom up import views\n"
    'urlpatterns = [path("databases", views.databases)]\n',
    "up/views.py": """
        from django.db import connection
        from django.contrib.auth.decorators import login_required
        def databases(request):
            connection.ensure_connection()
        @login_required
        def ready(request): ...
        """,
}


def test_django_urls_are_followed_from_the_root_configuration(tmp_path: Path) -> None:
    found = routes(gathered(tmp_path, DJANGO))
    assert found["/up/databases"].touches == ("database",)
    assert found["/api/v1/databases"].handler == "databases"
    assert found["/ht/"].touches == ("database",)
    assert found["/ready/"].protected


def test_url_files_that_include_each_other_end(tmp_path: Path) -> None:
    files = {
        "a/urls.py": "from django.urls import include, path\n"
        'urlpatterns = [path("b/", include("b.urls")), path("x/", view)]\n',
        "b/urls.py": 'from django.urls import include, path\nurlpatterns = [path("a/", include("a.urls"))]\n',
        "s/settings.py": 'ROOT_URLCONF = "a.urls"\n',
    }
    assert "/x/" in routes(gathered(tmp_path, files))


def test_a_url_list_that_includes_itself_below_a_prefix_ends(tmp_path: Path) -> None:
    files = {
        "a/urls.py": "from django.urls import include, path\n"
        'urlpatterns = [path("x/", view)]\nif PREFIX:\n    urlpatterns = [path("p/", include(urlpatterns))]\n',
        "s/settings.py": 'ROOT_URLCONF = "a.urls"\n',
    }
    assert "/x/" in routes(gathered(tmp_path, files))


def test_routers_that_mount_each_other_end(tmp_path: Path) -> None:
    content = """
        from fastapi import APIRouter
        a = APIRouter(prefix="/a")
        b = APIRouter(prefix="/b")
        a.include_router(b)
        b.include_router(a)
        @b.get("/health")
        def health(): ...
        """
    assert any(route.path.endswith("/health") for route in gathered(tmp_path, {"m.py": content}).routes)


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ('from aiohttp import web\napp = web.Application()\napp.router.add_get("/healthz", h)\n', "/healthz"),
        ('from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get("/ping")\nasync def p(r): ...\n', "/ping"),
        ('import tornado.web\napp = tornado.web.Application([(r"/live", Live)])\n', "/live"),
        ('from starlette.routing import Route\nroutes = [Route("/health", endpoint=h)]\n', "/health"),
        ('import falcon\napp = falcon.App()\napp.add_route("/status", S())\n', "/status"),
        ('from sanic import Sanic\napp = Sanic("x")\napp.add_route(handler, "/up")\n', "/up"),
        ('from bottle import route\n@route("/ready")\ndef r(): ...\n', "/ready"),
        ('from litestar import get\n@get("/health")\nasync def h() -> str: ...\n', "/health"),
        ('from flask import Flask\napp = Flask("x")\napp.add_url_rule("/health", view_func=lambda: "ok")\n', "/health"),
        (
            'class H(BaseHTTPRequestHandler):\n    def do_GET(self):\n        if self.path == "/healthz": ...\n',
            "/healthz",
        ),
        (
            "from prometheus_fastapi_instrumentator import Instrumentator\n"
            "Instrumentator().instrument(app).expose(app)\n",
            "/metrics",
        ),
    ],
)
def test_each_framework_writes_routes_in_its_own_way(tmp_path: Path, content: str, path: str) -> None:
    assert path in routes(gathered(tmp_path, {"server.py": content}))


# Logging


@pytest.mark.parametrize(
    ("content", "kind", "stream", "files"),
    [
        ("import logging\nlogging.basicConfig(level=20)\n", "basicConfig", True, ()),
        ('import logging\nlogging.basicConfig(filename="app.log")\n', "basicConfig", False, ("app.log",)),
        (
            'import logging\nlogging.basicConfig(handlers=[logging.StreamHandler(), logging.FileHandler("x.log")])\n',
            "basicConfig",
            True,
            ("x.log",),
        ),
        (
            'LOGGING = {"handlers": {"c": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["c"]}}\n',
            "LOGGING",
            True,
            (),
        ),
        (
            'LOGGING = {"handlers": {"c": {"class": "logging.StreamHandler"}, "f": {"class": "logging.FileHandler",'
            ' "filename": "d.log"}}, "root": {"handlers": ["f"]}}\n',
            "LOGGING",
            False,
            ("d.log",),
        ),
        ("import structlog\nstructlog.configure()\n", "structlog", True, ()),
        (
            "import structlog\nstructlog.configure(logger_factory=structlog.stdlib.LoggerFactory())\n",
            "structlog",
            False,
            (),
        ),
        ("from loguru import logger\nlogger.info('x')\n", "loguru", True, ()),
        ("from loguru import logger\nlogger.remove()\nlogger.add('a.log')\n", "loguru", False, ("a.log",)),
        ("import sys\nfrom loguru import logger\nlogger.remove()\nlogger.add(sys.stdout)\n", "loguru", True, ()),
        ("import logging\nh = logging.StreamHandler()\nlogging.getLogger().addHandler(h)\n", "handler", True, ()),
    ],
)
def test_a_logging_setup_says_where_it_writes(
    tmp_path: Path, content: str, kind: str, stream: bool, files: tuple[str, ...]
) -> None:
    found = the_logging(gathered(tmp_path, {"settings.py": content}))
    assert (found.kind, found.stream, found.files) == (kind, stream, files)


def test_gunicorn_logs_to_stdout_by_a_dash_even_as_a_default(tmp_path: Path) -> None:
    content = 'import os\naccesslog = os.getenv("ACCESS_LOG", "-")\nbind = "0.0.0.0"\n'
    found = the_logging(gathered(tmp_path, {"gunicorn.conf.py": content}))
    assert (found.kind, found.stream) == ("gunicorn", True)


def test_a_configuration_in_another_file_is_read(tmp_path: Path) -> None:
    files = {
        "app/main.py": "import logging.config\nfrom app.log import CONFIG\nlogging.config.dictConfig(CONFIG)\n",
        "app/log.py": 'CONFIG = {"handlers": {"h": {"class": "logging.StreamHandler"}}}\n',
    }
    assert the_logging(gathered(tmp_path, files)).stream


def test_an_ini_or_yaml_configuration_is_read(tmp_path: Path) -> None:
    ini = "[loggers]\nkeys=root\n[handler_console]\nclass=StreamHandler\nargs=(sys.stdout,)\n[handlers]\nkeys=console\n"
    files = {"a/main.py": 'import logging.config\nlogging.config.fileConfig("logging.ini")\n', "a/logging.ini": ini}
    assert the_logging(gathered(tmp_path / "ini", files)).stream
    files = {
        "a/main.py": 'import logging.config, yaml\nlogging.config.dictConfig(yaml.safe_load(open("log.yaml")))\n',
        "a/log.yaml": "handlers:\n  f: {class: logging.FileHandler, filename: a.log}\n",
    }
    assert the_logging(gathered(tmp_path / "yaml", files)).files == ("a.log",)


def test_a_setup_outside_the_import_graph_is_not_reachable(tmp_path: Path) -> None:
    files = {
        "app/main.py": "from app import used\n",
        "app/used.py": "import logging\nlogging.basicConfig()\n",
        "app/unused.py": "import logging\nlogging.basicConfig()\n",
    }
    found = gathered(tmp_path, files, build_plan(cmd=("uvicorn", "app.main:app"), cmd_json=True))
    assert {setup.where.path: setup.reachable for setup in found.logging} == {
        "app/used.py": True,
        "app/unused.py": False,
    }
    assert found.entry_modules == ("app/main.py",)


def test_what_stands_under_the_main_guard_runs_only_for_the_script(tmp_path: Path) -> None:
    content = 'import logging\nif __name__ == "__main__":\n    logging.basicConfig()\n'
    served = build_plan(cmd=("gunicorn", "-c", "conf.py", "other:app"), cmd_json=True)
    run = build_plan(cmd=("python", "main.py"), cmd_json=True)
    files = {"main.py": content, "other.py": "import main\n"}
    assert the_logging(gathered(tmp_path, files, served)).reachable is False
    assert the_logging(gathered(tmp_path, files, run)).reachable is True


def test_alembic_does_not_configure_the_service(tmp_path: Path) -> None:
    content = """
        from alembic import context
        from logging.config import fileConfig
        fileConfig(context.config.config_file_name)
        """
    assert gathered(tmp_path, {"alembic/env.py": content}).logging == ()


# Metrics, agents, profilers


@pytest.mark.parametrize(
    ("content", "topic"),
    [
        ('from prometheus_client import Counter\nC = Counter("a", "b")\n', "metrics"),
        ("from prometheus_client import start_http_server\nstart_http_server(9000)\n", "metrics_endpoint"),
        ("from prometheus_client import make_asgi_app\napp.mount('/metrics', make_asgi_app())\n", "process_metrics"),
        ('INSTALLED_APPS = ["django_prometheus"]\n', "metrics"),
        ('urlpatterns = [path("", include("django_prometheus.urls"))]\n', "metrics_endpoint"),
        ("import statsd\nc = statsd.StatsClient('h')\n", "metrics"),
        (
            "from opentelemetry.instrumentation.flask import FlaskInstrumentor\nFlaskInstrumentor().instrument()\n",
            "metrics",
        ),
        ("import psutil\npsutil.cpu_percent()\n", "process_metrics"),
        ("import sentry_sdk\nsentry_sdk.init(dsn=D, traces_sample_rate=0.1)\n", "apm"),
        ("import newrelic.agent\nnewrelic.agent.initialize()\n", "apm"),
        ("import ddtrace\nddtrace.patch_all()\n", "apm"),
        ("import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=1.0)\n", "profiler"),
        ("import sentry_sdk\nsentry_sdk.init(_experiments={'profiles_sample_rate': 1.0})\n", "profiler"),
        ('MIDDLEWARE = ["silk.middleware.SilkyMiddleware"]\n', "profiler"),
        ("from pyinstrument import Profiler\n", "profiler"),
        ("import tracemalloc\ntracemalloc.start()\n", "memory_profiler"),
        ("import signal\nsignal.signal(signal.SIGTERM, stop)\n", "signal_handler"),
        (
            "import signal\nfor s in (signal.SIGINT, signal.SIGTERM):\n    loop.add_signal_handler(s, stop)\n",
            "signal_handler",
        ),
        ("from flask import Flask\napp = Flask('x')\napp.run()\n", "serves_itself"),
        ("from http.server import HTTPServer\nHTTPServer(a, b).serve_forever()\n", "serves_itself"),
        ("import subprocess\nsubprocess.run(['git', 'log'])\n", "program"),
        ("import os\nON = bool(os.environ.get('X'))\n", "bool_environ"),
    ],
)
def test_a_use_is_found_by_its_topic(tmp_path: Path, content: str, topic: str) -> None:
    assert gathered(tmp_path, {"app.py": content}).calls_about(topic)


@pytest.mark.parametrize(
    ("content", "topic"),
    [
        ("import sentry_sdk\nsentry_sdk.init(dsn=D)\n", "apm"),
        ("import sentry_sdk\nsentry_sdk.init(profiles_sample_rate=0)\n", "profiler"),
        ("import os, sentry_sdk\nsentry_sdk.init(traces_sample_rate=float(os.environ.get('R', 0)))\n", "apm"),
        ('DISABLE_PANELS = ["silk", "debug_toolbar.panels.profiling.ProfilingPanel"]\n', "profiler"),
        ("from prometheus_client import Counter\n", "metrics"),
        (
            "from prometheus_client import CollectorRegistry, generate_latest, multiprocess\n"
            "r = CollectorRegistry()\ngenerate_latest(r)\n",
            "process_metrics",
        ),
        ("import signal\nsignal.signal(signal.SIGINT, stop)\n", "signal_handler"),
        ("class UserProfile:\n    debug = True\n", "debug_on"),
    ],
)
def test_what_only_resembles_a_use_is_not_one(tmp_path: Path, content: str, topic: str) -> None:
    assert gathered(tmp_path, {"app.py": content}).calls_about(topic) == []


# Development switches


@pytest.mark.parametrize(
    ("expression", "detail", "default_on", "on_when"),
    [
        ('os.environ.get("DEBUG", "False") == "True"', "DEBUG (False)", False, ""),
        ('bool(os.environ.get("DEBUG", default=0))', "DEBUG (0)", False, "set"),
        ('bool(os.environ.get("DEBUG", "0"))', "DEBUG (0)", True, "set"),
        ('int(os.environ.get("DEBUG", default=1))', "DEBUG (1)", True, ""),
        ('env.bool("DJANGO_DEBUG", default=True)', "DJANGO_DEBUG (True)", True, ""),
        ('config("DEBUG", cast=bool)', "DEBUG ()", False, ""),
        ('os.environ.get("ENV", "dev") != "production"', "ENV (dev)", True, "!=production"),
        ('os.environ.get("STAGE") == "local"', "STAGE ()", False, "=local"),
        ('bool(strtobool(os.getenv("DEBUG", "false")))', "DEBUG (false)", False, ""),
    ],
)
def test_the_environment_decides_debug(
    tmp_path: Path, expression: str, detail: str, default_on: bool, on_when: str
) -> None:
    (call,) = gathered(tmp_path, {"settings.py": f"import os\nDEBUG = {expression}\n"}).calls_about("debug_env")
    assert (call.detail, call.default_on, call.on_when) == (detail, default_on, on_when)


def test_only_the_settings_that_the_service_reads_count(tmp_path: Path) -> None:
    files = {
        "config/settings/base.py": "INSTALLED_APPS = []\nDEBUG = True\n",
        "config/settings/production.py": "from .base import *\nDEBUG = False\n",
        "config/settings/staging.py": "from .base import *\nDEBUG = True\n",
        "config/wsgi.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")\n'
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n# DEBUG\n",
    }
    assert gathered(tmp_path, files).calls_about("debug_on") == []
    plan = build_plan(env={"DJANGO_SETTINGS_MODULE": "config.settings.staging"})
    (call,) = gathered(tmp_path, files, plan).calls_about("debug_on")
    assert call.where.path == "config/settings/staging.py"


def test_development_settings_are_marked_where_nothing_chooses(tmp_path: Path) -> None:
    files = {"app/settings/local.py": "DEBUG = True\n", "app/settings/common.py": "DEBUG = True\n"}
    assert [call.where.path for call in gathered(tmp_path, files).calls_about("debug_on")] == ["app/settings/common.py"]


def test_pydantic_settings_and_flask_classes_are_read(tmp_path: Path) -> None:
    files = {
        "settings.py": "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    debug: bool = True\n",
        "config.py": "class Config:\n    DEBUG = False\nclass DevelopmentConfig(Config):\n    DEBUG = True\n",
    }
    found = gathered(tmp_path, files)
    assert details(found, "debug_env") == ["DEBUG (True)"]
    assert found.calls_about("debug_on") == []


# Presence


def test_source_cloned_while_building_is_absent(tmp_path: Path) -> None:
    plan = with_steps(build_plan(cmd=("python", "app.py")), run_step("git", "clone", "https://example.test/app"))
    found = gathered(tmp_path, {"Dockerfile": "FROM x\n"}, plan, context_of("conf.ini", code=False))
    assert not found.present
    assert "source not in this repository" in found.absent_reason


def test_an_empty_submodule_is_absent(tmp_path: Path) -> None:
    modules = '[submodule "app"]\n\tpath = app\n\turl = https://example.test/app\n'
    found = gathered(tmp_path, {".gitmodules": modules}, build_plan(cmd=("x",)), context_of("app"))
    assert "app is copied but has no files here" in found.absent_reason
    assert not found.present


def test_a_copy_from_a_folder_that_a_build_argument_names_is_absent(tmp_path: Path) -> None:
    step = Step(
        0, 0, Instruction("COPY", 3, 3, "", "", ("app", "/app")), {}, "/", "", copy=CopySource(("app",), "/app")
    )
    plan = with_steps(build_plan(cmd=("x",)), step)
    assert not gathered(tmp_path, {"conf/a.py": "X = 1\n"}, plan, context_of("app", "conf")).present


def test_source_that_is_there_is_present(tmp_path: Path) -> None:
    found = gathered(
        tmp_path, {"app.py": "import flask\nflask.Flask('x').run()\n"}, build_plan(cmd=("python", "app.py"))
    )
    assert (found.present, found.python, found.frameworks) == (True, True, frozenset({"flask"}))


def test_only_what_the_image_takes_is_read(tmp_path: Path) -> None:
    files = {
        "api/app.py": "import tracemalloc\n",
        "other/app.py": "import memray\n",
        "api/scratch/x.py": "import guppy\n",
        "api/tests/test_x.py": "import pympler\n",
    }
    found = gathered(tmp_path, files, context=context_of("api", ignored=("api/scratch",)))
    assert details(found, "memory_profiler") == ["tracemalloc"]


def test_the_deployment_names_the_entry(tmp_path: Path) -> None:
    service = Service("web", Where("compose.yaml", 1), "compose", command=("sh", "-c", "exec gunicorn web.wsgi:app"))
    deployment = Deployment(("compose.yaml",), "", (service,))
    found = gathered(tmp_path, {"web/wsgi.py": "app = 1\n"}, build_plan(), deployment=deployment)
    assert found.entry_modules == ("web/wsgi.py",)


# Tools


@pytest.mark.parametrize(
    ("path", "content", "topic"),
    [
        ("load/locustfile.py", "from locust import HttpUser\n", "load_test"),
        ("perf/users.py", "from locust import HttpUser\n", "load_test"),
        ("k6/smoke.js", "import http from 'k6/http';\n", "load_test"),
        ("plan.jmx", "<x/>", "load_test"),
        ("Makefile", "bench:\n\twrk -t4 http://localhost\n", "load_test"),
        ("Makefile", "profile:\n\tpy-spy record -o x.svg --pid 1\n", "profiler"),
        ("requirements-dev.txt", "py-spy==0.3\n", "profiler"),
        ("scripts/mem.sh", "python -m memray run app.py\n", "memory_profiler"),
        ("prometheus/prometheus.yml", "scrape_configs:\n  - job_name: web\n", "scrape_config"),
        ("k8s/monitor.yaml", "apiVersion: x\nkind: ServiceMonitor\n", "scrape_config"),
        ("compose.yaml", "services:\n  c:\n    image: gcr.io/cadvisor/cadvisor:v0.49\n", "monitoring_agent"),
        ("compose.yaml", "services:\n  p:\n    image: prom/prometheus\n", "metrics_collector"),
        ("otel.yaml", "receivers:\n  otlp: {}\nexporters:\n  debug: {}\n", "metrics_collector"),
    ],
)
def test_a_tool_of_the_repository_is_found(tmp_path: Path, path: str, content: str, topic: str) -> None:
    assert [tool.topic for tool in gathered(tmp_path, {path: content}).tools] == [topic]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("Makefile", "# wrk -t4 would be nice\nprofile:\n\techo user profile\n"),
        ("setup.cfg", "[pylint]\ndisable = profiling\n"),
        ("docs/readme.md", "run locust -f x\n"),
    ],
)
def test_a_mention_is_no_tool(tmp_path: Path, path: str, content: str) -> None:
    assert gathered(tmp_path, {path: content}).tools == ()


# Hostile input


HOSTILE = ["(" * 5_000, "x" + ".a" * 60_000, "-" * 60_000 + "1", "\0", "if 1:\n" * 200, "f'{" * 200, "def f(:\n"]


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_python_is_unread_not_fatal(tmp_path: Path, content: str) -> None:
    found = gathered(tmp_path, {"a.py": "# basicConfig\n" + content, "b.py": "import memray\n"})
    assert [path for path, _ in found.unread] == ["a.py"]
    assert details(found, "memory_profiler") == ["memray"]


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_parses_or_is_refused(content: str) -> None:
    with contextlib.suppress(UnreadableModule):
        parse("a.py", content)


WORDS = [
    "app",
    "=",
    "(",
    ")",
    "\n",
    ".get",
    "'/x'",
    "@",
    "def f():",
    " ",
    "path",
    "include",
    "LOGGING",
    "{",
    "}",
    ":",
    "DEBUG",
    "os.environ",
    "import",
    "from",
    "x",
    ",",
    "lambda",
    "if",
    "[",
    "]",
    "basicConfig",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_anything_like_python_is_gathered_without_an_exception(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    gathered(tmp_path_factory.mktemp("any"), {"settings.py": content, "urls.py": "urlpatterns = []\n" + content})


def test_time_grows_with_the_code_only(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        content = "from flask import Flask\napp = Flask('x')\n" + "".join(
            f"@app.route('/health{n}')\ndef health{n}():\n    health{max(n - 1, 0)}()\n" for n in range(count)
        )
        return cpu_seconds(lambda: gathered(tmp_path / str(count), {"app.py": content}))

    assert seconds(1_600) < 16 * max(seconds(200), 0.02)


def test_the_cheap_test_finds_the_same_files_joined_as_alone() -> None:
    files = [(str(n), b"x = 1\n" * n + (b"import memray\n" if n % 7 == 0 else b"")) for n in range(50)]
    alone = [path for path, data in files if interesting([(path, data)])]
    assert interesting(files) == alone == [str(n) for n in range(0, 50, 7)]


def test_a_word_that_two_files_make_together_is_none() -> None:
    assert interesting([("a", b"mem"), ("b", b"ray")]) == []


def test_a_file_too_large_to_read_is_said_to_be_unread(tmp_path: Path) -> None:
    found = gathered(tmp_path, {"a.py": b"import memray\n" + b"#" * (600 * 1024)})
    assert found.unread == (("a.py", "larger than 512 KiB"),)
