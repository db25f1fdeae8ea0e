"""Processes that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from devserver.refusal import CannotStart

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05
READY_SECONDS = 60

_libc = ctypes.CDLL(None)


class Child:
    """One process and its descendants, writing to its own log."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path,
        is_ready: Callable[[], bool],
    ) -> None:
        self.name = name
        self.command = list(command)
        self.env = dict(env)
        self.cwd = cwd
        self.log = log
        self._is_ready = is_ready
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Unless it runs already."""
        if self._process and self._process.poll() is None:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            # Its own session: Ctrl-C reaches the supervisor only, which then stops its children in order.
            self._process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # no threads run before the fork
            )

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def exit_code(self) -> int | None:
        return self._running().poll()

    def wait_until_ready(self, *, seconds: float = READY_SECONDS) -> None:
        """Refuse, with the log's last lines, if the process ends or takes too long."""
        until = monotonic() + seconds
        while not self._is_ready():
            if self.exit_code is not None:
                raise CannotStart(self.obituary())
            if monotonic() > until:
                raise CannotStart(f"{self.name} is not ready after {seconds:.0f} s.\n{self._last_lines()}")
            sleep(POLL_SECONDS)

    def obituary(self) -> str:
        return f"{self.name} stopped by itself ({_reason(self.exit_code)}).\n{self._last_lines()}"

    def ask_to_stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self, *, seconds: float = 2.5) -> None:
        """Ask, wait, then insist; also for whatever it has started."""
        if self._process is None:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """SIGKILL for the process and everything it has started."""
        process = self._running()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, f"{self.name} was not started"
        return self._process

    def _last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-count:]
        return "\n".join([f"The last lines of {self.log}:", *(f"  {line}" for line in lines)])


def _die_with_parent() -> None:
    """Linux ends this process when its parent ends, however that happens."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _reason(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"
