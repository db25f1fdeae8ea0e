"""The command itself, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stripe

from sandbox.__main__ import main
from tests.ports import two_free_ports
from tests.sandbox.till import ORDER, SECRET, Shop, Till

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def started(folder: Path, port: int, shop: Shop) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--state", str(folder)]
    endpoint = ["--webhook-url", shop.url, "--webhook-secret", SECRET]
    process = subprocess.Popen([*command, *endpoint], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stdout.readline() == (
            f"Payment sandbox on http://127.0.0.1:{port} (not Stripe, no money moves)\n"
        )
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_kill_forgets_nothing(tmp_path: Path, shop: Shop) -> None:
    port = two_free_ports()
    http = stripe.RequestsClient(timeout=30)
    till = Till(f"http://127.0.0.1:{port}", http)
    key = stripe.RequestOptions(idempotency_key="checkout-p-1")
    with started(tmp_path, port, shop) as first:
        open_session = till.client.v1.checkout.sessions.create(ORDER, key)  # type: ignore[arg-type]
        paid = till.paid_session()
        till.control("clock", offset=60)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    with (tmp_path / "journal.jsonl").open("a") as journal:
        journal.write('["objects","torn')

    with started(tmp_path, port, shop) as second:
        assert till.session(paid.id).payment_status == "paid"
        assert till.client.v1.checkout.sessions.create(ORDER, key).id == open_session.id  # type: ignore[arg-type]
        assert till.pay(open_session)["outcome"] == "paid"
        assert till.look("")["now"] == pytest.approx(time.time() + 60, abs=30)
        till.quiet()
        assert shop.types().count("checkout.session.completed") >= 2
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=60) == 0
    http.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--webhook-url", "http://127.0.0.1:9/"], "--webhook-url and --webhook-secret go together."),
        (["--webhook-url", "ftp://shop/", "--webhook-secret", "x"], "starts with http:// or https://."),
    ],
)
def test_a_wrong_start_is_one_clear_sentence(
    tmp_path: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--state", str(tmp_path), *arguments])
    assert words in capsys.readouterr().err


def test_a_taken_port_is_one_clear_sentence(till: Till, tmp_path: Path) -> None:
    port = till.address.rpartition(":")[2]
    with pytest.raises(SystemExit) as stopped:
        main(["--state", str(tmp_path / "other"), "--port", port])
    assert stopped.value.code == (
        f"Port {port} on 127.0.0.1 is already in use: stop what listens there, or choose another with --port."
    )


def test_two_sandboxes_do_not_share_a_folder(till: Till, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--state", str(tmp_path), "--port", "0"])
    assert stopped.value.code == f"Another sandbox already keeps its state in {tmp_path}."


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SystemExit) as stopped:
        main(["--state", str(tmp_path / "file" / "state"), "--port", "0"])
    assert stopped.value.code == (f"The state folder {tmp_path}/file/state cannot be used: Not a directory.")
