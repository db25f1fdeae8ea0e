"""What slow work is for. Each purpose has a queue of its own (docs/operations.md)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Purpose(StrEnum):
    """A worker that serves several takes them in this order."""

    MONEY = "money"
    """Our books and Stripe's, invoices, and the sweeps that ring again for everything else."""
    FLOOR = "floor"
    """Tickets and the plan: whoever makes bars waits for them."""
    MAIL = "mail"
    HOUSE = "house"
    """What comes by the clock and may be slow: forgetting, copies of personal data, the calendar."""
    PICTURES = "pictures"
    """A second of computing each, needed when its bar is printed. They come in floods, so they come last."""

    @property
    def priority(self) -> int:
        """The least goes first."""
        return list(Purpose).index(self)

    @property
    def route(self) -> dict[str, Any]:
        """As Celery wants to be told."""
        return {"queue": self.value, "priority": self.priority}
