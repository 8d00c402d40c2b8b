"""What a Python file does when it is run: which server it starts, or that it works on without one.

Read with `ast` only. Calls that serve are looked for in the file, then in the modules of the tree that it imports.
"""

from __future__ import annotations

from analyzers.artifacts.deployment import Where
from analyzers.artifacts.processes import Server
from analyzers.lazy import ast
from analyzers.processes.python_modules import Module, calls, imported, load
from analyzers.processes.python_values import render
from analyzers.processes.setting import Surroundings
from analyzers.records import dataclass
from analyzers.tree import Tree

OFF = frozenset({"", "False", "0", "None", "false", "no", "off"})
PRODUCTION_CALLS = {
    "uvicorn.run": "uvicorn",
    "uvicorn.Server": "uvicorn",
    "waitress.serve": "waitress",
    "web.run_app": "other",
    "aiohttp.web.run_app": "other",
    "cherrypy.quickstart": "other",
    "hypercorn.asyncio.serve": "hypercorn",
    "granian.Granian": "granian",
    "Granian": "granian",
    "gevent.pywsgi.WSGIServer": "other",
    "pywsgi.WSGIServer": "other",
    "eventlet.wsgi.server": "other",
    "wsgi.server": "other",
    "bjoern.run": "other",
    "meinheld.listen": "other",
    "grpc.server": "other",
    "grpc.aio.server": "other",
    "serve": "",
    "StandaloneApplication": "gunicorn",
    "WSGIApplication": "gunicorn",
}
SELF_SERVING = frozenset(
    {"HTTPServer", "ThreadingHTTPServer", "make_server", "run_simple", "TCPServer", "ThreadingTCPServer"}
)
WORKER_CALLS = frozenset(
    {"run_forever", "run_polling", "start_polling", "infinity_polling", "start_consuming", "run_pending", "idle"}
    | {"poll_forever", "run_until_disconnected", "start_webhook", "worker_main"}
)
ASYNC_FRAMEWORKS = frozenset({"sanic", "aiohttp", "quart", "robyn", "blacksheep", "socketify", "litestar", "japronto"})
DEVELOPMENT_FRAMEWORKS = frozenset(
    {"flask", "quart", "bottle", "dash", "connexion", "flask_socketio", "flask_restx", "flask_restful", "apiflask"}
)
BOT_MODULES = frozenset(
    {"discord", "telegram", "telebot", "aiogram", "pyrogram", "telethon", "slack_bolt", "disnake", "nextcord"}
)


@dataclass(frozen=True, slots=True)
class Script:
    """`server` is what it runs, None where nothing in it serves or loops; `handles_term`: it handles SIGTERM."""

    server: Server | None
    handles_term: bool = False
    where: Where | None = None


def read(tree: Tree, path: str, around: Surroundings, words: tuple[str, ...] = ()) -> Script | None:
    """None where the file cannot be read as Python. With `words` (sub-commands), only functions that answer to one
    of them count."""
    first = load(tree, path)
    if first is None:
        return None
    handles = any("SIGTERM" in ast.dump(call) for call in calls(first) if _named(call, first).endswith(HANDLERS))
    for module in [first, *imported(tree, first)]:
        roots = module.roots
        for call in calls(module):
            server = None if words and not _answers(call, module, words) else _server(call, module, roots, around)
            if server is not None and (module is first or server.name != "python-script" or not server.web):
                return Script(server, handles, Where(module.path, call.lineno))
    return Script(None, handles, Where(path))


def _answers(call: ast.Call, module: Module, words: tuple[str, ...]) -> bool:
    inside = [names for first, last, names in module.commands if first <= call.lineno <= last]
    return any(names.issuperset(words[:2]) for names in inside)


HANDLERS = ("signal.signal", "add_signal_handler")


