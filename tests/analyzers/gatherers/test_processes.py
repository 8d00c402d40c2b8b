from __future__ import annotations

import pytest

from analyzers.artifacts.deployment import Where
from tests.deployments import gather, image

GUNICORN = 'CMD ["gunicorn", "-w", "2", "app:app"]'


def run(tmp_path, command, *lines, base="python:3.12-slim", **files):
    return gather(tmp_path, {"Dockerfile": image(command, *lines, base=base), **files})


def compose(**keys):
    body = "\n".join(f"    {key}: {value}" for key, value in keys.items())
    return {"compose.yml": f"services:\n  web:\n    build: .\n{body}\n"}


@pytest.mark.parametrize(
    ("command", "name", "kind"),
    [
        ("gunicorn app:app", "gunicorn", "production"),
        ("/opt/venv/bin/uvicorn app:app", "uvicorn", "production"),
        ("python -m hypercorn app:app", "hypercorn", "production"),
        ("granian --interface asgi app:app", "granian", "production"),
        ("daphne app.asgi:application", "daphne", "production"),
        ("waitress-serve app:app", "waitress", "production"),
        ("fastapi run app.py", "fastapi", "production"),
        ("fastapi dev app.py", "fastapi", "development"),
        ("flask --app app run", "flask-run", "development"),
        ("python -m flask run", "flask-run", "development"),
        ("python manage.py runserver 0:8000", "runserver", "development"),
        ("django-admin runserver", "runserver", "development"),
        ("python -m http.server", "python-script", "development"),
        ("celery -A app worker", "celery", "worker"),
        ("python manage.py rqworker", "rq", "worker"),
        ("python manage.py migrate", "other", "command"),
        ("python -u -m celery -A app beat", "celery", "worker"),
        ("nginx -g 'daemon off;'", "nginx", "static"),
        ("uwsgi --http :8000 --module app", "uwsgi", "production"),
        ("mod_wsgi-express start-server app.wsgi", "mod_wsgi", "production"),
        ("unitd --no-daemon", "unit", "production"),
        ("streamlit run app.py", "other", "other"),
    ],
)
@pytest.mark.parametrize("wrapper", ["", "uv run --no-sync ", "tini -- ", "gosu app ddtrace-run "])
def test_it_recognises_servers_behind_wrappers(tmp_path, wrapper, command, name, kind):
    found = run(tmp_path, GUNICORN, **compose(command=wrapper + command))
    servers = found.processes.all[0].servers if found.deployment.services else found.processes.others[0].servers
    assert [(server.name, server.kind) for server in servers] == [(name, kind)]


@pytest.mark.parametrize(
    "wrapper",
    [
        "dumb-init --",
        "env A=1 B=2",
        "su-exec app:app",
        "setpriv --reuid=1000 --clear-groups",
        "nice -n 5",
        "opentelemetry-instrument --service_name x",
        "newrelic-admin run-program",
        "poetry run",
        "pipenv run",
        "pdm run",
        "hatch run",
        "conda run --no-capture-output -n app",
        "xvfb-run -a",
        "dockerize -wait tcp://db:5432 -timeout 60s",
        "./wait-for-it.sh db:5432 -t 30 --",
        "sh -c 'exec \"$$@\"' x",
        "timeout 3600",
    ],
)
def test_it_peels_wrappers(tmp_path, wrapper):
    found = run(tmp_path, GUNICORN, **compose(command=f"{wrapper} gunicorn -w 7 app:app"))
    assert found.server.workers == "7"
    assert found.process.execs


def test_init_is_told(tmp_path):
    assert run(tmp_path, GUNICORN, 'ENTRYPOINT ["/usr/bin/tini", "--"]').process.init == "tini"
    assert run(tmp_path, GUNICORN, **compose(init="true")).process.init == "init: true"


def test_sudo_stays_in_front(tmp_path):
    assert run(tmp_path / "a", "", **compose(command="sudo -u app gunicorn app:app")).process.sudo
    found = run(tmp_path / "b", """CMD ["su", "app", "-c", "gunicorn app:app"]""")
    assert found.process.sudo
    assert found.server.name == "gunicorn"


