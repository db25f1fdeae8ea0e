"""The HTTP server on loopback, and the sandbox put together."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from sandbox import api, checkout, controls, home, page
from sandbox.exchange import Answer, ConnectionCut, Request, json_answer
from sandbox.faults import Faults
from sandbox.processor import Processor
from sandbox.state import State
from sandbox.webhooks import Courier, Endpoint

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = frozenset({LOOPBACK, "localhost"})
LARGEST_BODY = 1_000_000
RETRY_AFTER = (0.5, 2.0, 5.0, 15.0, 60.0)
CLOCK_LOOKS_EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class Settings:
    state_folder: Path
    port: int = 0
    endpoint: Endpoint | None = None
    retry_after: tuple[float, ...] = RETRY_AFTER


class PortTaken(Exception):
    """Somebody else listens on the port."""


class Sandbox:
    def __init__(self, settings: Settings) -> None:
        self._server = _bind(settings.port)
        self._stopped = threading.Event()
        try:
            self._state = State(settings.state_folder)
        except Exception:
            self._server.server_close()
            raise
        self._courier = Courier(self._state, settings.endpoint, retry_after=settings.retry_after)
        address = f"http://{LOOPBACK}:{self._server.server_port}"
        self.processor = Processor(self._state, Faults(), self._courier, address)
        self._server.processor = self.processor

    @property
    def address(self) -> str:
        return self.processor.address

    def serve(self) -> None:
        """Until `stop`, which another thread or a signal calls."""
        self._courier.start()
        threading.Thread(target=self._watch_the_clock, name="clock", daemon=True).start()
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        self._stopped.set()
        self._courier.stop()
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        self._server.server_close()
        self._state.close()

    def _watch_the_clock(self) -> None:
        while not self._stopped.wait(CLOCK_LOOKS_EVERY_SECONDS):
            with self._state.transaction():
                checkout.expire_overdue(self.processor)


@contextmanager
def running(settings: Settings) -> Iterator[Sandbox]:
    """A sandbox in this process, for tests."""
    sandbox = Sandbox(settings)
    threading.Thread(target=sandbox.serve, name="sandbox", daemon=True).start()
    try:
        yield sandbox
    finally:
        sandbox.stop()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    processor: Processor


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PaymentSandbox"
    sys_version = ""
    # Headers and body in one packet: without it each answer waits for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, *args: object) -> None:
        """Silent: the addresses of payment pages are secrets of their sessions."""

    def _serve(self) -> None:
        try:
            self._send(self._answer())
        except ConnectionCut:
            self._hang_up()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception:
            logging.getLogger(__name__).exception("The sandbox could not answer %s", self.command)
            self._send(_refusal(500, "The sandbox itself has failed: its terminal says why."))

    def _answer(self) -> Answer:
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in LOOPBACK_NAMES:
            return _refusal(403, "The sandbox answers on loopback only.")
        request = self._read()
        if request is None:
            self.close_connection = True
            return _refusal(413, f"The body is larger than {LARGEST_BODY} bytes.")
        return _answer(self.server.processor, request)

    def _read(self) -> Request | None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return None
        body = self.rfile.read(int(length)).decode("utf-8", errors="replace")
        address = urlsplit(self.path)
        return Request(self.command, address.path, address.query, body, self.headers)

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.http)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _bind(port: int) -> Server:
    try:
        return Server((LOOPBACK, port), Handler)
    except OSError as error:
        raise PortTaken(
            f"Port {port} on {LOOPBACK} is already in use: stop what listens there, or choose "
            "another with --port."
        ) from error


def _answer(processor: Processor, request: Request) -> Answer:
    for prefix, door in DOORS.items():
        if request.path.startswith(prefix):
            return door(processor, request)
    if request.path == "/":
        return home.answer(processor)
    if request.path == "/favicon.ico":
        return Answer(204)
    return _refusal(404, f"There is nothing here. The doors are / and {', '.join(DOORS)}.")


DOORS = {"/v1/": api.answer, "/c/": page.answer, "/_sandbox/": controls.answer}


def _refusal(http: int, words: str) -> Answer:
    return json_answer(http, {"error": {"type": "invalid_request_error", "message": words}})
