"""`python -m sandbox --port 8420 --state DIR --webhook-url URL --webhook-secret SECRET`"""

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from sandbox.server import PortTaken, Sandbox, Settings
from sandbox.state import StateFolderInUse
from sandbox.webhooks import Endpoint


def main(arguments: list[str] | None = None) -> None:
    settings = _settings(_parser(), arguments)
    try:
        sandbox = Sandbox(settings)
    except (PortTaken, StateFolderInUse) as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The state folder {settings.state_folder} cannot be used: {error.strerror}.")
    _stop_on_signals(sandbox)
    print(f"Payment sandbox on {sandbox.address} (not Stripe, no money moves)", flush=True)
    sandbox.serve()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A stand-in for Stripe on loopback."
    )
    parser.add_argument("--port", type=int, default=8420)
    parser.add_argument("--state", type=Path, required=True, help="the folder that outlives a restart")
    parser.add_argument("--webhook-url", help="where the shop takes events; none are sent without")
    parser.add_argument("--webhook-secret", help="signs the events, for example whsec_sandbox")
    return parser


def _settings(parser: argparse.ArgumentParser, arguments: list[str] | None) -> Settings:
    given = parser.parse_args(arguments)
    if bool(given.webhook_url) != bool(given.webhook_secret):
        parser.error("--webhook-url and --webhook-secret go together.")
    endpoint = None
    if given.webhook_url:
        if urlsplit(given.webhook_url).scheme not in {"http", "https"}:
            parser.error("--webhook-url starts with http:// or https://.")
        endpoint = Endpoint(given.webhook_url, given.webhook_secret)
    return Settings(given.state, port=given.port, endpoint=endpoint)


def _stop_on_signals(sandbox: Sandbox) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        # The signal interrupts the very loop that `stop` waits for, so another thread stops it.
        threading.Thread(target=sandbox.stop).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


if __name__ == "__main__":
    main()