def test_the_exec_form_reaches_the_server(tmp_path):
    process = run(tmp_path, GUNICORN).process
    assert (process.form, process.execs, process.handles_term) == ("exec", True, True)
    assert process.where == Where("Dockerfile", 4)


def test_the_shell_form_does_not(tmp_path):
    process = run(tmp_path, "CMD gunicorn app:app").process
    assert (process.form, process.execs) == ("shell", False)
    assert process.broken_at == Where("Dockerfile", 4)


def test_the_shell_form_with_exec_does(tmp_path):
    found = run(tmp_path, "CMD exec gunicorn -w ${WORKERS:-3} app:app")
    assert found.process.execs
    assert found.server.workers == "3"


def test_a_compose_string_is_no_shell(tmp_path):
    process = run(tmp_path, GUNICORN, **compose(command="gunicorn app:app")).process
    assert (process.form, process.execs) == ("exec", True)


def test_variables_come_from_image_and_deployment(tmp_path):
    found = run(
        tmp_path, "CMD exec gunicorn -w $WORKERS app:app", "ENV WORKERS=2", **compose(environment="[WORKERS=5]")
    )
    assert found.server.workers == "5"


def test_a_variable_that_nothing_sets_stays(tmp_path):
    assert run(tmp_path, "CMD exec gunicorn -w $WORKERS app:app").server.workers == "$WORKERS"


ENTRYPOINT = '#!/bin/sh\nset -e\npython manage.py migrate\nexec "$@"\n'


def test_an_entrypoint_that_execs_its_arguments(tmp_path):
    found = run(tmp_path, GUNICORN, 'ENTRYPOINT ["/app/entrypoint.sh"]', **{"entrypoint.sh": ENTRYPOINT})
    assert found.process.execs
    assert found.server.workers == "2"
    assert ("entrypoint.sh", Where("entrypoint.sh")) in found.process.via


def test_an_entrypoint_that_only_calls_its_arguments(tmp_path):
    script = ENTRYPOINT.replace("exec ", "")
    process = run(tmp_path, GUNICORN, 'ENTRYPOINT ["./entrypoint.sh"]', **{"entrypoint.sh": script}).process
    assert not process.execs
    assert process.broken_at == Where("entrypoint.sh", 4)


CASE = """\
#!/bin/bash
serve() {
  exec gunicorn -w 4 app:app "$@"
}
work() { exec celery -A app worker; }
case "$1" in
  serve) shift; serve "$@" ;;
  work) work ;;
  *) exec "$@" ;;
esac
"""


@pytest.mark.parametrize(("word", "name"), [("serve", "gunicorn"), ("work", "celery"), ("uvicorn a:b", "uvicorn")])
def test_a_case_is_decided_by_the_command(tmp_path, word, name):
    words = ", ".join(f'"{part}"' for part in word.split())
    found = run(tmp_path, f"CMD [{words}]", 'ENTRYPOINT ["/app/run"]', run=CASE)
    assert found.server.name == name
    assert found.process.execs


def test_a_condition_on_an_unset_variable_takes_its_other_branch(tmp_path):
    script = '#!/bin/sh\nif [ "$MODE" = "dev" ]; then\n  exec flask run\nelse\n  exec gunicorn app:app\nfi\n'
    assert run(tmp_path / "a", 'CMD ["./start"]', start=script).server.name == "gunicorn"
    found = run(tmp_path / "b", 'CMD ["./start"]', "ENV MODE=dev", start=script)
    assert found.server.name == "flask-run"


def test_a_choice_at_the_end_is_not_passed_over(tmp_path):
    script = '#!/bin/sh\npython setup.py\nif [ "$A" = "1" ]; then\n  exec flask run\nelse\n  gunicorn app:app\nfi\n'
    assert run(tmp_path, 'CMD ["./start"]', start=script).server.name == "gunicorn"


