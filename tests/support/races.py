"""Several people at the same moment, each on a database connection of his own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from kepegawaian.lib.exceptions import ApplicationError


def alone(act):
    """What `act` gives, or its refusal; on the connection of this thread, which is closed after it."""
    try:
        return act()
    except ApplicationError as error:
        return error
    finally:
        connection.close()


def at_once(*acts):
    """Every act in a thread with a connection of its own, all let go together; results or refusals in order."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        connection.ensure_connection()
        barrier.wait(timeout=60)
        return act()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(lambda act: alone(lambda: run(act)), acts))


def refusals(results):
    return [result for result in results if isinstance(result, ApplicationError)]
