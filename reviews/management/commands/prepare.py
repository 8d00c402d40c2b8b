from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from reviews.models import Audit, Discovery
from reviews.services import jobs
from reviews.services.accounts import make_setup_token


class Command(BaseCommand):
    help = "Bring the database up to date. Prints the path of the one-time link that creates the first account, if any."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--alone", action="store_true", help="no worker runs: take up at once what the last ones held"
        )

    def handle(self, *args: Any, alone: bool, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        if alone:
            for model in (Audit, Discovery):
                jobs.end_leases(model)
        token = make_setup_token()
        if token is not None:
            self.stdout.write(f"/setup/{token}/")
