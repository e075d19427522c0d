"""How the web processes share their numbers and write their log; gunicorn reads this file by itself.

Prometheus' client counts per process. With several web processes each writes its counts into a folder of this
run, and `/metrics` adds them up. Workers and commands are not counted there, so only gunicorn sets the folder.
"""

import contextlib
import ctypes
import gc
import os
import shutil
from pathlib import Path
from typing import Any

from kepegawaian.lib.logging import PROCESSORS, RENDERERS

_var = Path(os.environ.get("VAR_DIR") or Path(__file__).parent / "var").resolve()
_metrics = _var / "metrics" / str(os.getpid())


def _forget_dead_runs() -> None:
    for folder in _metrics.parent.glob("*"):
        try:
            os.kill(int(folder.name), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue  # it runs, as another user


_forget_dead_runs()
shutil.rmtree(_metrics, ignore_errors=True)
_metrics.mkdir(parents=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "foreign_pre_chain": PROCESSORS,
            "processors": RENDERERS[os.environ.get("LOG_FORMAT", "json")],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    # No access log: kepegawaian.lib.logging writes one line per request, without the address.
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": False},
    },
}


_M_MMAP_THRESHOLD, _M_ARENA_MAX, _MEGABYTE = -3, -8, 1 << 20
with contextlib.suppress(AttributeError):  # only glibc has it
    # Buffers of pictures go back to the system when they are freed. By itself glibc takes its threshold up to
    # 32 MB after the first one and keeps them: 173 MB instead of 73 after 24 photos.
    ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _MEGABYTE)
    # One heap for all threads instead of one each, which Python's lock has wait for each other anyway: 7 MB less.
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)

preload_app = True  # loaded once, before the workers part: what they only read stays in memory once


def when_ready(server: Any) -> None:
    """The portal is loaded, and no worker has parted yet."""
    from kepegawaian.lib.warm import warm_up

    warm_up()


def pre_fork(server: Any, worker: Any) -> None:
    """Rubbish is collected and what is left never looked at again, which would copy it into every worker."""
    gc.collect()
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    shutil.rmtree(_metrics, ignore_errors=True)