def _named(call: ast.Call, module: Module) -> str:
    """The dotted name that is called, imports resolved at its first part; "" for anything computed."""
    parts: list[str] = []
    node: ast.expr = call.func
    while isinstance(node, ast.Attribute) and len(parts) < 6:
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return "." + ".".join(parts) if parts else ""
    return ".".join([module.names.get(node.id, node.id).lstrip("."), *parts])


def _server(call: ast.Call, module: Module, roots: frozenset[str], around: Surroundings) -> Server | None:
    name = _named(call, module)
    last = name.rpartition(".")[2]
    for known, server in PRODUCTION_CALLS.items():
        if server and (name == known or name.endswith("." + known)):
            return _production(server, call, module, around)
    if last == "serve" and name.startswith(("waitress", "hypercorn")):
        return _production(name.partition(".")[0], call, module, around)
    if last in SELF_SERVING:
        return _own_server(call, module, around)
    if last in ("run", "run_server", "launch", "run_app", "listen"):
        return _run_method(call, name, module, roots, around)
    if last in WORKER_CALLS or (name in ("time.sleep", "asyncio.sleep") and _in_endless_loop(call, module)):
        return Server("python-script", "worker", False, single=True)
    return None


def _keyword(call: ast.Call, name: str, around: Surroundings) -> str:
    node = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
    return "" if node is None else render(node, around.env, {})


def _production(server: str, call: ast.Call, module: Module, around: Surroundings) -> Server:
    """A production server started from code. uvicorn without `workers` is one process."""
    reload = _keyword(call, "reload", around)
    on = reload not in OFF
    workers = _keyword(call, "workers", around)
    workers = "" if workers in OFF else workers
    return Server(
        server,
        "production",
        True,
        reload=f"reload={reload}" if on else "",
        reload_where=Where(module.path, call.lineno) if on else None,
        workers=workers,
        workers_source=module.path if workers else "",
        single=not workers,
        recycling=f"limit_max_requests={limit}" if (limit := _keyword(call, "limit_max_requests", around)) else "",
        application=render(call.args[0], around.env, {}) if call.args else "",
        access_log="off" if _keyword(call, "access_log", around) == "False" else "default",
        access_log_default_on=server == "uvicorn",
    )


def _own_server(call: ast.Call, module: Module, around: Surroundings) -> Server:
    debug = next((key for key in ("debug", "use_reloader", "use_debugger", "reloader") if _on(call, key, around)), "")
    return Server(
        "python-script",
        "development",
        True,
        reload=f"{debug}={_keyword(call, debug, around)}" if debug else "",
        reload_where=Where(module.path, call.lineno) if debug else None,
        single=True,
        access_log_default_on=True,
    )


def _on(call: ast.Call, key: str, around: Surroundings) -> bool:
    return _keyword(call, key, around) not in OFF


def _run_method(
    call: ast.Call, name: str, module: Module, roots: frozenset[str], around: Surroundings
) -> Server | None:
    """`app.run()` by what the file imports: a development server, a server of its own, a bot."""
    owner, _, last = name.rpartition(".")
    origin = owner.partition(".")[0].lower()
    if origin in ("asyncio", "subprocess", "anyio", "trio", "typer", "mp", "loop") or (not owner and last != "run"):
        return None
    if BOT_MODULES & roots and last == "run":
        return Server("python-script", "worker", False, single=True)
    if last == "listen":
        return Server("other", "production", True, single=True) if "tornado" in roots else None
    if last == "launch":
        return Server("other", "other", True, single=True, application="gradio") if "gradio" in roots else None
    if (ASYNC_FRAMEWORKS - {"quart"}) & roots:
        return _production("other", call, module, around)
    applications = ("app", "application", "server", "api", "socketio", "create_app", "connexion_app", "flask_app")
    if DEVELOPMENT_FRAMEWORKS & roots and (owner or "bottle" in roots):
        return _own_server(call, module, around)
    return _own_server(call, module, around) if owner.rpartition(".")[2] in applications else None


def _in_endless_loop(call: ast.Call, module: Module) -> bool:
    return any(first <= call.lineno <= last for first, last in module.endless)
