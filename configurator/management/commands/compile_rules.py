"""Compile the search for what can still be chosen; docs/performance.md says what that gives."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from configurator.compiled_rules import MODULES, PACKAGE, SOURCES, fingerprint, home_in

SETUP: Final = """
import sys
from mypyc.build import mypycify
from setuptools import setup

setup(name="rules", packages=[], ext_modules=mypycify(sys.argv[1:]), script_args=["-q", "build_ext", "-b", "out"])
"""
LAST_WORDS: Final = 1_000


class Command(BaseCommand):
    help = "Compile the search for what can still be chosen, unless these very sources are compiled already."
    # One of them asks for what this is about to do.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--into", help="the folder; COMPILED_RULES unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["into"] or settings.COMPILED_RULES
        if not folder:
            raise CommandError("Set COMPILED_RULES to the folder that is to hold what is compiled.")
        home = home_in(Path(folder))
        if home.is_dir():
            self.stdout.write("The rules are compiled already.")
        else:
            _compile(home)
            self.stdout.write("The rules are compiled.")


def _compile(home: Path) -> None:
    """From a copy, so that what is compiled is what the fingerprint is of, and it appears as a whole."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="compiling-") as bench:
        copy = Path(bench, *PACKAGE.split("."))
        shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy.parent / "__init__.py").touch()
        if fingerprint(copy) != home.name:
            raise CommandError("The sources were changed just now; compile them again.")
        _run_compiler(Path(bench))
        try:
            Path(bench, "out").rename(home)
        except OSError:
            # Somebody else compiled the same sources meanwhile.
            if not home.is_dir():
                raise


def _run_compiler(bench: Path) -> None:
    files = [str(Path(*PACKAGE.split("."), f"{module}.py")) for module in MODULES]
    # Nobody's settings: those of the house ask Django.
    words = ["--config-file=", *files]
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", SETUP, *words],
        cwd=bench,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(
            "The rules cannot be compiled here, and run as they are written. It takes the packages of "
            "requirements-dev.txt, a C compiler and Python's headers (on Debian: gcc, python3-dev).\n"
            + done.stdout[-LAST_WORDS:]
        )
