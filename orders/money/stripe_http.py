"""Stripe's library over connections that are kept, without the layer of requests between.

Behaves as its RequestsClient: the same bundle of authorities, the same proxies from the environment,
and the same errors, of which the same ones are worth another try. It follows no redirects: Stripe
sends none, and the key goes nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import stripe
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import (
    ClosedPoolError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as TookTooLong

# The connection, not what was asked, was at fault.
WORTH_ANOTHER_TRY: Final = (
    ClosedPoolError,
    NewConnectionError,
    OSError,
    ProtocolError,
    ProxyError,
    TookTooLong,
)
MOST_KEPT: Final = 10
ACCEPT: Final = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"}


class KeptConnections(stripe.HTTPClient):
    """The library's extension point: it repeats, counts and signs, this only sends."""

    name = "urllib3"

    def __init__(self, timeout_s: tuple[float, float]) -> None:
        super().__init__()
        connect_s, answer_s = timeout_s
        self._timeout = Timeout(connect=connect_s, read=answer_s)
        # What the environment says of proxies is read once for an address.
        self._pools_towards = lru_cache(maxsize=8)(_pools_towards)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        answer = self._send(method, url, {**ACCEPT, **(headers or {})}, post_data)
        return _body(answer), answer.status, answer.headers

    def _send(self, method: str, url: str, headers: dict[str, str], body: Any) -> BaseHTTPResponse:
        address = urlsplit(url)
        try:
            return self._pools_towards(f"{address.scheme}://{address.netloc}").urlopen(
                method.upper(),
                url,
                body=body,
                headers=headers,
                timeout=self._timeout,
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except Exception as error:
            raise _no_answer(error, again=isinstance(error, WORTH_ANOTHER_TRY)) from error

    def close(self) -> None:
        self._pools_towards.cache_clear()


def _pools_towards(address: str) -> PoolManager:
    authorities: dict[str, Any] = {"cert_reqs": "CERT_REQUIRED", "ca_certs": stripe.ca_bundle_path}
    proxy = select_proxy(address, get_environ_proxies(address))
    if not proxy:
        return PoolManager(maxsize=MOST_KEPT, **authorities)
    through = proxy if "://" in proxy else f"http://{proxy}"
    pools: PoolManager = HTTPAdapter().proxy_manager_for(through, **authorities)
    return pools


def _body(answer: BaseHTTPResponse) -> bytes:
    try:
        return answer.data
    except Exception as error:
        raise _no_answer(error, again=isinstance(error, ReadTimeoutError)) from error


def _no_answer(error: Exception, *, again: bool) -> stripe.APIConnectionError:
    if isinstance(error, SSLError):
        what = "Stripe's certificate could not be verified"
    elif isinstance(error, (HTTPError, OSError)):
        what = "Stripe could not be reached"
    else:
        what = "Stripe could not be asked, which looks like a mistake in how this is set up"
    why = f"{what} ({type(error).__name__}: {error})"
    return stripe.APIConnectionError(why, should_retry=again)  # type: ignore[no-untyped-call]
