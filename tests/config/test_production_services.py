"""The services of production, spoken to for real: an object store and a mail server on loopback."""

import email
import email.policy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.conf import settings as project
from django.core.mail import EmailMultiAlternatives
from moto.server import ThreadedMotoServer

from tests.ports import two_free_ports

# What a process of the shop does with files, set up by environment variables alone.
USES_FILES = """
import django, json
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_catalogue", verbosity=0)
from configurator import designs
from configurator.pictures import previews
from configurator.catalogue.families import current_family
from configurator.pictures.picture_addresses import Picture
from configurator.catalogue.starts import start
bar = designs.save(start(current_family("bar-100")))
picture = Picture(bar.digest, width=300, suffix="webp")
made = previews.preview(picture)
name = picture.address.name
first, second = (default_storage.save("tickets/A.pdf", ContentFile(text)) for text in (b"one", b"two"))
print(json.dumps({
    "kind": type(default_storage._wrapped).__name__,
    "kept_whole": previews.found(picture.address) == made,
    "picture": name,
    "first": default_storage.open(first).read().decode(),
    "second_has_its_own_name": first != second,
}))
"""


@pytest.fixture
def object_store() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", two_free_ports(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_pictures_and_papers_live_in_an_object_store(object_store: str, tmp_path: Path) -> None:
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    store = boto3.client("s3", endpoint_url=object_store, region_name="eu-central-1", **keys)
    store.create_bucket(Bucket="bars", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    done = subprocess.run(
        [sys.executable, "-c", USES_FILES],
        cwd=project.BASE_DIR,
        env=os.environ
        | {
            "COUVERTURE_VAR": str(tmp_path),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "S3_BUCKET": "bars",
            "S3_ENDPOINT_URL": object_store,
            "S3_REGION": "eu-central-1",
            "S3_ACCESS_KEY": "key",
            "S3_SECRET_KEY": "secret",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["kind"], said["kept_whole"]) == ("S3Storage", True)
    assert (said["first"], said["second_has_its_own_name"]) == ("one", True)
    assert said["picture"] in [entry["Key"] for entry in store.list_objects_v2(Bucket="bars")["Contents"]]
    assert not (tmp_path / "media").exists()


class Postman:
    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        return "250 taken"


@pytest.fixture
def postman() -> Iterator[tuple[Postman, int]]:
    taken, port = Postman(), two_free_ports()
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    yield taken, port
    controller.stop()


def test_letters_reach_a_mail_server_with_their_umlauts(postman: tuple[Postman, int], settings: Any) -> None:
    taken, port = postman
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    letter = EmailMultiAlternatives("Für Zoë", "Schokolade für Zoë", to=["zoe@example.org"])
    letter.attach_alternative("<p>Schokolade für Zoë</p>", "text/html")
    assert letter.send() == 1
    (raw,) = taken.letters
    arrived = email.message_from_bytes(raw, policy=email.policy.default)
    assert arrived["Subject"] == "Für Zoë"
    body = arrived.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Schokolade für Zoë"
