"""Files that serve themselves when they are run: which server they start."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers.artifacts.code import Call
from analyzers.code.module import Module

# What is called, by the end of its full name; the label is what `Call.detail` says.
STARTERS: tuple[tuple[str, str], ...] = (
    ("uvicorn.run", "uvicorn.run"),
    ("uvicorn.Server().run", "uvicorn.run"),
    ("uvicorn.Server().serve", "uvicorn.run"),
    ("hypercorn.asyncio.serve", "hypercorn"),
    ("granian.Granian().serve", "granian"),
    ("granian.server.Granian().serve", "granian"),
    ("waitress.serve", "waitress.serve"),
    ("gevent.pywsgi.WSGIServer", "gevent"),
    ("eventlet.wsgi.server", "eventlet"),
    ("bjoern.run", "bjoern"),
    ("meinheld.server.run", "meinheld"),
    ("cheroot.wsgi.Server", "cheroot"),
    ("cherrypy.quickstart", "cherrypy"),
    ("cherrypy.engine.start", "cherrypy"),
    ("aiohttp.web.run_app", "aiohttp"),
    ("aiohttp.web.TCPSite", "aiohttp"),
    ("gunicorn.app.base.BaseApplication().run", "gunicorn"),
    ("wsgiref.simple_server.make_server", "wsgiref"),
    ("http.server.HTTPServer", "http.server"),
    ("http.server.ThreadingHTTPServer", "http.server"),
    ("socketserver.TCPServer", "http.server"),
    ("werkzeug.serving.run_simple", "werkzeug"),
    ("flask_socketio.SocketIO().run", "socketio.run"),
    ("tornado.web.Application().listen", "tornado"),
    ("tornado.httpserver.HTTPServer().listen", "tornado"),
    ("tornado.httpserver.HTTPServer().bind", "tornado"),
    ("sanic.Sanic().run", "sanic"),
    ("bottle.run", "bottle.run"),
    ("bottle.Bottle().run", "bottle.run"),
    ("flask.Flask().run", "app.run"),
    ("quart.Quart().run", "app.run"),
    ("dash.Dash().run", "app.run"),
    ("dash.Dash().run_server", "app.run"),
    ("connexion.App().run", "app.run"),
    ("connexion.FlaskApp().run", "app.run"),
    ("nicegui.ui.run", "nicegui"),
)
APPLICATION_NAMES = frozenset(
    {"app", "application", "server", "flask_app", "web_app", "api", "create_app()", "make_app()"}
)


def read(module: Module) -> Iterator[Call]:
    for call in module.calls:
        label = _label(module, call)
        if label:
            yield Call("serves_itself", label, module.where(call))


def _label(module: Module, call: ast.Call) -> str:
    callee = module.resolve(call.func)
    for name, label in STARTERS:
        if callee == name:
            return label
    owner, _, method = callee.rpartition(".")
    # An application made elsewhere: `from app import app` … `app.run()`, `create_app().run()`.
    if method == "run" and owner.rpartition(".")[2] in APPLICATION_NAMES:
        return "app.run"
    if method == "listen" and "tornado" in {name.split(".")[0] for name in module.imported}:
        return "tornado"
    if method == "run" and any(name.startswith("gunicorn.app") for name in module.imported):
        return "gunicorn"
    return "http.server" if method == "serve_forever" and "grpc" not in callee else ""
