"""What the measurement of public feedback needs: cases by the hundred thousand, photos, proofs of work, officers.

BENCH_CASES (20000) chooses how many cases stand in the database; 10,000 of them are open. They are written by one
statement, so that a million takes minutes; what is measured on a single case is a case that went its real way.
"""

import datetime
import json
import os
import secrets
import time
from functools import cache
from io import BytesIO
from typing import Any

import altcha
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from bench.client import Call, Client
from bench.world import World
from feedback.models import Case, FeedbackSetting
from feedback.permissions import can_handle
from feedback.services import defence, staging
from feedback.services.statistics import refresh_due
from feedback.views.reports.common import FormToken
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.units.models import RoleAssignment, Unit, UnitKind

OPEN, YEARS = 10_000, 3
MARK = "PGD-0101-"
"""Numbers of the written cases, of a month in which nobody filed."""
PHOTO = (2048, 1536)
"""Pixels: what report.js makes of a larger photo before it travels."""
TEXT = "Antrean loket panjang sekali sejak Senin, petugas hanya satu orang."
SEED = """
WITH given AS (
    SELECT n, %(units)s::uuid[] AS units, n < %(open)s AS is_open,
        CASE WHEN n < %(open)s THEN now() - (n %% 20) * interval '1 day'
             ELSE now() - (n::float / %(count)s * %(days)s) * interval '1 day' - interval '21 days' END AS at,
        (ARRAY['Antrean', 'Genangan', 'Lampu', 'Sampah', 'Berkas', 'Petugas', 'Jadwal', 'Obat', 'Trotoar',
               'Retribusi', 'Parkir', 'Sekolah'])[n %% 12 + 1] AS subject,
        (ARRAY['Melati', 'Kenanga', 'Mawar', 'Anggrek', 'Cempaka', 'Flamboyan', 'Dahlia', 'Teratai', 'Seroja',
               'Kamboja', 'Bougenvil'])[n %% 11 + 1] AS place
    FROM generate_series(%(first)s, %(count)s - 1) AS n
), said AS (
    SELECT *, format('%%s di Jalan %%s nomor %%s belum ditangani', subject, place, n %% 997) AS title,
        format('%%s di Jalan %%s sudah dilaporkan kepada petugas RT%%s, tetapi sampai sekarang belum ada '
               'tindakan. Warga menunggu sejak pekan lalu dan mohon kepastian jadwal. Kode tempat tiang%%s.',
               subject, place, n %% 83, n %% 20011) AS text,
        CASE WHEN is_open THEN (ARRAY['verifikasi', 'disposisi', 'proses', 'dijawab'])[n %% 4 + 1]
             WHEN n %% 10 = 0 THEN 'ditolak' ELSE 'selesai' END AS state,
        CASE WHEN is_open AND n %% 4 = 0 THEN NULL ELSE units[n %% array_length(units, 1) + 1] END AS holder
    FROM given
)
INSERT INTO feedback_case (
    id, number, kind, state, unit_id, holder_unit_id, title, text, published_title, published_text, published_at,
    anonymous, secret, held, place, attributes, channel, pin_digest, received_at, received_on, verified_at,
    first_answered_at, answered_at, closed_at, updated_at, due_on, due_phase, outside, version
)
SELECT
    encode(overlay(overlay(uuid_send(gen_random_uuid()) PLACING substring(
        int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1) PLACING '\\x7000'::bytea FROM 7),
        'hex')::uuid,
    %(mark)s || lpad(upper(to_hex(n)), 6, '0'),
    (ARRAY['tidak_berkadar', 'tidak_berkadar', 'informasi', 'aspirasi', 'berkadar'])[n %% 5 + 1],
    state, units[n %% array_length(units, 1) + 1], holder, title, text,
    CASE WHEN state IN ('verifikasi', 'ditolak') THEN '' ELSE title END,
    CASE WHEN state IN ('verifikasi', 'ditolak') THEN '' ELSE text END,
    CASE WHEN state IN ('verifikasi', 'ditolak') THEN NULL ELSE at + interval '1 day' END,
    n %% 7 = 0, false, false, '', '{}', 'web', '', at, at::date, at + interval '1 day',
    CASE WHEN state IN ('dijawab', 'selesai') THEN at + interval '3 days' END,
    CASE WHEN state IN ('dijawab', 'selesai') THEN at + interval '3 days' END,
    CASE WHEN is_open THEN NULL ELSE at + interval '13 days' END,
    at + interval '13 days',
    CASE WHEN is_open THEN now()::date + (n %% 25 - 5) END, CASE WHEN is_open THEN 'final' ELSE '' END, '', 4
FROM said
"""


