"""`make bench`: the floors and the pages in one run, at two sizes of government, printed and kept as JSON.

BENCH_PEOPLE ("1000,100000") chooses the sizes, BENCH_EACH (60) how many answers a case is measured on, BENCH_CASES
(20000) how many citizens' reports there are, BENCH_ONLY ("desk,case") which rows are measured.
Each size has services and data of its own under var/bench-<size>/, kept for the next run.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def main() -> int:
    sizes = [int(size) for size in os.environ.get("BENCH_PEOPLE", "1000,100000").split(",")]
    rows: list[dict[str, Any]] = []
    memory: dict[int, float] = {}
    for size in sizes:
        out = VAR / f"bench-{size}.json"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "VAR_DIR": str(VAR / f"bench-{size}"),
        }
        command = [sys.executable, "-m", "bench.measure", str(size), str(out)]
        result = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if result.returncode:
            return result.returncode
        measured = json.loads(out.read_text())
        rows += measured["rows"]
        memory[size] = measured["web_pss_mb"]
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    report = {"machine": machine, "rows": rows, "web_pss_mb": memory}
    (VAR / "bench.json").write_text(json.dumps(report, indent=1))
    print_table(rows)
    print(f"\nvar/bench.json: {len(rows)} rows; two web workers after the run: {memory} MB PSS")
    return 0


def print_table(rows: list[dict[str, Any]]) -> None:
    """Markdown, as docs/performance.md has it; beside the ratio its budget where it is over."""
    heads = ("page", "people", "clients", "p50 ms", "p95 ms", "per second", "statements", "SQL ms", "kB", "ratio")
    print(f"\n| {' | '.join(heads)} |\n|---|{'---:|' * (len(heads) - 1)}")
    for row in rows:
        over = f" (over {row['budget']:g})" if row["over_budget"] else ""
        ratio = f"{row['ratio']} x {row['floor']}{over}"
        figures = (row["p50_ms"], row["p95_ms"], row["rps"], row["queries"], row["sql_ms"], row["bytes"] / 1000)
        cells = (
            row["page"],
            f"{row['people']:,}",
            row["clients"],
            *(f"{figure:.4g}" for figure in figures),
            ratio,
        )
        print(f"| {' | '.join(str(cell) for cell in cells)} |")
    _print_growth(rows)


def _print_growth(rows: list[dict[str, Any]]) -> None:
    """How much slower each page became from the smallest to the largest government; the budget is 1.3."""
    least, most = (end(row["people"] for row in rows) for end in (min, max))
    alone = {(row["page"], row["people"]): row["p50_ms"] for row in rows if row["clients"] == 1}
    grown = [f"{page} {p50 / alone[page, least]:.2f}" for (page, size), p50 in alone.items() if size == most]
    if least != most:
        print(f"\nGrowth of p50 from {least:,} to {most:,} people, 1 client: {', '.join(grown)}")


if __name__ == "__main__":
    sys.exit(main())
