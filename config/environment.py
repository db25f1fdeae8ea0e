"""Settings come from the environment alone; a bad one is refused by its name, with the way out."""

import os
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class Environment:
    """Typed reading of environment variables. An empty variable counts as absent."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        return self._variables.get(name, "").strip() or default

    def required(self, name: str, purpose: str) -> str:
        word = self.text(name)
        if not word:
            raise ImproperlyConfigured(f"{name} is not set: {purpose}.")
        return word

    def flag(self, name: str, *, default: bool) -> bool:
        word = self.text(name).lower()
        if not word:
            return default
        if word not in YES | NO:
            raise ImproperlyConfigured(f"{name} is {word!r}: write true or false.")
        return word in YES

    def number(self, name: str, default: int) -> int:
        word = self.text(name)
        if not word:
            return default
        if not (word.isascii() and word.isdigit()):
            raise ImproperlyConfigured(f"{name} is {word!r}: write a whole number.")
        return int(word)

    def words(self, name: str, default: str = "") -> list[str]:
        """Several values in one variable, separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def time_zone(self, name: str, default: str) -> str:
        word = self.text(name, default)
        try:
            return ZoneInfo(word).key
        except (LookupError, ValueError, OSError):
            raise ImproperlyConfigured(f"{name} is {word!r}: write a time zone such as {default}.") from None

    def choice(self, name: str, among: tuple[str, ...], default: str) -> str:
        word = self.text(name, default)
        if word not in among:
            raise ImproperlyConfigured(f"{name} is {word!r}: choose one of {', '.join(among)}.")
        return word
