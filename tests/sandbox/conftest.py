"""The sandbox, a shop that listens to it, and the real SDK between them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import stripe

from sandbox.server import Sandbox, Settings, running
from sandbox.webhooks import Endpoint
from tests.sandbox.till import SECRET, Shop, Till


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(shop.take(body, self.headers["Stripe-Signature"]))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    shop.url = f"http://127.0.0.1:{server.server_port}/stripe/webhook/"
    threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True).start()
    yield shop
    server.shutdown()
    server.server_close()


@pytest.fixture
def sandbox(shop: Shop, tmp_path: Path) -> Iterator[Sandbox]:
    endpoint = Endpoint(shop.url, SECRET)
    with running(Settings(tmp_path, endpoint=endpoint, retry_after=(0.05, 0.1))) as sandbox:
        yield sandbox


@pytest.fixture
def till(sandbox: Sandbox) -> Iterator[Till]:
    http = stripe.RequestsClient(timeout=30)
    yield Till(sandbox.address, http)
    http.close()
