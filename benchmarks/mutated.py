"""The folders of the library that are changed on purpose, and the tests that answer for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A folder of the library, in the copy where everything runs.

    ``own_files`` names the files of tests written for a module where they are not just the one of
    its name. ``loads`` are modules that take long to load and that no mutant changes.
    """

    name: str
    own_files: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    loads: tuple[str, ...] = ("patrol_scheduler.roster", "patrol_scheduler.texts")

    @property
    def folder(self) -> Path:
        """Where its modules are."""
        return Path("src", "patrol_scheduler", self.name)

    @property
    def tests(self) -> str:
        """Where the tests are that answer for it."""
        return f"tests/{self.name}"

    def modules(self) -> list[str]:
        """The names of its modules."""
        return sorted(path.stem for path in self.folder.glob("*.py"))

    def path(self, module: str) -> Path:
        """The file of a module."""
        return self.folder / f"{module}.py"

    def full_name(self, module: str) -> str:
        """What a module is imported as."""
        package = f"patrol_scheduler.{self.name}"
        return package if module == "__init__" else f"{package}.{module}"

    def own_tests(self, module: str) -> list[str]:
        """The files of tests written for a module."""
        names = self.own_files.get(module, (f"test_{module}.py",))
        return [name for name in names if Path(self.tests, name).exists()]


SOLVERS = ("patrol_scheduler.solver.highs", "patrol_scheduler.solver.cpsat")
PACKAGES = {
    package.name: package
    for package in (
        Package(
            "rules",
            {
                "__init__": ("test_base.py", "test_documentation.py"),
                "cadence": ("test_cadence.py", "test_patrol_count.py"),
                "duty": ("test_duty.py", "test_labour.py", "test_workload.py"),
                "pairs": ("test_pairs_of_officers.py",),  # test_pairs.py is about every rule
                "sharing": ("test_sharing.py", "test_fairness.py", "test_leading.py"),
                "workload": ("test_workload.py", "test_labour.py"),
            },
        ),
        Package("replanning", loads=SOLVERS),
        Package("explaining", loads=SOLVERS),
    )
}
