"""Every check that runs no test, as a readable list of named steps with their times."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from time import monotonic

from devserver.installation import ENVIRONMENT, ROOT

BIN = ENVIRONMENT / "bin"
SCRIPTS = ROOT / "static" / "js"
TYPESCRIPT = ROOT / "node_modules" / ".bin" / "tsc"

# Nothing listens there: `check` connects to nothing, it only reads the settings.
PRODUCTION = {
    "COUVERTURE_MODE": "production",
    "SECRET_KEY": "only-long-enough-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "SHOP_URL": "https://shop.example",
    "DATABASE_URL": "postgresql://shop:shop@database.example/shop",
    "REDIS_URL": "redis://broker.example:6379/0",
    "SMTP_HOST": "mail.example",
    "STRIPE_SECRET_KEY": "sk_live_only_for_the_check",
    "STRIPE_WEBHOOK_SECRETS": "whsec_only_for_the_check",
}


def main() -> int:
    broken = [name for name, command, env in _checks() if not _passes(name, command, env)]
    print(f"\nNot in order: {', '.join(broken)}" if broken else "\nAll in order.")
    return 1 if broken else 0


def _checks() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    python, manage = str(BIN / "python"), [str(BIN / "python"), "manage.py"]
    development = {"COUVERTURE_MODE": "development"}
    yield "Style", [str(BIN / "ruff"), "check"], {}
    yield "Format", [str(BIN / "ruff"), "format", "--check", "--quiet"], {}
    yield "Types", [python, "-m", "mypy", "."], development
    yield "Import direction", [str(BIN / "lint-imports"), "--no-cache", "--no-logo"], development
    yield "German", [python, "-m", "devserver.sentences"], {}
    yield "Templates", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}
    yield "Migrations", [*manage, "makemigrations", "--check", "--dry-run"], development
    yield "Production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION
    with tempfile.TemporaryDirectory() as folder:
        # The packages' own files are theirs to keep whole, and many.
        others = ["--ignore", "admin", "--ignore", "rest_framework", "--ignore", "drf_spectacular_sidecar"]
        collect = [*manage, "collectstatic", "--noinput", *others]
        yield "Static files", collect, PRODUCTION | {"STATIC_ROOT": folder}
    if any(SCRIPTS.rglob("*.js")):
        if not TYPESCRIPT.exists():
            yield "TypeScript", ["npm", "ci", "--silent", "--no-audit", "--no-fund"], {}
        yield "Scripts", [str(TYPESCRIPT), "--project", "."], {}
        yield "Workers", [str(TYPESCRIPT), "--project", "tsconfig.workers.json"], {}


def _passes(name: str, command: list[str], env: dict[str, str]) -> bool:
    began = monotonic()
    if shutil.which(command[0]) is None:
        outcome, said = False, f"{command[0]} is missing; install it first."
    else:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        outcome, said = done.returncode == 0, done.stdout.strip()
    print(f"  {'✓' if outcome else '✗'} {name:<20} {monotonic() - began:6.1f} s", flush=True)
    if not outcome:
        print(said, flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