def seed_cases() -> None:
    """As many as are asked for; those of an earlier run stay."""
    wanted = int(os.environ.get("BENCH_CASES", "20000"))
    # All that is measured comes from one address: what it costs to be busy is not the question here.
    FeedbackSetting.objects.update(complaints_an_hour=30_000, complaints_a_day=30_000, replies_an_hour=30_000)
    first = Case.objects.filter(number__startswith=MARK).count()
    if first < wanted:
        offices = Unit.objects.open().filter(kind=UnitKind.OFFICE).order_by("path")
        facts = {"first": first, "count": wanted, "open": OPEN, "days": 365 * YEARS, "mark": MARK}
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(SEED, facts | {"units": list(offices.values_list("pk", flat=True))})
            cursor.execute("VACUUM ANALYZE feedback_case")
        print(f"  {wanted - first:,} cases written in {time.perf_counter() - started:.0f} s", flush=True)
    started = time.perf_counter()
    refresh_due()
    print(f"  statistics of {wanted:,} cases computed in {time.perf_counter() - started:.1f} s", flush=True)


def officer(world: World, role: Role = Role.COMPLAINT_ADMIN) -> User:
    found = RoleAssignment.objects.filter(role=role).select_related("user").order_by("valid_from", "id").first()
    if found is None:
        raise LookupError(f"the demo data have nobody who is {role}")
    return found.user


def investigator(world: World) -> User:
    """Who handles the protected channel."""
    return officer(world, Role.WHISTLE_OFFICER)


def tracking_path() -> str:
    """The page of a published case that went its way by the verbs, with steps, clocks and an answer."""
    cases = Case.objects.public().exclude(number__startswith=MARK).exclude(answered_at=None)
    return f"/pengaduan/{cases.latest('answered_at').number}/"


def case_path() -> str:
    cases = Case.objects.exclude(number__startswith=MARK).exclude(holder_unit=None).filter(secret=False)
    return f"/pengaduan/meja/{cases.latest('received_at').pk}/"


@cache
def photo() -> bytes:
    """As a telephone makes them: with noise, so that it is as large and as slow to draw anew as a real one."""
    noise = Image.effect_noise(PHOTO, 60).convert("RGB")
    content = BytesIO()
    noise.save(content, "JPEG", quality=70)
    return content.getvalue()


def _fields(key: str, step: str) -> dict[str, str]:
    filled_in = FormToken(key, time.time() - datetime.timedelta(minutes=2).total_seconds())
    return {"form": filled_in.text, "step": step, "kind": "tidak_berkadar", "text": TEXT, "name": "Siti Warga"}


def look_first(client: Client) -> Any:
    """The first sending: the photo is drawn anew and kept, the citizen sees what the public will read."""
    fields = _fields(secrets.token_urlsafe(24), "preview")
    return client.upload("/pengaduan/baru/", fields, "files", "foto.jpg", photo())


def sending() -> Call:
    """The second one, with a photo that was kept before and a proof of work that is solved here."""
    key = secrets.token_urlsafe(24)
    upload = SimpleUploadedFile("foto.jpg", photo(), "image/jpeg")
    kept = staging.token_of(staging.add([], upload), key=key)
    challenge = altcha.Challenge.from_dict(json.loads(defence.new_challenge("bench")))
    proof = altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()
    fields = _fields(key, "send") | {"kept": kept, "altcha": proof}
    return lambda client: client.post("/pengaduan/baru/", fields)


def forwarding(person: User, count: int) -> list[Call]:
    """Each of another case that waits to be forwarded, and is not about that person's own unit."""
    unit = Unit.objects.open().filter(kind=UnitKind.OFFICE).order_by("path").first()
    rows = Case.objects.filter(number__startswith=MARK, state="verifikasi").select_related("unit").order_by("?")
    calls: list[Call] = []
    for row in rows[: 2 * count]:
        if len(calls) == count or not can_handle(person, row):
            continue
        fields = {"version": str(row.version), "unit": unit.code if unit else ""}
        path = f"/pengaduan/meja/{row.pk}/lakukan/teruskan/"
        calls.append(lambda client, path=path, fields=fields: client.post(path, fields))
    return calls
