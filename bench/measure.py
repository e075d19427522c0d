"""One size of government: data, server, and every case at 1 and 8 clients. Called by `bench.__main__`."""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

HOST = "127.0.0.1"
WARM_UP = 4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The demo's own web process: two workers, four threads each."""
    command = [sys.executable, "-m", "gunicorn", "kepegawaian.wsgi", "--bind", f"{HOST}:{port}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "error"]
    log = (Path(os.environ["VAR_DIR"]) / "web.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://{HOST}:{port}/health/live/", timeout=5)
                break
            time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def pss_mb(process: subprocess.Popen[bytes]) -> float:
    """Proportional share of memory of the web workers (without the one that only watches them)."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    total = 0
    for pid in children:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return round(total / 1024, 1)


def run(case: Any, world: Any, clients: int, each: int) -> dict[str, Any] | None:
    """Figures of a case; nothing where the data offer nothing to call."""
    from bench.client import measure, percentile

    each = max(4, round(each * case.share))
    prepared = case.prepare(world, clients, each)
    if not prepared:
        return None
    if case.expect != 302 and case.warm:
        for client, calls in prepared:
            for call in calls[:WARM_UP]:
                call(client)
    answers, seconds = measure([client for client, _ in prepared], [calls for _, calls in prepared])
    wrong = [answer for answer in answers if answer.status != case.expect]
    if wrong:
        text = wrong[0].body[:3000].decode(errors="replace")
        raise SystemExit(f"{case.name}: {len(wrong)} of {len(answers)} answers had {wrong[0].status}\n{text}")
    times = [answer.milliseconds for answer in answers]
    return {
        "p50_ms": round(percentile(times, 0.5), 2),
        "p95_ms": round(percentile(times, 0.95), 2),
        "rps": round(len(answers) / seconds, 1),
        "queries": max(answer.statements for answer in answers),
        "sql_ms": round(statistics.median(answer.sql_ms for answer in answers), 2),
        "bytes": round(statistics.median(len(answer.body) for answer in answers)),
    }


def asked_for(rows: Any) -> list[Any]:
    """Those that BENCH_ONLY names; all where it names none."""
    names = [name.strip() for name in os.environ.get("BENCH_ONLY", "").split(",") if name.strip()]
    return [row for row in rows if not names or row.name in names]


def worked(work: Any, world: Any, people: int, each: int) -> dict[str, Any]:
    """One row of what a worker does, between two runs of its floor; figures are of one person."""
    from bench.cases import FLOORS

    floor_case = next(case for case in FLOORS if case.name == work.floor)
    before, done, after = run(floor_case, world, 1, each), work.do(world), run(floor_case, world, 1, each)
    assert before is not None
    assert after is not None
    floor = round((before["p50_ms"] + after["p50_ms"]) / 2, 2)
    one = round(done.milliseconds / done.people, 4)
    ratio = round(one / floor, 3)
    return {
        "page": work.name,
        "people": people,
        "clients": 1,
        "p50_ms": one,
        "p95_ms": one,
        "rps": round(1000 / one, 1),
        "queries": done.statements,
        "sql_ms": round(done.sql_ms / done.people, 4),
        "bytes": 0,
        "floor": work.floor,
        "floor_p50_ms": floor,
        "ratio": ratio,
        "budget": work.budget,
        "over_budget": ratio > work.budget,
    }


def measured(world: Any, people: int, each: int) -> list[dict[str, Any]]:
    """Every case between two runs of its floor, so that a machine that slows down slows both."""
    from bench.cases import CASES, FLOORS, WORKS

    chosen = asked_for(CASES)
    rows = []
    for clients in (1, 8):
        share = max(8, each // clients)
        floors = {case.name: case for case in FLOORS}
        for case in (*FLOORS, *chosen):
            before = run(floors[case.floor], world, clients, share)
            row = run(case, world, clients, share)
            after = run(floors[case.floor], world, clients, share)
            if row is None or before is None or after is None:
                print(f"  {people:>7} {clients} {case.name:<14} nothing to measure", flush=True)
                continue
            floor = round((before["p50_ms"] + after["p50_ms"]) / 2, 2)
            ratio = round(row["p50_ms"] / floor, 2)
            names = {"page": case.name, "people": people, "clients": clients}
            rest = {"floor": case.floor, "floor_p50_ms": floor, "ratio": ratio, "budget": case.budget}
            rest["over_budget"] = case not in FLOORS and ratio > case.budget
            rows.append(names | row | rest)
            print(f"  {people:>7} {clients} {case.name:<14} {ratio} x {case.floor} of {floor} ms", flush=True)
    for work in asked_for(WORKS):
        rows.append(worked(work, world, people, each))
        print(f"  {people:>7} 1 {work.name:<14} {rows[-1]['ratio']} x {work.floor}", flush=True)
    return rows


def main(people: int, out: Path) -> None:
    django.setup()
    from django.core.management import call_command

    from bench.reports import seed_cases
    from bench.world import World

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo", employees=people, if_empty=True)
    seed_cases()
    port = free_port()
    with server(port) as process:
        rows = measured(World(HOST, port), people, int(os.environ.get("BENCH_EACH", "60")))
        memory = pss_mb(process)
    out.write_text(json.dumps({"rows": rows, "web_pss_mb": memory}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
