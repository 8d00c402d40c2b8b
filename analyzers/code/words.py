"""A cheap test for files worth parsing: most files of a large project say nothing about these topics."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator

from analyzers import regexes as re

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


BATCH_BYTES = 4 * 1024 * 1024
BETWEEN = b"\n\0\n"


def interesting(files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Paths of the files that hold some of the words, in order.

    Files are searched joined, in batches: one search per word and batch, not per word and file.
    """
    found: list[str] = []
    batch: list[tuple[str, bytes]] = []
    size_bytes = 0
    for path, data in files:
        batch.append((path, data))
        size_bytes += len(data)
        if size_bytes >= BATCH_BYTES:
            found += _in_batch(batch)
            batch, size_bytes = [], 0
    return found + _in_batch(batch)


def _in_batch(batch: list[tuple[str, bytes]]) -> list[str]:
    joined = BETWEEN.join(data for _, data in batch)
    ends = list(itertools.accumulate(len(data) + len(BETWEEN) for _, data in batch))
    hits = {index for word in WORDS for index in _holding(joined, ends, word)}
    hits |= {index for index, (_, data) in enumerate(batch) if index not in hits and DECORATED.search(data)}
    return [batch[index][0] for index in sorted(hits)]


def _holding(joined: bytes, ends: list[int], word: bytes) -> Iterator[int]:
    """Indexes of the files that hold a word; after a hit the search goes on in the next file."""
    position = joined.find(word)
    while position >= 0:
        index = bisect.bisect_right(ends, position)
        yield index
        position = joined.find(word, ends[index])
