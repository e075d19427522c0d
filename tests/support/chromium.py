"""The Chromium that browser tests drive: the system's own, not one that Playwright downloads."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW_TO_GET_IT = "Debian/Ubuntu: sudo apt-get install chromium; atau CHROMIUM=/path/ke/chromium make test"


def find() -> str | None:
    """Path of a Chromium: $CHROMIUM, one on the PATH, or one that `playwright install` left."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return found or next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"))), None)


def launch_options(executable: str) -> dict[str, object]:
    """For Playwright's `chromium.launch()`."""
    arguments = ["--disable-gpu", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to sandbox root
    return {"executable_path": executable, "args": arguments}
