"""The pages and verbs that are measured, each with the floor it is held against and its budget."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import Any

from bench import performance, reports
from bench.client import Answer, Call, Client
from bench.world import Filing, World
from kepegawaian.lib.ids import uuid7
from leave.enums import StepKind


@dataclass(frozen=True)
class Case:
    """`prepare(world, clients, each)` gives a client and `each` calls for every one of them."""

    name: str
    floor: str
    budget: float
    prepare: Callable[[World, int, int], list[tuple[Client, list[Call]]]]
    expect: int = 200
    share: float = field(default=1.0)
    """How many of the usual calls are made: a verb that uses up its subject gets fewer."""
    warm: bool = True
    """Whether the first calls may be made twice: not where what they send is spent by it."""


def get(path: str) -> Call:
    return lambda client: client.get(path)


def anonymous(path: str) -> Any:
    return lambda world, clients, each: [
        (world.anonymous(), list(repeat(get(path), each))) for _ in range(clients)
    ]


def as_employee(path: str) -> Any:
    def prepare(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
        return [(world.signed_in(e.user), list(repeat(get(path), each))) for e in world.employees(clients)]

    return prepare


def as_user(chosen: Callable[[World], Any], path: str) -> Any:
    def prepare(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
        return [(world.signed_in(chosen(world)), list(repeat(get(path), each))) for _ in range(clients)]

    return prepare


def as_hr(path: Callable[[], str]) -> Any:
    """An address that is known once the data are there."""
    return lambda world, clients, each: as_user(World.hr, path())(world, clients, each)


def _fields(filing: Filing, action: str) -> dict[str, str]:
    return {
        "start": filing.day.isoformat(),
        "end": filing.day.isoformat(),
        "reason": "Keperluan keluarga",
        "address": "Jl. Contoh No. 1",
        "phone": "081200000000",
        "draft": str(uuid7()),
        "action": action,
    }


def _filed(filing: Filing, action: str, path: str) -> Call:
    return lambda client: client.post(path, _fields(filing, action))


def _each_as(world: World, filings: Iterable[Filing], action: str, path: str) -> list[tuple[Client, Call]]:
    return [(world.signed_in(f.employee.user), _filed(f, action, path)) for f in filings]


def _dealt(world: World, pairs: list[tuple[Client, Call]], clients: int) -> list[tuple[Client, list[Call]]]:
    """Calls of many people on a few connections: each call brings the cookies of its person. Never more
    connections than calls."""
    return [
        (world.anonymous(), [_with_cookies(person.cookies, call) for person, call in pairs[place::clients]])
        for place in range(min(clients, len(pairs)))
    ]


def _with_cookies(cookies: dict[str, str], call: Call) -> Call:
    def carried(client: Client) -> Answer:
        client.cookies = dict(cookies)
        return call(client)

    return carried


def preview(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
    filings = list(islice(world.filings, clients * each))
    return _dealt(world, _each_as(world, filings, "preview", "/cuti/permohonan/hitung/"), clients)


def submit(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
    filings = list(islice(world.filings, clients * each))
    return _dealt(world, _each_as(world, filings, "submit", "/cuti/permohonan/baru/"), clients)


def _verdicts(world: World, kind: StepKind, path: str, count: int) -> Iterator[tuple[Client, Call]]:
    signed_in: dict[Any, Client] = {}
    for step in world.waiting(kind, count):
        client = signed_in.get(step.holder_id) or world.signed_in(step.holder)
        signed_in[step.holder_id] = client
        fields = {"outcome": "approved", "version": str(step.request.version)}
        yield client, lambda own, pk=step.request_id, fields=fields: own.post(path.format(pk), fields)


def opinion(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
    pairs = list(_verdicts(world, StepKind.OPINION, "/cuti/permohonan/{}/pertimbangan/", clients * each))
    return _dealt(world, pairs, clients)


def decide(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
    pairs = list(_verdicts(world, StepKind.DECISION, "/cuti/permohonan/{}/putuskan/", clients * each))
    return _dealt(world, pairs, clients)


# --- Public feedback --------------------------------------------------------------------------------
def anonymous_at(path: Callable[[], str]) -> Any:
    """An address that is known once the data are there."""
    return lambda world, clients, each: anonymous(path())(world, clients, each)


def as_officer(path: str | Callable[[], str]) -> Any:
    def prepare(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
        found = path if isinstance(path, str) else path()
        return as_user(reports.officer, found)(world, clients, each)

    return prepare


def _citizens(world: World, clients: int, calls: list[Call]) -> list[tuple[Client, list[Call]]]:
    """Visitors who opened the form, and so have its cookie."""
    found = []
    for place in range(min(clients, len(calls))):
        visitor = world.anonymous()
        visitor.get("/pengaduan/baru/")
        found.append((visitor, calls[place::clients]))
    return found


def look_first(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
    return _citizens(world, clients, [reports.look_first] * (clients * each))


def send_report(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
    return _citizens(world, clients, [reports.sending() for _ in range(clients * each)])


def forward(world: World, clients: int, each: int) -> list[tuple[Client, list[Call]]]:
    person = reports.officer(world)
    officer = world.signed_in(person)
    return _dealt(world, [(officer, call) for call in reports.forwarding(person, clients * each)], clients)


FLOORS = (
    Case("plain", "plain", 1, anonymous("/bench/plain/")),
    Case("rows", "rows", 1, anonymous("/bench/rows/")),
    Case(
        "insert",
        "insert",
        1,
        lambda world, clients, each: [
            (world.anonymous(), list(repeat(lambda client: client.post("/bench/insert/", {}), each)))
            for _ in range(clients)
        ],
    ),
)
CASES = (
    Case("sign-in", "plain", 8, anonymous("/akun/login/")),
    Case("home", "rows", 3, as_employee("/")),
    Case("balance", "rows", 3, as_employee("/cuti/saldo/")),
    Case("request form", "rows", 3, as_employee("/cuti/permohonan/baru/")),
    Case("my requests", "rows", 3, as_employee("/cuti/saya/")),
    Case("inbox", "rows", 3, as_user(World.busy_holder, "/pekerjaan/")),
    Case("staff list", "rows", 3, as_user(World.hr, "/pegawai/")),
    Case("staff search", "rows", 3, as_user(World.hr, "/pegawai/?q=Wibowo")),
    Case("requests of others", "rows", 3, as_user(World.hr, "/cuti/kantor/")),
    Case("opening balances", "rows", 3, as_user(World.hr, "/cuti/kantor/saldo-awal/")),
    Case("my performance", "rows", 6, as_employee("/kinerja/")),
    Case("team performance", "rows", 4, as_user(World.busy_assessor, "/kinerja/tim/")),
    Case("team of 50", "rows", 4, as_user(performance.assessor_of_fifty, "/kinerja/tim/")),
    Case("unit of 5000", "rows", 20, as_hr(performance.unit_path)),
    Case("performance of all units", "rows", 20, as_user(World.hr, "/kinerja/pantau/")),
    Case("participants", "rows", 3, as_user(World.hr, "/kinerja/pantau/pegawai/")),
    Case("preview", "insert", 15, preview),
    Case("submit", "insert", 15, submit, expect=302),
    Case("opinion", "insert", 15, opinion, expect=302),
    Case("decide", "insert", 15, decide, expect=302, share=0.8),
    Case("report form", "plain", 8, anonymous("/pengaduan/baru/")),
    Case("report list", "rows", 3, anonymous("/pengaduan/")),
    Case("report search", "rows", 3, anonymous("/pengaduan/?q=lampu+kenanga")),
    Case("tracking", "plain", 8, anonymous_at(reports.tracking_path)),
    Case("report look", "insert", 15, look_first, share=0.3),
    Case("report send", "insert", 15, send_report, share=0.5, warm=False),
    Case("desk", "rows", 3, as_officer("/pengaduan/meja/")),
    Case("desk search", "rows", 3, as_officer("/pengaduan/meja/?state=semua&q=lampu+kenanga")),
    Case("desk rare word", "rows", 3, as_officer("/pengaduan/meja/?state=semua&q=tiang4711")),
    Case("case", "rows", 3, as_officer(reports.case_path)),
    Case("forward", "insert", 15, forward, expect=302, share=0.5),
    Case("statistics", "plain", 8, anonymous("/statistik/")),
    Case("whistle channel", "plain", 8, anonymous("/wbs/")),
    Case("whistle form", "plain", 8, anonymous("/wbs/lapor/")),
    Case("whistle desk", "rows", 3, as_user(reports.investigator, "/meja-wbs/")),
)


@dataclass(frozen=True)
class Work:
    """What a worker does, measured once: milliseconds for one person are held against the floor."""

    name: str
    floor: str
    budget: float
    do: Callable[[World], performance.Done]


WORKS = (Work("opening a year", "insert", 0.2, performance.open_year),)
