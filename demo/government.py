"""An invented government: its units and who heads them."""

import datetime
import random
import uuid
from dataclasses import dataclass, field

from demo import names
from demo.copying import Copier, Ids
from kepegawaian.calendars.models import PatternKind, UnitPattern
from kepegawaian.employees.models import Position
from kepegawaian.units.models import Unit, UnitFunction, UnitKind, UnitPeriod

OPENED = datetime.date(2017, 1, 2)


@dataclass
class Node:
    """A unit with the post that heads it; `weight` is its share of the staff."""

    name: str
    kind: str
    parent: "Node | None" = None
    short: str = ""
    function: str = ""
    head_post: str = ""
    eselon: str = ""
    weight: int = 1
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    path: str = ""
    depth: int = 1
    children: list["Node"] = field(default_factory=list)
    head_position: uuid.UUID | None = None

    def add(self, name: str, kind: str = UnitKind.SECTION, **values: object) -> "Node":
        child = Node(name, kind, self, **values)  # type: ignore[arg-type]
        self.children.append(child)
        return child

    @property
    def office(self) -> "Node":
        node = self
        while node.kind != UnitKind.OFFICE and node.parent:
            node = node.parent
        return node

    def walk(self) -> "list[Node]":
        return [self, *(node for child in self.children for node in child.walk())]


def plan(people: int) -> Node:
    """The tree for about `people` staff: offices first, schools and clinics grow with the number."""
    root = Node(
        "Pemerintah Kota Contoh",
        UnitKind.GOVERNMENT,
        short="Pemkot",
        function=UnitFunction.HEAD_OF_GOVERNMENT,
        head_post="Wali Kota",
        weight=0,
    )
    setda = root.add(
        "Sekretariat Daerah",
        UnitKind.OFFICE,
        short="Setda",
        function=UnitFunction.SECRETARIAT,
        head_post="Sekretaris Daerah",
        eselon="II.a",
    )
    for name in ("Bagian Hukum", "Bagian Organisasi", "Bagian Umum dan Protokol"):
        setda.add(name, head_post=f"Kepala {name}", eselon="III.a")
    personnel = root.add(
        "Badan Kepegawaian dan Pengembangan SDM",
        UnitKind.OFFICE,
        short="BKPSDM",
        function=UnitFunction.PERSONNEL,
        head_post="Kepala Badan Kepegawaian dan Pengembangan SDM",
        eselon="II.b",
    )
    _divisions(personnel, ("Mutasi dan Promosi", "Pengembangan Kompetensi", "Penilaian Kinerja"), people)
    for name, short, divisions in names.OFFICES[: max(4, min(len(names.OFFICES), people // 50))]:
        post = "Camat" if name.startswith("Kecamatan") else f"Kepala {name}"
        post = post.replace("Kepala Inspektorat Daerah", "Inspektur Daerah")
        office = root.add(name, UnitKind.OFFICE, short=short, head_post=post, eselon="II.b")
        _divisions(office, divisions, people)
        if short == "Disdikbud":
            for number in range(1, max(3, people // 160) + 1):
                _service(office, f"SMP Negeri {number}", "Kepala SMP Negeri")
        if short == "Dinkes":
            for number in range(1, max(3, people // 250) + 1):
                _service(office, f"Puskesmas Contoh {number}", "Kepala Puskesmas Contoh")
    return root


def _divisions(office: Node, divisions: tuple[str, ...], people: int) -> None:
    secretary = office.add("Sekretariat", head_post=f"Sekretaris {office.short}", eselon="III.a")
    secretary.name = f"Sekretariat {office.short}"
    for name in divisions:
        division = office.add(f"Bidang {name}", head_post=f"Kepala Bidang {name}", eselon="III.b", weight=2)
        if people >= 2000:
            for number in ("I", "II"):
                division.add(f"Seksi {name} {number}", head_post=f"Kepala Seksi {name} {number}", eselon="IV.a")


def _service(office: Node, name: str, post: str) -> None:
    office.add(name, UnitKind.SERVICE, head_post=f"{post} {name.split()[-1]}", eselon="", weight=5)


def write(root: Node, copier: Copier, new_id: Ids) -> list[Node]:
    """Units, their first periods, their work patterns and the positions that head them."""
    nodes = root.walk()
    for node in nodes:
        node.id = new_id()
        node.head_position = new_id()
    _number(root, Unit._get_path(None, 1, 1))
    for node in nodes:
        copier.add(
            Unit,
            id=node.id,
            path=node.path,
            depth=node.depth,
            numchild=len(node.children),
            code=f"demo-{node.path}",
            name=node.name,
            short_name=node.short,
            kind=node.kind,
            function=node.function,
            timezone="Asia/Makassar" if node is root else "",
            opened_on=OPENED,
        )
    for node in nodes:
        parent = node.parent.id if node.parent else None
        copier.add(UnitPeriod, id=new_id(), unit_id=node.id, parent_id=parent, name=node.name, valid_from=OPENED)
        kind = "official" if node is root else "structural" if node.eselon else "functional"
        copier.add(
            Position,
            id=node.head_position,
            name=node.head_post,
            kind=kind,
            eselon=node.eselon,
            heads_id=node.id,
        )
    for node in nodes:
        pattern = (
            PatternKind.FIVE_DAY if node is root else PatternKind.SIX_DAY if node.kind == UnitKind.SERVICE else ""
        )
        if pattern:
            copier.add(UnitPattern, id=new_id(), unit_id=node.id, kind=pattern, weekdays="{}", valid_from=OPENED)
    copier.flush()
    return nodes


def _number(node: Node, path: str) -> None:
    node.path = path
    node.depth = len(path) // Unit.steplen
    for step, child in enumerate(node.children, start=1):
        _number(child, Unit._get_path(path, node.depth + 1, step))


def staff_units(nodes: list[Node], rng: random.Random) -> list[Node]:
    """Units that take staff, each as often as its weight, in a stable mixed order."""
    pool = [node for node in nodes if node.weight and node.depth > 2 for _ in range(node.weight)]
    rng.shuffle(pool)
    return pool
