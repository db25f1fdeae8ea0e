"""The whole suite: SQLite, then PostgreSQL, then the scripts; arguments go to pytest.

bin/test                         everything
bin/test tests/orders -k cart    some of it
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from devserver.installation import PYTHON, ROOT
from devserver.refusal import CannotStart
from devserver.translations import compile_translations
from tests.postgres import running_postgres

NOTHING_COLLECTED = 5
# On a busy machine a page may come later than a browser waits; more at once is no chance.
MOST_BY_CHANCE = 3
ON_SQLITE = "not postgres"
ON_POSTGRESQL = "postgres or both_databases"
CHROMIUM = ("chromium", "chromium-browser")
SETTINGS = {"REDIS_URL", "COUVERTURE_MODE", "PYTHONDONTWRITEBYTECODE"}
SCRIPT_TESTS = ROOT / "tests" / "js"


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed)

    def with_second_try(self, second: "Tally") -> "Tally":
        return Tally(self.passed + second.passed, self.failed - second.passed)


def main(arguments: list[str]) -> int:
    compile_translations(ROOT / "locale")
    _find_or_install_chromium()
    tally = _on_sqlite(arguments) + _on_postgresql(arguments)
    if not arguments:
        tally += _scripts()
    print(f"\n{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


def _on_sqlite(arguments: list[str]) -> Tally:
    print("\n── On SQLite", flush=True)
    return _pytest(ON_SQLITE, arguments, DATABASE_URL="")


def _on_postgresql(arguments: list[str]) -> Tally:
    print("\n── On PostgreSQL", flush=True)
    try:
        with _postgresql() as url:
            return _pytest(ON_POSTGRESQL, arguments, DATABASE_URL=url)
    except (CannotStart, OSError, subprocess.CalledProcessError) as error:
        print(f"PostgreSQL cannot be started here: {error}\nSet DATABASE_URL to a server to test with.")
        return Tally(failed=1)


@contextmanager
def _postgresql() -> Iterator[str]:
    """The server that DATABASE_URL names, else one of our own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
    else:
        with running_postgres() as url:
            yield url


def _pytest(marked: str, arguments: list[str], **env: str) -> Tally:
    tally, failed = _run(marked, [*_at_once(arguments), *arguments], env)
    if arguments or not 0 < len(failed) <= MOST_BY_CHANCE:
        return tally
    print("\n── Those of the browser among the failed once more, alone", flush=True)
    second, _failed = _run(f"({marked}) and browser", failed, env)
    if second.passed:
        print(f"{second.passed} passed only alone: look above what stood in the way.")
    return tally.with_second_try(second)


def _run(marked: str, arguments: list[str], env: Mapping[str, str]) -> tuple[Tally, list[str]]:
    """What came of it, and which tests failed."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        command = [str(PYTHON), "-m", "pytest", f"--junit-xml={results}", *_also_marked(marked, arguments)]
        done = subprocess.run(command, cwd=ROOT, env={**_clean_environment(), **env}, check=False)
        if done.returncode == NOTHING_COLLECTED:
            return Tally(), []
        tally, failed = _tally(results), _failed(results)
    # A run that broke off has failed, whatever its tests say.
    return (tally if tally.failed or not done.returncode else tally + Tally(failed=1)), failed


def _at_once(arguments: list[str]) -> list[str]:
    """The whole suite on two cores, of which a third worker uses what two leave idle while they wait for
    processes and browsers; what somebody picks runs in its order, and may be debugged."""
    return [] if arguments else ["-n", "3", "--dist", "loadfile"]


def _also_marked(marked: str, arguments: list[str]) -> list[str]:
    """A caller's own -m narrows ours; pytest by itself would forget the first."""
    if "-m" not in arguments:
        return ["-m", marked, *arguments]
    place = arguments.index("-m") + 1
    return [*arguments[:place], f"({marked}) and ({arguments[place]})", *arguments[place + 1 :]]


def _clean_environment() -> dict[str, str]:
    """A developer's own settings must not decide what the tests see, nor have each of the hundreds of
    processes that they start and kill compile the whole shop anew."""
    return {name: word for name, word in os.environ.items() if name not in SETTINGS}


def _tally(results: Path) -> Tally:
    if not results.exists():
        return Tally()
    suite = next(ET.parse(results).iter("testsuite"))
    counts: Mapping[str, str] = suite.attrib
    failed = int(counts["failures"]) + int(counts["errors"]) + int(counts["skipped"])
    return Tally(passed=int(counts["tests"]) - failed, failed=failed)


def _failed(results: Path) -> list[str]:
    cases = ET.parse(results).iter("testcase") if results.exists() else []
    return [
        f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]


def _scripts() -> Tally:
    tests = sorted(SCRIPT_TESTS.glob("*.test.*js"))
    if not tests:
        return Tally()
    print("\n── The browser's scripts", flush=True)
    if not shutil.which("node"):
        print("Node.js is missing: apt-get install nodejs.")
        return Tally(failed=len(tests))
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", *map(str, tests)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout)
    tally = Tally(passed=_tap_count(done.stdout, "pass"), failed=_tap_count(done.stdout, "fail"))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return tally


def _tap_count(tap: str, outcome: str) -> int:
    label = f"# {outcome} "
    return sum(int(line.removeprefix(label)) for line in tap.splitlines() if line.startswith(label))


def _find_or_install_chromium() -> None:
    """Debian's where we may install it; else the tests that need it fail and say so."""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, CHROMIUM)):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's Chromium", flush=True)
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", "chromium")
    if not any(map(shutil.which, CHROMIUM)):
        print("The browser tests will fail: install Chromium first (apt-get install chromium).")


def _apt_get(*arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-qq", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
