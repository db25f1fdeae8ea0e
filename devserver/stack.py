"""The shop's processes on loopback: broker, Stripe sandbox, web server, worker with beat."""

import http.client
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from devserver.children import Child
from devserver.installation import PYTHON, ROOT
from devserver.steps import report

LOOPBACK = "127.0.0.1"
WEBHOOK_SECRET = "whsec_sandbox"  # noqa: S105  # between two programs of one developer
# A Unix socket's address has 108 bytes at most.
LONGEST_SOCKET = 100


class Stack:
    """Everything the shop keeps lies in `var`; the web server listens on `port`, the sandbox on the next one."""

    def __init__(
        self, var: Path, *, port: int, env: Mapping[str, str] | None = None, reload: bool = False
    ) -> None:
        self.var = var
        self.port = port
        self.sandbox_port = port + 1
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.sandbox_url = f"http://{LOOPBACK}:{self.sandbox_port}"
        self.socket = socket_in(var)
        self.env = self._environment() | dict(env or {})
        self.broker = broker(var, self.socket, env=self.env)
        self.sandbox = self._sandbox()
        self.web = self._web(reload=reload)
        beat = ("--beat", "--schedule", str(var / "beat"))
        self.worker = worker(var, env=self.env, name="Worker and beat", options=("--concurrency", "2", *beat))

    @property
    def children(self) -> list[Child]:
        """In the order of starting; stopping goes the other way."""
        return [self.broker, self.sandbox, self.web, self.worker]

    def start_broker(self) -> None:
        self.broker.start()
        self.broker.wait_until_ready()

    def start(self) -> None:
        began = monotonic()
        for child in self.children:
            child.start()
        for child in self.children:
            child.wait_until_ready()
            report(child.name, monotonic() - began)

    def stop(self) -> None:
        """The broker goes last, so that the others can say goodbye to it."""
        for child in self.children[1:]:
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop()

    def _sandbox(self) -> Child:
        return self._child(
            "Stripe sandbox",
            *("-m", "sandbox", "--port", str(self.sandbox_port), "--state", str(self.var / "sandbox")),
            *("--webhook-url", f"{self.url}/stripe/webhook/", "--webhook-secret", WEBHOOK_SECRET),
            is_ready=lambda: _listens(socket.AF_INET, (LOOPBACK, self.sandbox_port)),
        )

    def _web(self, *, reload: bool) -> Child:
        reloading = ["--reload", "--reload-ignore-dirs", "var", "--reload-ignore-worker-failure"]
        return self._child(
            "Web server",
            *("-m", "granian", "--interface", "wsgi", "--host", LOOPBACK, "--port", str(self.port)),
            *("--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "2"),
            *(reloading if reload else []),
            "config.wsgi:application",
            is_ready=lambda: _answers(self.port, "/health/"),
        )

    def _child(self, name: str, *arguments: str, is_ready: Callable[[], bool]) -> Child:
        return _child(name, *arguments, var=self.var, env=self.env, is_ready=is_ready)

    def _environment(self) -> dict[str, str]:
        """What production would set, for this machine; a variable that is already set is obeyed."""
        return {
            "SECRET_KEY": kept_secret(self.var / "secret_key"),
            "SHOP_URL": self.url,
            "REDIS_URL": f"unix://{self.socket}",
            "STRIPE_API_BASE": self.sandbox_url,
            "STRIPE_SECRET_KEY": "sk_test_sandbox",
            "STRIPE_WEBHOOK_SECRETS": WEBHOOK_SECRET,
            **os.environ,
            "COUVERTURE_MODE": "development",
            "COUVERTURE_VAR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
        }


def broker(var: Path, address: Path, *, env: Mapping[str, str]) -> Child:
    """Valkey on the Unix socket `address`, keeping its messages in `var`."""
    return _child(
        "Broker",
        *("-m", "devserver.broker", str(address), str(var / "broker")),
        var=var,
        env=env,
        is_ready=lambda: _listens(socket.AF_UNIX, str(address)),
    )


def worker(var: Path, *, env: Mapping[str, str], name: str = "Worker", options: Sequence[str] = ()) -> Child:
    """One that serves every queue, unless its options say otherwise."""
    return _child(
        name,
        *("-m", "celery", "-A", "config", "worker", "--without-gossip", "--without-mingle"),
        *("--hostname", f"{name.lower().replace(' ', '-')}@%h", "--loglevel", "INFO", *options),
        var=var,
        env=env,
        is_ready=lambda: b" ready." in _log(var, name).read_bytes(),
    )


def socket_in(var: Path) -> Path:
    inside = var / "broker.sock"
    if len(str(inside)) <= LONGEST_SOCKET:
        return inside
    return Path(tempfile.mkdtemp(prefix="couverture-")) / "broker.sock"


def kept_secret(file: Path) -> str:
    """The secret in this file, readable by its owner only; made on the first call."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _child(
    name: str, *arguments: str, var: Path, env: Mapping[str, str], is_ready: Callable[[], bool]
) -> Child:
    command = [str(PYTHON), *arguments]
    return Child(name, command, env=env, cwd=ROOT, log=_log(var, name), is_ready=is_ready)


def _log(var: Path, name: str) -> Path:
    return var / "log" / f"{name.lower().replace(' ', '-')}.log"


def _listens(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
