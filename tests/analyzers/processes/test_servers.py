from __future__ import annotations

import pytest

from tests.deployments import gather, image


def server(tmp_path, command, *lines, **files):
    words = ", ".join(f'"{word}"' for word in command.split())
    return gather(tmp_path, {"Dockerfile": image(f"CMD [{words}]", *lines), **files}).server


CONFIG = """\
import multiprocessing, os
workers = int(os.environ.get("WORKERS", multiprocessing.cpu_count() * 2 + 1))
max_requests = 500
accesslog = "-"
"""


def test_gunicorn_reads_its_configuration_file(tmp_path):
    found = server(tmp_path, "gunicorn -c config/g.py app:app", **{"config/g.py": CONFIG})
    assert (found.workers, found.workers_source) == ("multiprocessing.cpu_count() * 2 + 1", "config/g.py")
    assert found.recycling == "config/g.py 500"
    assert found.access_log == "stdout"
    assert found.application == "app:app"


def test_gunicorn_finds_its_default_configuration_file(tmp_path):
    assert server(tmp_path, "gunicorn app:app", **{"gunicorn.conf.py": "workers = 3\n"}).workers == "3"


def test_a_flag_beats_the_variable_and_the_file(tmp_path):
    found = server(
        tmp_path,
        "gunicorn --workers=4 --max-requests 9 app:app",
        "ENV WEB_CONCURRENCY=2 GUNICORN_CMD_ARGS='--workers 3 --reload'",
        **{"gunicorn.conf.py": "workers = 1\n"},
    )
    assert (found.workers, found.workers_source) == ("4", "--workers")
    assert found.recycling == "--max-requests 9"
    assert found.reload == "--reload"


@pytest.mark.parametrize(
    ("command", "line", "workers"),
    [
        ("gunicorn -w4 app:app", "", "4"),
        ("gunicorn app:app", "ENV WEB_CONCURRENCY=2", "2"),
        ("gunicorn app:app", "ENV GUNICORN_CMD_ARGS='-w 5'", "5"),
        ("uvicorn --workers 2 app:app", "", "2"),
        ("uvicorn app:app", "ENV WEB_CONCURRENCY=2", "2"),
        ("hypercorn -w 2 app:app", "", "2"),
        ("granian app:app", "ENV GRANIAN_WORKERS=2", "2"),
        ("fastapi run --workers 2 app.py", "", "2"),
        ("celery -A app worker -c 2", "", "2"),
        ("uwsgi --processes 2", "", "2"),
        ("gunicorn app:app", "", ""),
    ],
)
def test_worker_counts(tmp_path, command, line, workers):
    assert server(tmp_path, command, line).workers == workers


@pytest.mark.parametrize(
    ("command", "line", "recycling"),
    [
        ("uvicorn --limit-max-requests 10 a:b", "", "--limit-max-requests 10"),
        ("celery -A a worker --max-tasks-per-child=10", "", "--max-tasks-per-child 10"),
        ("granian --workers-lifetime 60 a:b", "", "--workers-lifetime 60"),
        ("gunicorn --max-requests 0 a:b", "", ""),
    ],
)
def test_recycling(tmp_path, command, line, recycling):
    assert server(tmp_path, command, line).recycling == recycling


def test_uwsgi_reads_its_ini(tmp_path):
    ini = "[uwsgi]\nmaster\nprocesses = 4\nmax-requests=100\ndie-on-term\nmodule = a.wsgi\n[other]\nprocesses = 9\n"
    found = server(tmp_path, "uwsgi --ini uwsgi.ini", **{"uwsgi.ini": ini})
    assert (found.workers, found.recycling, found.die_on_term, found.application) == (
        "4",
        "max-requests 100",
        True,
        "a.wsgi",
    )


@pytest.mark.parametrize(
    "command",
    [
        "uvicorn --reload a:b",
        "gunicorn --reload a:b",
        "watchmedo auto-restart -d . -- celery -A a worker",
        "flask run --debug",
        "uwsgi --py-autoreload=1 --module a",
        "python -m debugpy --listen 0.0.0.0:5678 -m uvicorn a:b",
        "granian --reload a:b",
    ],
)
def test_reload_and_debug_switches(tmp_path, command):
    assert server(tmp_path, command).reload


def test_a_debug_variable_counts_for_flask_only(tmp_path):
    assert server(tmp_path / "a", "flask run", "ENV FLASK_DEBUG=1").reload == "FLASK_DEBUG=1"
    assert server(tmp_path / "b", "gunicorn a:b", "ENV FLASK_DEBUG=1").reload == ""


def test_access_logs(tmp_path):
    assert server(tmp_path / "a", "gunicorn --access-logfile - a:b").access_log == "stdout"
    assert server(tmp_path / "b", "gunicorn --access-logfile /var/log/a a:b").access_log == "file"
    assert server(tmp_path / "c", "uvicorn --no-access-log a:b").access_log == "off"
    assert server(tmp_path / "d", "uvicorn a:b").access_log_default_on


def test_runserver_without_reloader_has_no_handler(tmp_path):
    files = {"Dockerfile": image('CMD ["python", "manage.py", "runserver", "--noreload"]')}
    assert gather(tmp_path, files).process.handles_term is False