def test_a_line_that_cannot_be_read_does_not_hide_the_end(tmp_path):
    script = "#!/bin/bash\nexec {fd}< <(./x)\nread a <&$fd\nexec gunicorn -w 2 app:app\n"
    assert run(tmp_path, 'CMD ["./start"]', start=script).server.workers == "2"


def test_scripts_that_call_scripts(tmp_path):
    files = {
        "a.sh": "#!/bin/sh\nexec bash b.sh x\n",
        "b.sh": 'echo "$1"\nexport WEB_CONCURRENCY=6\nexec gunicorn app:app\n',
    }
    assert run(tmp_path, 'CMD ["sh", "a.sh"]', **files).server.workers == "6"


def test_a_script_that_calls_itself_ends(tmp_path):
    process = run(tmp_path, 'CMD ["./a.sh"]', **{"a.sh": "#!/bin/sh\nexec ./a.sh\n"}).process
    assert "too deeply" in process.unresolved


def test_many_calls_of_itself_end_soon(tmp_path):
    script = "#!/bin/sh\n" + "./a.sh &\n" * 40 + "exec ./a.sh\n"
    assert run(tmp_path, 'CMD ["./a.sh"]', **{"a.sh": script}).process.unresolved


def test_a_script_from_a_here_document(tmp_path):
    dockerfile = (
        'FROM python:3.12\nCOPY --chmod=755 <<EOF /start\n#!/bin/sh\nexec gunicorn -w 3 app:app\nEOF\nCMD ["/start"]\n'
    )
    found = gather(tmp_path, {"Dockerfile": dockerfile})
    assert found.server.workers == "3"


def test_a_script_through_stages_links_and_renames(tmp_path):
    dockerfile = """
        FROM python:3.12 AS build
        COPY scripts/ /src/scripts/
        FROM python:3.12
        COPY --from=build /src/scripts/start.sh /opt/start
        RUN ln -s /opt/start /usr/local/bin/serve
        CMD ["serve"]
        """
    files = {"Dockerfile": dockerfile, "scripts/start.sh": "#!/bin/sh\nexec gunicorn -w 3 app:app\n"}
    assert gather(tmp_path, files).server.workers == "3"


def test_a_mounted_script_is_the_one_that_runs(tmp_path):
    files = {"start.sh": "exec gunicorn -w 1 a:a\n", "other/start.sh": "exec gunicorn -w 9 a:a\n"}
    found = run(tmp_path, 'CMD ["sh", "/app/start.sh"]', **files, **compose(volumes="['./other:/app']"))
    assert found.server.workers == "9"


def test_a_script_that_is_not_here_is_unresolved(tmp_path):
    process = run(tmp_path, 'CMD ["/opt/vendor/start.sh"]').process
    assert "/opt/vendor/start.sh" in process.unresolved
    assert run(tmp_path, 'CMD ["/opt/vendor/start.sh"]').processes.web is None


def test_several_daemons_without_supervisor(tmp_path):
    script = "#!/bin/sh\nservice nginx start\ngunicorn app:app &\ncelery -A app worker\n"
    process = run(tmp_path, 'CMD ["./start"]', start=script).process
    assert process.daemons == ("service nginx start", "gunicorn app:app", "celery")


def test_one_server_in_the_background_is_waited_for(tmp_path):
    process = run(tmp_path, 'CMD ["./start"]', start="#!/bin/sh\ngunicorn app:app &\nwait\n").process
    assert process.daemons == ()
    assert (process.execs, process.servers[0].name) == (False, "gunicorn")


def test_a_pipe_keeps_the_shell(tmp_path):
    process = run(tmp_path, 'CMD ["./start"]', start="#!/bin/sh\ngunicorn app:app | tee /log\n").process
    assert (process.execs, process.servers[0].name) == (False, "gunicorn")


