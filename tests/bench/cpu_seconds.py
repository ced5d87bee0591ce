"""How much of the processors some processes have used."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_used(pid: int) -> float:
    """User and system time, in seconds, of a process and of all it has started, living or ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended, and its time counts for its parent
        process = int(stat.parent.name)
        parents[process] = int(fields[1])
        ticks[process] = sum(int(field) for field in fields[11:15])
    wanted = {pid}
    while more := {process for process, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(ticks.get(process, 0) for process in wanted) / _TICKS
