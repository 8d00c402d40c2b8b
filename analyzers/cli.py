"""The `audit` command. Exit status: 0, 1 below --fail-under, 2 for input that cannot be audited."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from analyzers.audit import run_audit
from analyzers.lazy import lazy, pathlib, tempfile
from analyzers.report import Report
from analyzers.source import Source, SourceError, from_path
from analyzers.targets import choose_target, find_targets

if TYPE_CHECKING:
    from analyzers import intake
    from analyzers.render import markdown, terminal
else:
    intake = lazy("analyzers.intake")
    markdown = lazy("analyzers.render.markdown")
    terminal = lazy("analyzers.render.terminal")

HELP_WIDTH = 100
APPLICATION_TYPES = ("microservice", "web_application", "data_processing")


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        with _source(options) as source:
            report = _audit(source, options)
            sys.stdout.write(_render(report, options.format))
    except SourceError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    value = report.score.value
    return 1 if options.fail_under is not None and (value is None or value < options.fail_under) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="audit",
        description="Audit how a repository builds and runs its image.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=HELP_WIDTH),
    )
    parser.add_argument("source", metavar="PATH|GIT_URL", help="a folder, or an https link to a git repository")
    parser.add_argument(
        "--dockerfile", metavar="F", help="Dockerfile, relative to the source (default: the best found)"
    )
    parser.add_argument("--context", metavar="D", help="build context, relative to the source")
    parser.add_argument("--target", metavar="STAGE", help="stage to build")
    parser.add_argument("--build-arg", metavar="K=V", action="append", default=[], type=_build_arg)
    parser.add_argument("--ref", help="branch, tag or commit of a git link")
    parser.add_argument("--subfolder", default="", help="folder of a git link to treat as the repository")
    parser.add_argument("--type", choices=APPLICATION_TYPES, default="web_application", help="decides the size targets")
    parser.add_argument("--format", choices=("terminal", "json", "markdown"), default="terminal")
    parser.add_argument("--fail-under", type=float, metavar="N", help="exit 1 when the score is below N (or undecided)")
    return parser


def _build_arg(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not K=V")
    return name, value


@contextlib.contextmanager
def _source(options: argparse.Namespace) -> Iterator[Source]:
    if "://" not in options.source and not options.source.startswith("git@"):
        yield from_path(options.source)
        return
    with tempfile.TemporaryDirectory(prefix="trimtab-") as folder:
        yield intake.fetch_git(
            options.source, ref=options.ref or "", subfolder=options.subfolder, into=pathlib.Path(folder)
        )


def _audit(source: Source, options: argparse.Namespace) -> Report:
    target = choose_target(
        source,
        dockerfile=options.dockerfile,
        context=options.context,
        stage=options.target,
        build_args=dict(options.build_arg),
    )
    return run_audit(
        source,
        target,
        today=datetime.datetime.now(datetime.UTC).date(),
        targets=find_targets(source),
        application_type=options.type,
    )


def _render(report: Report, form: str) -> str:
    if form == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
    if form == "markdown":
        return markdown.render(report)
    return terminal.render(report, colour=sys.stdout.isatty())
