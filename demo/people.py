"""Invented people in the invented government: one definitive post and one rank history each."""

import datetime
import random
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from demo import names
from demo.copying import Copier, Ids
from demo.government import Node, staff_units
from evaluations.rules import credits
from kepegawaian.accounts.models import User
from kepegawaian.employees.models import Employee, EmployeeNumber, Position, PositionHolding, RankHolding
from kepegawaian.employees.rules import PNS_GOLONGAN
from kepegawaian.units.models import UnitKind

PNS_RANKS = {21: "II/a", 22: "II/b", 23: "II/c", 24: "II/d", 31: "III/a", 32: "III/b", 33: "III/c", 34: "III/d"}
PNS_RANKS |= {41: "IV/a", 42: "IV/b", 43: "IV/c", 44: "IV/d"}
PNS_ORDERS = sorted(PNS_RANKS)
PPPK_RANKS = {5: "V", 7: "VII", 9: "IX", 10: "X"}
FIRST_YEARS = 8
"""Of service, in which nobody is above the first *jenjang*."""
HEAD_ORDER = {"II.a": 43, "II.b": 42, "III.a": 41, "III.b": 34, "IV.a": 33, "": 34}


def fitting(post: str, order: int) -> int:
    """The rank of the post's *jenjang* that is nearest to `order` (performance reference 11)."""
    jenjang = credits.jenjang_named(names.LEVELS.get(post, ""))
    if jenjang is None:
        return order
    codes = [one.code for one in PNS_GOLONGAN if one.name in credits.level(jenjang).golongan]
    return min(max(order, codes[0]), codes[-1])


@dataclass(frozen=True)
class Person:
    id: uuid.UUID
    user_id: uuid.UUID
    account_id: uuid.UUID
    nip: str
    name: str
    status: str
    service_start: datetime.date
    contract_end: datetime.date | None
    node: Node
    post: str
    heads: bool


