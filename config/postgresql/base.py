"""Django's PostgreSQL, which asks without a question whether a connection that was kept still lives."""

from __future__ import annotations

from select import POLLIN, poll

from django.db.backends.postgresql import base
from psycopg import Error


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether nothing has come since the last answer.

        A server that ends, or ends us, says so and closes: its words wait here. Django would send SELECT 1 before
        each request, which costs both sides as much as one of the request's own statements. What neither can see,
        a cable that was cut, lasts no longer than a connection is kept.
        """
        if self.connection is None or self.connection.closed:
            return False
        try:
            socket = self.connection.fileno()
        except Error:
            return False
        waiting = poll()
        waiting.register(socket, POLLIN)
        return not waiting.poll(0)
