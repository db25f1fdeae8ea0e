"""Connections to PostgreSQL that are kept from one request to the next."""

import pytest
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_kept_connection_lives_until_the_server_has_ended_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [mine] = cursor.fetchone()
    assert connection.is_usable()

    other = connection.copy()
    with other.cursor() as cursor:
        # Waits until it is gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [mine])
        assert cursor.fetchone() == (True,)
    other.close()
    assert not connection.is_usable()

    connection.close()
    connection.connect()
    assert connection.is_usable()


def test_a_statement_that_is_asked_again_is_neither_read_nor_planned_again() -> None:
    for number in range(4):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s + 1", [number])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1 + 1'")
        assert cursor.fetchone() == (1,)
