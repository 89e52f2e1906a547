"""The library in ten lines: python examples/bishi/ten_lines.py"""

from pathlib import Path

from patrol_scheduler import check, read, solve, write

problem = read(Path(__file__).with_name("plan.toml"))
result = solve(problem, time_limit=30)
print(result.status, f"gap {result.gap:.2%}")
if result.roster is not None:
    found = check(problem, result.roster)
    print(*(finding.say(problem, "zh-CN") for finding in found.shortages), sep="\n")
    write(problem, result, "out", lang="zh-CN")
