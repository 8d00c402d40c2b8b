"""A cheap test for files worth parsing: most files of a large project say nothing about these topics."""

from __future__ import annotations

import re

LISTED = b"""
    prometheus statsd datadog ddtrace opentelemetry sentry_sdk newrelic elasticapm psutil aioprometheus logfire
    cProfile pyinstrument yappi scalene pyroscope silk memray tracemalloc memory_profiler viztracer
    line_profiler googlecloudprofiler ProfilerMiddleware pympler guppy objgraph

    SIGTERM serve_forever run_app( waitress HTTPServer WSGIServer make_server uvicorn.run hypercorn granian
    cherrypy .listen( subprocess os.system .run(

    DEBUG debug= BaseSettings INSTALLED_APPS ROOT_URLCONF MIDDLEWARE REST_FRAMEWORK DJANGO_SETTINGS_MODULE
    bool(os bool(getenv bool(environ

    LOGGING dictConfig basicConfig fileConfig StreamHandler addHandler structlog loguru accesslog errorlog
    logconfig RichHandler

    urlpatterns APIRouter include_router Blueprint register_blueprint add_url_rule add_api_route add_route
    add_get add_resource add_router FastAPI Flask( Quart( Sanic( Starlette( Litestar( Bottle( Route( web.get(
    Application( self.path request.path HealthCheck url_path
"""
WORDS: tuple[bytes, ...] = tuple(LISTED.split())
DECORATED = re.compile(rb"@(?:\w+\.){0,3}(?:route|get|post|api_route|websocket|health|custom_route)\(")


def is_interesting(data: bytes) -> bool:
    return any(word in data for word in WORDS) or DECORATED.search(data) is not None
