"""Settings come from the environment alone; a bad one is refused by its name, with the way out."""

import os
from collections.abc import Mapping
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})


class Environment:
    """Typed reading of environment variables. An empty variable counts as absent."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        return self._variables.get(name, "").strip() or default

    def required(self, name: str, purpose: str) -> str:
        return self.text(name) or _refuse(f"{name} is not set: {purpose}.")

    def flag(self, name: str, *, default: bool) -> bool:
        word = self.text(name).lower()
        if not word:
            return default
        if word in YES | NO:
            return word in YES
        _refuse(f"{name} is {word!r}: write true or false.")

    def number(self, name: str, default: int) -> int:
        word = self.text(name)
        if not word:
            return default
        if word.isascii() and word.isdigit():
            return int(word)
        _refuse(f"{name} is {word!r}: write a whole number.")

    def words(self, name: str, default: str = "") -> list[str]:
        """Several values in one variable, separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def choice(self, name: str, among: tuple[str, ...], default: str) -> str:
        word = self.text(name, default)
        if word in among:
            return word
        _refuse(f"{name} is {word!r}: choose one of {', '.join(among)}.")


def _refuse(reason: str) -> NoReturn:
    raise ImproperlyConfigured(reason)
