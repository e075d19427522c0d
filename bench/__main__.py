"""`make bench`: the floors and the pages in one run, at two sizes of government, printed and kept as JSON.

BENCH_PEOPLE ("1000,100000") chooses the sizes, BENCH_EACH (60) how many answers a case is measured on.
Each size has services and data of its own under var/bench-<size>/, kept for the next run.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def main() -> int:
    sizes = [int(size) for size in os.environ.get("BENCH_PEOPLE", "1000,100000").split(",")]
    rows: list[dict[str, object]] = []
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


def print_table(rows: list[dict[str, object]]) -> None:
    print(
        f"{'page':<14}{'people':>8}{'clients':>8}{'p50':>8}{'p95':>8}{'rps':>8}{'stmts':>6}{'sql':>7}{'kB':>7}{'x':>6}"
    )
    for row in rows:
        print(
            f"{row['page']:<14}{row['people']:>8}{row['clients']:>8}{row['p50_ms']:>8}{row['p95_ms']:>8}"
            f"{row['rps']:>8}{row['queries']:>6}{row['sql_ms']:>7}{int(str(row['bytes'])) / 1000:>7.1f}"
            f"{row['ratio']:>6}{'  over budget' if row['over_budget'] else ''}"
        )


if __name__ == "__main__":
    sys.exit(main())
