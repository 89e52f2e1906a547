"""What the README promises is so, and the lock file installs on any machine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from patrol_scheduler.cli.exits import Exit

from .test_examples import in_brief

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def command(name: str) -> str:
    """The one-line command that ``.ci/run`` takes from the README."""
    found = re.findall(rf"^<!-- ci: {name} -->\n```bash\n(.*)\n```$", README, re.MULTILINE)
    assert len(found) == 1
    return str(found[0])


def rows(head: str) -> list[list[str]]:
    """The cells of the table whose head row begins with ``head``."""
    table = README.split(f"| {head} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


@pytest.mark.parametrize("name", ["main job", "tests"])
def test_both_commands_set_up_from_the_lock_file_alone(name: str) -> None:
    parts = command(name).split(" && ")
    assert parts[0] == "python3 -m venv .venv"
    assert parts[1] == ".venv/bin/pip install --require-hashes -r requirements.lock"
    assert "--no-deps" in parts[2]
    assert "--no-build-isolation" in parts[2]
    assert len(parts) == 4
    assert f"readme_command {name}" in (ROOT / ".ci" / "run").read_text().replace('"', "")


def test_the_main_job_is_the_bishi_example() -> None:
    job = command("main job").split(" && ")[-1].split()
    assert job[:2] == [".venv/bin/patrol-scheduler", "solve"]
    assert (ROOT / job[2]).is_file()


PAGES = ("README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))


def anchors(page: Path) -> set[str]:
    """Where links into a page can lead: its headings as GitHub and PyPI name them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_place_of_the_project(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\(([^)]+)", path.read_text(encoding="utf-8")):
        if target.startswith("https:"):
            continue
        file, _, heading = target.partition("#")
        there = path.parent / file if file else path
        assert there.is_file(), target
        assert not heading or heading in anchors(there), target


def test_every_file_that_contributing_names_exists() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:src|tests|docs|benchmarks|examples)/[\w/.-]*)`", page):
        assert (ROOT / name).exists(), name


def test_the_picture_is_one() -> None:
    assert (ROOT / "docs" / "pictures" / "bishi.png").read_bytes().startswith(b"\x89PNG")


def test_the_exit_statuses_are_those_of_the_command() -> None:
    assert [int(row[0]) for row in rows("Exit status")] == sorted(Exit)


def test_the_ten_lines_run_and_the_outputs_are_those_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    in_brief(monkeypatch)
    (code,) = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  # the README's own lines
    assert " gap " in capsys.readouterr().out
    written = {path.name for path in (tmp_path / "out").iterdir() if path.name[0] != "."}
    assert written == {row[0].strip("`/") for row in rows("Output")}


# The lock file


def test_the_lock_file_names_no_place_of_any_machine() -> None:
    for line in LOCK.splitlines():
        assert not re.search(r"https?:|file:|://|(^|\s)/|\w\.(org|com|net|cn|io)\b", line), line


def test_every_line_of_the_lock_file_is_pinned_with_hashes() -> None:
    entries = re.split(r"\n(?=[a-z])", LOCK.split("\n", 2)[2])
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry


def test_the_lock_file_has_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"]
    wanted += project["project"]["optional-dependencies"]["dev"]
    wanted += project["build-system"]["requires"]
    locked = set(re.findall(r"^([a-z0-9._-]+)==", LOCK, re.MULTILINE))
    assert {re.split(r"[<>=!; \[]", name, maxsplit=1)[0].lower() for name in wanted} <= locked


def test_every_dependency_has_a_lower_bound_that_the_locked_version_keeps() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = dict(re.findall(r"^([\w-]+)==([^\s;]+)", LOCK, re.MULTILINE))
    extras = project["optional-dependencies"]
    for line in (*project["dependencies"], *extras["caldav"], *extras["dev"]):
        requirement = Requirement(line)
        assert any(part.operator == ">=" for part in requirement.specifier), line
        assert requirement.specifier.contains(locked[requirement.name]), line
