"""Mail on a developer's machine: each message becomes a file, and a page shows them."""

import email
import email.policy
import os
from collections.abc import Sequence
from email.message import EmailMessage as Letter
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.timezone import now
from django.views.decorators.http import require_safe

BACKEND = "config.mailbox.FolderBackend"
SHOWN = 100


class FolderBackend(BaseEmailBackend):
    """Writes every message to its own .eml file under MAIL_FOLDER."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _write(message.message().as_bytes())
        return len(email_messages)


def _write(letter: bytes) -> None:
    """Whole or not at all: whoever dies while writing leaves no torn letter behind."""
    folder = Path(settings.MAIL_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = now().strftime("%Y%m%d-%H%M%S-%f")
    with NamedTemporaryFile(dir=folder, prefix=".", suffix=".draft") as draft:
        draft.write(letter)
        draft.flush()
        for attempt in count():
            try:
                os.link(draft.name, folder / f"{stamp}-{attempt}.eml")
            except FileExistsError:
                continue
            return


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    files = sorted(Path(settings.MAIL_FOLDER).glob("*.eml"), reverse=True)[:SHOWN]
    letters = [(file.stem, _read(file)) for file in files]
    return render(request, "mailbox/mailbox.html", {"letters": letters, "shown": SHOWN})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    message = _find(name)
    body = message.get_body(("plain", "html"))
    parts = list(message.iter_attachments())
    return render(
        request,
        "mailbox/letter.html",
        {
            "name": name,
            "letter": message,
            "body": body.get_content() if body else "",
            "attachments": [part.get_filename() or part.get_content_type() for part in parts],
        },
    )


@require_safe
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    parts = list(_find(name).iter_attachments())
    if not 1 <= number <= len(parts):
        raise Http404("This message has no such attachment.")
    part = parts[number - 1]
    return HttpResponse(part.get_payload(decode=True), content_type=part.get_content_type())


def _find(name: str) -> Letter:
    file = Path(settings.MAIL_FOLDER) / f"{name}.eml"
    if not file.is_file():
        raise Http404("There is no such message.")
    return _read(file)


def _read(file: Path) -> Letter:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


urlpatterns = [
    path("", mailbox, name="mailbox"),
    path("<slug:name>/", letter, name="letter"),
    path("<slug:name>/<int:number>/", attachment, name="letter-attachment"),
]
