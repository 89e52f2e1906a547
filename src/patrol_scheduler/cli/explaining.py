"""``explain``: why a plan cannot be met."""

from __future__ import annotations

import json
from pathlib import Path

from patrol_scheduler.cli.exits import Exit
from patrol_scheduler.cli.terminal import say, say_raw


def explain(plan: Path, lang: str, *, time_limit: float, as_json: bool) -> int:
    """Say what clashes in a plan, and the gaps of its least-bad roster."""
    from patrol_scheduler.explaining import explain as explained
    from patrol_scheduler.formats import read

    found = explained(read(plan), time_limit=time_limit)
    if as_json:
        say_raw(json.dumps(found.document(lang), ensure_ascii=False, indent=2) + "\n")
    else:
        for line in found.say(lang):
            say(line)
    return {
        "possible": Exit.COMPLETE,
        "impossible": Exit.IMPOSSIBLE,
        "unknown": Exit.UNKNOWN,
    }[found.verdict]
