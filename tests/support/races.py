"""Several people at the same moment, each on a database connection of his own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connection

from kepegawaian.lib.exceptions import ApplicationError


def at_once(*acts):
    """Every act in a thread with a connection of its own, all let go together; results or refusals in order."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return act()
        except ApplicationError as error:
            return error
        finally:
            connection.close()
            close_old_connections()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(results):
    return [result for result in results if isinstance(result, ApplicationError)]
