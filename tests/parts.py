"""The real parts that tests hold the outputs against and that pip cannot bring.

Where a part is missing its tests are skipped and say so, except where
``PATROL_SCHEDULER_REAL_PARTS`` is set, as ``.ci/run`` does after installing them: there they fail.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
from pathlib import Path

import pytest

VARIABLE = "PATROL_SCHEDULER_REAL_PARTS"

INSTALL = {
    "ical.js": "npm install --prefix tests/judges",
    "libical": "apt-get install libical3",
    "calcurse": "apt-get install calcurse",
    "nginx": "apt-get install nginx-light",
    "axe-core": "npm install --prefix tests/judges",
    "chromium": "apt-get install chromium",
    "soffice": "apt-get install libreoffice-calc",
    "pdftotext": "apt-get install poppler-utils",
}
"""What each part is installed with."""


def nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def has(part: str) -> bool:
    if part in ("ical.js", "axe-core"):
        modules = Path(__file__).parent / "judges" / "node_modules" / part
        return shutil.which("node") is not None and modules.is_dir()
    if part == "libical":
        try:
            ctypes.CDLL(ctypes.util.find_library("ical") or "libical.so.3")
        except OSError:
            return False
        return True
    if part == "nginx":
        return nginx() is not None
    return part not in INSTALL or shutil.which(part) is not None


def need(part: str) -> None:
    """Skip the test where the part is missing, or fail where all parts must be there."""
    if has(part):
        return
    reason = f"{part} is missing ({INSTALL[part]})"
    if os.environ.get(VARIABLE):
        pytest.fail(reason)
    pytest.skip(reason)
