"""Somebody who subscribes to a calendar and keeps a copy: vdirsyncer, another program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from patrol_scheduler.publishing.components import event_components


class Subscriber:
    """A copy of a calendar that vdirsyncer keeps in a folder; ``storage`` as it configures one."""

    def __init__(self, folder: Path, storage: str) -> None:
        self.copy = folder / "copy"
        self.copy.mkdir(parents=True)
        self._config = folder / "vdirsyncer"
        self._config.write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n'
            '[pair duties]\na = "here"\nb = "there"\ncollections = null\n'
            'conflict_resolution = "b wins"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{self.copy}"\nfileext = ".ics"\n'
            f"[storage there]\n{storage}read_only = true\n"
        )
        self._run("discover")

    def sync(self) -> list[tuple[str, str, str]]:
        """Bring the copy up; gives summary, state and number of changes of every event, sorted."""
        self._run("sync")
        return sorted(
            (event.value("SUMMARY"), event.value("STATUS"), event.value("SEQUENCE"))
            for path in self.copy.glob("*.ics")
            for event in event_components(
                path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            )
        )

    def _run(self, what: str) -> None:
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-W", "ignore", "-m", "vdirsyncer", "-c", str(self._config), what],
            input=b"y\n" * 5,
            capture_output=True,
            check=False,
            timeout=120,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
