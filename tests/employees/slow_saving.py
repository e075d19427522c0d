"""Loaded by a worker (`--include tests.employees.slow_saving`): an import that waits at its end to be killed."""

import time

from kepegawaian.employees.importing import staff

staff.Staff.finish = lambda self: time.sleep(300)
