from __future__ import annotations

import pytest

from tests.deployments import gather, image

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
DOCKERFILE = image('CMD ["python", "app.py"]')


def run(tmp_path, text, **files):
    return gather(tmp_path, {"Dockerfile": DOCKERFILE, "app.py": text, **files})


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (FLASK + "app.run(host='0.0.0.0')\n", "python-script", "development"),
        (
            "from http.server import HTTPServer\nHTTPServer(A, H).serve_forever()\n",
            "python-script",
            "development",
        ),
        ("import uvicorn\nuvicorn.run('a:b', workers=2)\n", "uvicorn", "production"),
        (FLASK + "from waitress import serve\nserve(app, port=80)\n", "waitress", "production"),
        ("from aiohttp import web\nweb.run_app(web.Application())\n", "other", "production"),
        ("from sanic import Sanic\napp = Sanic('x')\napp.run()\n", "other", "production"),
        (FLASK + "from gevent.pywsgi import WSGIServer\nWSGIServer(('', 80), app)\n", "other", "production"),
        ("import discord\nbot = discord.Client()\nbot.run('token')\n", "python-script", "worker"),
        ("import time\nwhile True:\n    time.sleep(1)\n", "python-script", "worker"),
        ("import asyncio\nasyncio.run(main())\n", "other", "command"),
        ("print('done')\n", "other", "command"),
    ],
)
def test_what_a_script_serves(tmp_path, text, name, kind):
    server = run(tmp_path, text).server
    assert (server.name, server.kind) == (name, kind)


def test_a_debug_switch_is_found_with_its_line(tmp_path):
    server = run(tmp_path, FLASK + "if __name__ == '__main__':\n    app.run(debug=True)\n").server
    assert server.reload == "debug=True"
    assert (server.reload_where.path, server.reload_where.line) == ("app.py", 4)


def test_a_switch_from_the_environment_follows_its_value(tmp_path):
    text = "import os, uvicorn\nuvicorn.run('a:b', reload=bool(os.getenv('RELOAD', '')))\n"
    assert run(tmp_path / "a", text).server.reload == ""
    dockerfile = image('CMD ["python", "app.py"]', "ENV RELOAD=1")
    found = gather(tmp_path / "b", {"Dockerfile": dockerfile, "app.py": text})
    assert found.server.reload


def test_the_server_may_stand_in_an_imported_module(tmp_path):
    text = "from service.main import main\nmain()\n"
    module = {"service/__init__.py": "", "service/main.py": "import uvicorn\ndef main():\n    uvicorn.run('a:b')\n"}
    assert run(tmp_path, text, **module).server.name == "uvicorn"


def test_a_module_is_found_by_its_name(tmp_path):
    dockerfile = image('CMD ["python", "-m", "service"]')
    found = gather(tmp_path, {"Dockerfile": dockerfile, "service/__main__.py": FLASK + "app.run()\n"})
    assert found.server.kind == "development"


def test_a_console_script_of_the_project(tmp_path):
    files = {
        "Dockerfile": image('CMD ["my-service"]'),
        "pyproject.toml": '[project]\nname = "x"\n[project.scripts]\nmy-service = "service.cli:main"\n',
        "src/service/cli.py": "import uvicorn\ndef main():\n    uvicorn.run('a:b')\n",
    }
    assert gather(tmp_path, files).server.name == "uvicorn"


def test_a_sub_command_of_the_project_is_told_by_its_function(tmp_path):
    cli = "import click, uvicorn\n@cli.command('develop')\ndef a():\n    uvicorn.run('a:b', reload=True)\n"
    cli += "@cli.command()\ndef serve():\n    uvicorn.run('a:b', workers=2)\n"
    project = '[project]\nname = "x"\n[project.scripts]\nsvc = "service:cli"\n'
    files = {"pyproject.toml": project, "service.py": cli}
    found = gather(tmp_path / "a", {"Dockerfile": image('CMD ["svc", "serve"]'), **files})
    assert (found.server.reload, found.server.workers) == ("", "2")
    found = gather(tmp_path / "b", {"Dockerfile": image('CMD ["svc", "other"]'), **files})
    assert "project's own program" in found.process.unresolved


def test_a_handler_for_the_stop_signal_is_seen(tmp_path):
    text = "import signal\nsignal.signal(signal.SIGTERM, stop)\nwhile True:\n    time.sleep(1)\n"
    assert run(tmp_path / "a", text).process.handles_term is True
    assert run(tmp_path / "b", FLASK + "app.run()\n").process.handles_term is False


def test_a_file_that_is_not_python_is_unresolved(tmp_path):
    assert "could not be read" in run(tmp_path, "print 'old'\n").process.unresolved


def test_hostile_source_is_only_unreadable(tmp_path):
    assert run(tmp_path, "(" * 100_000).process.unresolved