def test_supervisord_runs_its_programs(tmp_path):
    conf = """[supervisord]
nodaemon=true
[program:web]
command=gunicorn -w %(ENV_N)s app:app
[program:job]
command = celery -A a worker
"""
    found = run(
        tmp_path,
        'CMD ["supervisord", "-c", "/etc/s.conf"]',
        "COPY s.conf /etc/",
        "ENV N=3",
        **{"s.conf": conf},
    )
    assert found.process.init == "supervisord"
    assert [(s.name, s.workers) for s in found.process.servers] == [("gunicorn", "3"), ("celery", "")]


def test_s6_runs_its_services(tmp_path):
    bash = "#!/command/with-contenv bash\n"
    execline = "#!/usr/bin/execlineb -P\nwith-contenv\ns6-setuidgid app\n"
    found = run(
        tmp_path,
        'ENTRYPOINT ["/init"]',
        "COPY rootfs/ /",
        **{
            "rootfs/etc/s6-overlay/s6-rc.d/web/run": f"{bash}exec s6-setuidgid app granian a:a\n",
            "rootfs/etc/services.d/job/run": f"{execline}celery -A a worker\n",
        },
    )
    assert found.process.init == "s6"
    assert sorted(server.name for server in found.process.servers) == ["celery", "granian"]


def test_honcho_runs_the_procfile(tmp_path):
    found = run(tmp_path, 'CMD ["honcho", "start"]', Procfile="web: gunicorn a:a\nworker: rq worker\n")
    assert [server.name for server in found.process.servers] == ["gunicorn", "rq"]
    assert found.process.init == "honcho"


def test_a_procfile_comes_before_the_image(tmp_path):
    found = run(tmp_path, 'CMD ["flask", "run"]', Procfile="release: x\nweb: gunicorn -w 3 a:a\n")
    assert found.server.workers == "3"
    assert found.process.where == Where("Procfile", 2)


def test_make_stays_in_front(tmp_path):
    makefile = "PY = python\nmigrate:\n\t$(PY) manage.py migrate\nserve: migrate\n\t@$(PY) -m gunicorn app:app\n"
    process = run(tmp_path, 'CMD ["make", "serve"]', Makefile=makefile).process
    assert process.servers[0].name == "gunicorn"
    assert (process.execs, process.broken_at) == (False, Where("Makefile", 4))


def test_an_entrypoint_of_the_service_drops_the_images_command(tmp_path):
    found = run(tmp_path, GUNICORN, **compose(entrypoint="uvicorn a:a"))
    assert found.process.argv == ("uvicorn", "a:a")


def test_an_entrypoint_of_the_image_drops_the_bases_command(tmp_path):
    assert run(tmp_path, 'ENTRYPOINT ["gunicorn", "a:a"]').process.argv == ("gunicorn", "a:a")


def test_an_image_without_a_command_is_unresolved(tmp_path):
    assert "sets a command" in run(tmp_path, "").process.unresolved


def test_what_an_unknown_base_brings_is_unresolved(tmp_path):
    process = run(tmp_path, "", base="registry.example.com/team/runtime:1.2").process
    assert "registry.example.com/team/runtime:1.2" in process.unresolved


def test_a_known_server_base_brings_its_server(tmp_path):
    found = run(tmp_path, "", base="tiangolo/uvicorn-gunicorn-fastapi:python3.11")
    assert (found.server.name, found.server.kind) == ("gunicorn", "production")
    assert found.server.workers


def test_python_and_web_are_told(tmp_path):
    assert run(tmp_path / "a", GUNICORN).processes.python
    static = gather(tmp_path / "b", {"Dockerfile": "FROM nginx:1.27\nCOPY . /usr/share/nginx/html\n"})
    assert not static.processes.python
    worker = run(tmp_path / "c", 'CMD ["celery", "-A", "a", "worker"]')
    assert worker.processes.web is False


def test_the_stop_signal_of_the_service_wins(tmp_path):
    found = run(tmp_path, GUNICORN, "STOPSIGNAL SIGQUIT", **compose(stop_signal="SIGINT"))
    assert found.process.stop_signal == "SIGINT"
