"""The house: which part may lean on which, what importing costs, and that everything is named."""

from __future__ import annotations

import ast
import inspect
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import patrol_scheduler
from patrol_scheduler.texts import LANGUAGES, catalogue

PACKAGE = Path(patrol_scheduler.__file__).parent
ROOT = Path(__file__).parents[1]
NAME = "patrol_scheduler"

# What each part may import of the others; a part that is not named here has no place yet.
GIVEN = {"records", "days", "problem", "roster", "sightings"}
JUDGED = GIVEN | {"rules", "checking", "texts"}
BORDER = JUDGED | {"result", "faults", "validation"}
MAY_IMPORT = {
    "records": set(),
    "texts": set(),
    "days": {"records"},
    "people": {"records"},
    "needs": {"records", "days"},
    "staff": {"people", "needs"},
    "problem": {"records", "days", "people", "needs", "staff"},
    "roster": {"records", "days", "problem"},
    "sightings": set(),
    "result": {"records", "roster"},
    "rules": GIVEN | {"texts"},
    "checking": GIVEN | {"rules"},
    "faults": {"records", "texts"},
    "validation": GIVEN | {"rules", "texts", "faults"},
    "solver": JUDGED | {"result", "faults", "validation"},
    "replanning": BORDER | {"solver", "formats"},
    "explaining": BORDER | {"solver", "replanning", "statistics"},
    "statistics": JUDGED | {"result"},
    "formats": BORDER,
    "outputs": BORDER | {"statistics", "formats"},
    "publishing": BORDER | {"formats", "outputs"},
}
FREE = {"cli", "__init__", "__main__"}  # the command line and the list of public names, on top
SOLVERS = {"ortools", "highspy"}


def parts() -> list[str]:
    found = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    return sorted(found - {"__pycache__", "py"})


def files_of(part: str) -> list[Path]:
    whole = PACKAGE / part
    return sorted(whole.rglob("*.py")) if whole.is_dir() else [whole.with_suffix(".py")]


def imported(path: Path) -> Iterator[str]:
    """The full names of all modules a file imports, also inside functions and by name."""
    inside = (NAME, *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                base = inside[: len(inside) - node.level + 1] if node.level else ()
                module = ".".join((*base, *([node.module] if node.module else [])))
                yield from (f"{module}.{alias.name}" for alias in node.names)
            case ast.Call(func=ast.Name(id="import_module") | ast.Attribute(attr="import_module")):
                constants = (arg.value for arg in node.args if isinstance(arg, ast.Constant))
                yield from (name for name in constants if isinstance(name, str))


def leans_on(path: Path) -> set[str]:
    """The parts of the package that a file imports."""
    names = [name.split(".") for name in imported(path)]
    return {name[1] for name in names if name[0] == NAME and len(name) > 1} - {"__version__"}


def test_every_part_of_the_package_has_its_place() -> None:
    assert set(parts()) <= MAY_IMPORT.keys() | FREE


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_dependencies_point_one_way(part: str) -> None:
    for path in files_of(part):
        assert leans_on(path) <= MAY_IMPORT[part] | {part}, path.relative_to(PACKAGE)


def test_nobody_leans_on_the_command_line() -> None:
    for part in set(parts()) - {"cli", "__main__"}:
        for path in files_of(part):
            assert "cli" not in leans_on(path), path.relative_to(PACKAGE)


def test_only_the_solver_knows_the_solvers() -> None:
    for part in set(parts()) - {"solver"}:
        for path in files_of(part):
            assert not {name.split(".")[0] for name in imported(path)} & SOLVERS, path.name
    assert {name.split(".")[0] for path in files_of("solver") for name in imported(path)} >= SOLVERS


def test_the_places_leave_no_circle() -> None:
    seen: set[str] = set()
    while len(seen) < len(MAY_IMPORT):
        ready = {p for p, below in MAY_IMPORT.items() if p not in seen and below - {p} <= seen}
        assert ready, f"a circle among {MAY_IMPORT.keys() - seen}"
        seen |= ready


@pytest.mark.parametrize("module", ["ortools", "highspy", "pandas", "numpy", "pydantic", "click"])
def test_importing_the_package_does_not_load(module: str) -> None:
    code = f"import sys, {NAME}; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_every_text_exists_in_both_languages_with_the_same_places() -> None:
    places = {
        lang: {
            key: {field for _, field, _, _ in string.Formatter().parse(value) if field is not None}
            for key, value in catalogue(lang).items()
        }
        for lang in LANGUAGES
    }
    first, *others = LANGUAGES
    for other in others:
        assert places[first].keys() == places[other].keys()
        assert places[first] == places[other]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_says_something(lang: str) -> None:
    for key, value in catalogue(lang).items():
        assert isinstance(value, str), key
        assert value.strip(), key


CHINESE = r"[\u3001-\u303f\u3400-\u9fff\uff01-\uffef“”…]"
HALF_WIDTH = re.compile(rf"{CHINESE}[,;:!?()]|[(),;!?]\s?{CHINESE}")
IN_CHINESE = [*(PACKAGE / "texts" / "zh-CN").glob("*.toml"), *ROOT.glob("examples/*/*.toml")]


@pytest.mark.parametrize("path", IN_CHINESE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_chinese_sentences_have_chinese_punctuation(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        said = line if line.startswith("#") else line.partition("= ")[2]
        # What is filled in is taken for Chinese, a name or a number.
        assert not HALF_WIDTH.search(re.sub(r"\{[^{}]*\}", "某", said)), line


@pytest.mark.parametrize("name", patrol_scheduler.__all__)
def test_every_public_name_loads_and_has_a_docstring(name: str) -> None:
    value = getattr(patrol_scheduler, name)
    assert inspect.getdoc(value)
    assert name in dir(patrol_scheduler)


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_every_public_name_of_a_part_has_a_docstring_of_its_own(part: str) -> None:
    for path in files_of(part):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path.relative_to(PACKAGE)
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.relative_to(PACKAGE)}: {node.name}"
    module = import_module(f"{NAME}.{part}")
    for name in getattr(module, "__all__", ()):
        assert hasattr(module, name), f"{part}.{name}"


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'rooster'"):
        _ = patrol_scheduler.rooster