class Maker:
    """Makes people one after another; a NIP's sequence continues where its first 15 digits repeat."""

    def __init__(self, copier: Copier, new_id: Ids, rng: random.Random, today: datetime.date) -> None:
        self.copier, self.new_id, self.rng, self.today = copier, new_id, rng, today
        self._sequences: dict[str, int] = {}
        self._unusable = make_password(None)
        self.positions: dict[str, uuid.UUID] = {}

    def add_positions(self) -> None:
        for name, kind, level in (*names.STAFF_POSTS, *names.SCHOOL_POSTS, *names.CLINIC_POSTS):
            self.positions[name] = self.new_id()
            self.copier.add(Position, id=self.positions[name], name=name, kind=kind, level=level)
        self.copier.flush()

    def _name(self, sex: str) -> str:
        first = self.rng.choice(names.MALE if sex == "M" else names.FEMALE).replace("_", " ")
        family = self.rng.sample(names.FAMILY, 2 if self.rng.random() < 0.35 else 1)
        return " ".join([first, *family])

    def _number(self, birth: datetime.date, start: datetime.date, sex: str, pppk: bool) -> str:
        middle = f"{start:%Y}21" if pppk else f"{start:%Y%m}"
        stem = f"{birth:%Y%m%d}{middle}{1 if sex == 'M' else 2}"
        self._sequences[stem] = self._sequences.get(stem, 0) + 1
        return f"{stem}{self._sequences[stem]:03d}"

    def make(self, node: Node, *, heads: bool, official: bool = False) -> Person:
        """One person in `node`, with account, number, rank and post."""
        rng = self.rng
        sex = rng.choice("MF")
        status = (
            "official" if official else "pns" if heads else rng.choices(("pns", "pppk", "cpns"), (68, 27, 5))[0]
        )
        start = self._service_start(status, heads)
        age_at_start = rng.randint(21, 34)
        birth = datetime.date(start.year - age_at_start, rng.randint(1, 12), rng.randint(1, 28))
        nip = "" if official else self._number(birth, start, sex, status == "pppk")
        post, position = self._post(node, heads, junior=self.today.year - start.year < FIRST_YEARS)
        person = Person(
            id=self.new_id(),
            user_id=self.new_id(),
            account_id=self.new_id(),
            nip=nip,
            name=self._name(sex),
            status=status,
            service_start=start,
            contract_end=datetime.date(start.year + 5, start.month, 1) if status == "pppk" else None,
            node=node,
            post=post,
            heads=heads,
        )
        self._write(person, birth, sex)
        self._write_histories(person, position)
        return person

    def _service_start(self, status: str, heads: bool) -> datetime.date:
        year = self.today.year
        if status == "cpns":
            return datetime.date(year, self.rng.choice((1, 3, 4, 5)), 1)
        if status == "pppk":
            return datetime.date(year - self.rng.randint(1, 4), self.rng.choice((1, 3, 12)), 1)
        return datetime.date(year - self.rng.randint(14 if heads else 2, 28), self.rng.choice((1, 2, 3, 4, 12)), 1)

    def _post(self, node: Node, heads: bool, *, junior: bool) -> tuple[str, uuid.UUID]:
        if heads and node.head_position:
            return node.head_post, node.head_position
        posts: tuple[tuple[str, str, str], ...] = names.STAFF_POSTS
        if node.kind == UnitKind.SERVICE:
            posts = names.SCHOOL_POSTS if node.name.startswith("SMP") else names.CLINIC_POSTS
        name = self.rng.choice(posts)[0]
        name = names.FIRST_POSTS.get(name, name) if junior else name
        return name, self.positions[name]

    def _write(self, person: Person, birth: datetime.date, sex: str) -> None:
        rng = self.rng
        self.copier.add(
            User,
            id=person.user_id,
            nip=person.nip or None,
            email=None,
            name=person.name,
            password=self._unusable,
        )
        day = birth.day + (40 if sex == "F" else 0)
        nik = f"5371{rng.randint(1, 6):02d}{day:02d}{birth:%m%y}{rng.randint(1, 9999):04d}"
        self.copier.add(
            Employee,
            **self._dates(person),
            id=person.id,
            user_id=person.user_id,
            name=person.name,
            title_back=rng.choice(("", "S.E.", "S.Kom.", "S.Pd.", "S.H.", "S.Sos.", "M.Si.", "A.Md.")),
            birth_place=rng.choice(("Kupang", "Bengkulu", "Sawahlunto", "Tebing Tinggi", "Ende", "Medan")),
            birth_date=birth,
            sex=sex,
            religion=rng.choice(("Islam", "Kristen", "Katolik", "Hindu", "Buddha")),
            nik="" if person.status == "official" else nik,
            phone=f"08{rng.randint(1100000000, 1399999999)}",
            address=f"Jl. Contoh No. {rng.randint(1, 250)}, RT {rng.randint(1, 12):03d}",
            status=person.status,
            education_level="S-1/Sarjana",
        )
        if person.nip:
            kind = "ni_pppk" if person.status == "pppk" else "nip"
            self.copier.add(
                EmployeeNumber,
                id=self.new_id(),
                employee_id=person.id,
                kind=kind,
                value=person.nip,
                valid_from=person.service_start,
            )

    def _dates(self, person: Person) -> dict[str, Any]:
        start = person.service_start
        if person.status == "pppk":
            return {"contract_start": start, "contract_end": person.contract_end}
        tmt_pns = datetime.date(start.year + 1, start.month, 1) if person.status == "pns" else None
        return {"tmt_cpns": start, "tmt_pns": tmt_pns}

    def _write_histories(self, person: Person, position: uuid.UUID) -> None:
        start = max(person.service_start, datetime.date(2017, 1, 2))
        if person.status != "official":
            scheme = "pppk" if person.status == "pppk" else "pns"
            order = self._rank_order(person)
            self.copier.add(
                RankHolding,
                id=self.new_id(),
                employee_id=person.id,
                scheme=scheme,
                golongan=PPPK_RANKS[order] if scheme == "pppk" else PNS_RANKS[order],
                order=order,
                valid_from=start,
                decree_number=f"823/{self.rng.randint(1, 900)}/BKPSDM/{start.year}",
            )
        self.copier.add(
            PositionHolding,
            id=self.new_id(),
            employee_id=person.id,
            position_id=position,
            unit_id=person.node.id,
            kind="definitive",
            heads_id=person.node.id if person.heads else None,
            valid_from=start,
            decree_number=f"821/{self.rng.randint(1, 900)}/BKPSDM/{start.year}",
        )

    def _rank_order(self, person: Person) -> int:
        if person.status == "pppk":
            return self.rng.choice(sorted(PPPK_RANKS))
        if person.heads:
            return HEAD_ORDER[person.node.eselon]
        years = self.today.year - person.service_start.year
        order = PNS_ORDERS[min(len(PNS_ORDERS) - 4, self.rng.choice((2, 4)) + years // 6)]
        return fitting(person.post, order)


def populate(
    nodes: list[Node], people: int, copier: Copier, new_id: Ids, rng: random.Random, today: datetime.date
) -> list[Person]:
    """Heads first (one unit in fourteen stays without), then staff by the weight of the units."""
    maker = Maker(copier, new_id, rng, today)
    maker.add_positions()
    made = [maker.make(nodes[0], heads=True, official=True)]
    for node in nodes[1:]:
        vacant = node.depth > 2 and not node.children and rng.random() < 0.07
        if not vacant and len(made) < people:
            made.append(maker.make(node, heads=True))
    pool = staff_units(nodes, rng)
    while len(made) < people:
        made.append(maker.make(pool[len(made) % len(pool)], heads=False))
    copier.flush()
    return made
