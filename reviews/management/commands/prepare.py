from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from reviews.services.accounts import make_setup_token


class Command(BaseCommand):
    help = "Bring the database up to date. Prints the path of the one-time link that creates the first account, if any."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        token = make_setup_token()
        if token is not None:
            self.stdout.write(f"/setup/{token}/")
