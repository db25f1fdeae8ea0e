"""How the API says no."""

from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]


class RequestRefused(Exception):
    """An error as Stripe words it.

    `executed` marks refusals made after the work began: only those are kept under the
    idempotency key, a mistake in the parameters is not.
    """

    def __init__(
        self,
        message: str,
        *,
        http: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        executed: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.http = http
        self.kind = kind
        self.code = code
        self.param = param
        self.executed = executed

    def body(self) -> Record:
        error = {"type": self.kind, "message": self.message, "code": self.code, "param": self.param}
        return {"error": {name: value for name, value in error.items() if value is not None}}
