"""A safeguard is proven twice: with it the fault does no harm, and without it the same test fails.

    @without(no_idempotency_key)

runs the test once as it is, and once more for each removal, which takes a `MonkeyPatch` and switches
one safeguard off; then the test must fail. After every test the ledgers of gift cards must balance, and after
every test that had a till our books are held against the sandbox's, in both runs; `@pytest.mark.books_differ` is for those that forge the books.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest
from django.db import connection

from tests.orders import books

PARAMETER = "without"
# What only a control that is itself broken would raise.
SLIPS = (TypeError, NameError, ImportError, AttributeError)
TILLS = ("till", "till_that_rings")


def without(*removals: Callable[[pytest.MonkeyPatch], None]) -> pytest.MarkDecorator:
    return pytest.mark.safeguard.with_args(*removals)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    removals = [each for mark in metafunc.definition.iter_markers("safeguard") for each in mark.args]
    if removals:
        metafunc.fixturenames.append(PARAMETER)
        names = ["guarded", *(f"without {removal.__name__.removeprefix('no_')}" for removal in removals)]
        metafunc.parametrize(PARAMETER, [None, *removals], ids=names)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    removal = _removal(pyfuncitem)
    if removal is None:
        done = yield
        _hold_books(pyfuncitem)
        return done
    with pytest.MonkeyPatch.context() as patch:
        removal(patch)
        try:
            yield
            _hold_books(pyfuncitem)
        except SLIPS:
            raise
        except (Exception, pytest.fail.Exception):  # noqa: BLE001  # however it fails
            return True
    pytest.fail(f"It holds without its safeguard, too: {removal.__name__}")


def _removal(test: pytest.Function) -> Any:
    return test.callspec.params.get(PARAMETER) if hasattr(test, "callspec") else None


def _asks_tables(test: pytest.Function) -> bool:
    return not {"db", "transactional_db"}.isdisjoint(test.fixturenames)


def _hold_books(test: pytest.Function) -> None:
    if _asks_tables(test) and not connection.needs_rollback:
        books.assert_gift_cards_balance()
    tills: list[Any] = [test.funcargs[name] for name in TILLS if name in test.funcargs]
    if tills and test.get_closest_marker("books_differ") is None:
        books.assert_they_agree(tills[0])
