"""A small plan as TOML text for the tests of this folder, and ways to spoil it."""

from __future__ import annotations

from pathlib import Path

from patrol_scheduler.faults import InvalidInputError
from patrol_scheduler.formats import read

PLAN = """\
format = "patrol-scheduler plan 1"
name = "示例"
start = 2010-08-01
end = 2010-08-31

[[agencies]]
id = "公安"

[[agencies]]
id = "城管"

[[officers]]
id = "GA01"
agency = "公安"
leader = true
driver = true

[[officers]]
id = "CG01"
agency = "城管"
certificates = [{ number = "示例-1", valid_to = 2011-12-31 }]

[[shifts]]
id = "早班"
start = "07:30"
end = "10:30"

[[shifts]]
id = "晚班"
start = "17:30"
end = "20:30"

[[areas]]
id = "镇区"

[[phases]]
id = "常规管理"
start = 2010-08-01
end = 2010-08-31

[[cadences]]
min_days = 2
max_days = 3

[[teams]]
members = { "公安" = 1, "城管" = 1 }
certified = { "城管" = 1 }
"""


def spoiled(*changes: tuple[str, str]) -> str:
    """The plan with each old text, which must be there, replaced by the new one, once."""
    plan = PLAN
    for old, new in changes:
        assert old in plan, old
        plan = plan.replace(old, new, 1)
    return plan


def complaints(folder: Path, content: str | bytes, lang: str, name: str = "plan.toml") -> list[str]:
    """The lines that reading the content says, the folder left out."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        read(path)
    except InvalidInputError as error:
        return [line.removeprefix(f"{folder}/") for line in error.say(lang).split("\n")]
    return []
