"""Two forums: a public consultation that takes opinions, and a *musrenbang* in the weeks of its vote."""

import datetime
import io
import random
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from demo.feedback_cases import Cast
from demo.moments import ago, moment
from feedback.enums import FlagReason, MeetingMode, ProcessKind, Progress, Verdict
from feedback.models import Meeting, Moderation, Process, Proposal
from feedback.rules.forum_templates import FKP, MUSRENBANG, Template
from feedback.services import (
    forums,
    forums_amendments,
    forums_answers,
    forums_files,
    forums_meetings,
    forums_polls,
    forums_proposals,
    forums_talk,
)
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit

SLUGS = {ProcessKind.FKP: "konsultasi-publik", ProcessKind.MUSRENBANG: "musrenbang-kota"}
HOUR = datetime.timedelta(hours=1)
FKP_BEGAN, MUSRENBANG_BEGAN = 20, 40
"""Days ago: the first takes opinions from its 14th day on, the second votes from its 35th."""
OPINIONS = (
    ("Loket khusus lansia", "Sediakan satu loket dengan kursi untuk lansia dan ibu hamil."),
    ("Buka Sabtu pagi", "Mohon loket dibuka Sabtu pagi bagi yang bekerja pada hari kerja."),
    ("Nomor antrean dari rumah", "Nomor antrean dapat diambil melalui ponsel agar tidak menunggu lama."),
)
WISHES = (
    (
        "Lampu jalan di Jalan Melati",
        "Jalan gelap dan rawan kecelakaan.",
        "Jalan Melati",
        "12 titik",
    ),
    ("Trotoar di depan pasar", "Pejalan kaki turun ke jalan karena tidak ada trotoar.", "Pasar Lama", "400 meter"),
    ("Perpustakaan kelurahan", "Anak-anak belum punya tempat membaca yang dekat.", "Kampung Baru", "1 unit"),
    ("Saluran air Gang Mawar", "Air menggenang setiap hujan.", "Gang Mawar 3", "250 meter"),
    ("Taman bermain anak", "Tidak ada tempat bermain yang aman di lingkungan kami.", "Sukamaju", "1 taman"),
    ("Penerangan Jalan Melati", "Lampu jalan di sekitar sekolah mati.", "Jalan Melati", "4 titik"),
    ("Sumur bor umum", "Pada musim kemarau air harus dibeli.", "Kampung Baru", "2 titik"),
    ("Halte di Jalan Veteran", "Penumpang menunggu di tepi jalan tanpa naungan.", "Jalan Veteran", "2 halte"),
)
SAID = (
    "Saya setuju, ini yang paling dibutuhkan lingkungan kami.",
    "Bagaimana dengan pemeliharaannya nanti?",
    "Mohon dipertimbangkan juga jalan di sebelahnya.",
)
HOURS = ("Sabtu pagi", "Hari kerja sampai pukul 18.00", "Cukup seperti sekarang")
FIRST = ("Lampu jalan", "Trotoar pasar", "Taman bermain anak", "Saluran air")
MINUTES = "Pertemuan dibuka pukul 09.00. Setiap usulan dibacakan, ditanggapi perangkat daerah, lalu dibahas."


def load(cast: Cast, office: Unit, rng: random.Random) -> None:
    _consultation(cast, office)
    _musrenbang(cast, Unit.objects.get(depth=1), rng)


def _forum(organiser: User, unit: Unit, template: Template, began: int, title: str, **facts: Any) -> Process:
    """Announced some days before its first day."""
    with moment(ago(began + 5)):
        values = {
            "title": title,
            "summary": template.summary,
            "starts_on": today() + datetime.timedelta(days=5),
            **facts,
        }
        slug = SLUGS[template.kind]
        draft = forums.create_process(actor=organiser, unit=unit, slug=slug, kind=template.kind, facts=values)
        return forums.publish_process(actor=organiser, process=draft)


def _announce(organiser: User, process: Process, template: Template, days_from_now: int, title: str) -> Meeting:
    start = ago(0, hour=9) + datetime.timedelta(days=days_from_now)
    facts = {
        "title": title,
        "text": template.summary,
        "mode": MeetingMode.IN_PERSON,
        "address": "Aula Balai Kota, Jalan Sudirman 1",
        "hints": "Pintu sebelah timur dapat dilalui kursi roda.",
        "link": "",
        "registration": True,
        "seats": 10,
        "starts_at": start,
        "ends_at": start + 3 * HOUR,
    }
    agenda = [{"title": item, "minutes": 30, "speaker": ""} for item in template.agenda]
    return forums_meetings.save_meeting(actor=organiser, process=process, facts=facts, agenda=agenda)


def _consultation(cast: Cast, office: Unit) -> None:
    organiser = cast.liaisons[office.pk][0]
    process = _forum(organiser, office, FKP, FKP_BEGAN, f"Forum Konsultasi Publik {office.short_name}")
    made = []
    for place, (title, text) in enumerate(OPINIONS):
        with moment(ago(FKP_BEGAN - 15 - place, hour=11)):
            author = cast.citizens[place] if place else cast.citizen
            facts = {"title": title, "text": text}
            made.append(forums_proposals.propose(actor=author, process=process, facts=facts))
    with moment(ago(2, hour=14)):
        forums_talk.comment(actor=cast.citizens[4], process=process, proposal=made[0], text=SAID[0])
        question = forums_talk.comment(actor=cast.citizens[5], process=process, text=SAID[1])
        reply = "Terima kasih. Pemeliharaan masuk anggaran rutin kantor."
        forums_talk.comment(actor=organiser, process=process, text=reply, parent=question)
    _better_words(cast, made)
    with moment(ago(1, hour=9)):
        meeting = _announce(organiser, process, FKP, 12, "Pertemuan konsultasi publik")
        for user in cast.citizens[:3]:
            forums_meetings.register(actor=user, meeting=meeting, facts={"name": user.name, "element": "Warga"})
        _polled(cast, organiser, meeting, "Jam pelayanan mana yang Anda perlukan?", HOURS)


def _polled(cast: Cast, organiser: User, meeting: Meeting, question: str, options: tuple[str, ...]) -> None:
    """The first answer is chosen most, and the citizen who signs in has not voted yet."""
    poll = forums_polls.open_poll(actor=organiser, meeting=meeting, question=question, options=options)
    answers = list(poll.options.order_by("order"))
    for place, user in enumerate(cast.citizens[:9]):
        choice = answers[0 if place % 2 else place // 2 % len(answers)]
        forums_polls.choose(actor=user, poll=poll, option=choice)


def _better_words(cast: Cast, made: list[Proposal]) -> None:
    """One that the author took over, and one that waits for him."""
    author, helper = cast.citizen, cast.citizens[6]
    with moment(ago(2, hour=15)):
        facts = _words(made[0]) | {"text": f"{made[0].text} Sediakan juga kursi roda.", "why": "Belum disebut."}
        better = forums_amendments.suggest(actor=helper, proposal=made[0], facts=facts, version=1)
    with moment(ago(2, hour=19)):
        forums_amendments.decide(actor=author, amendment=better, accepted=True)
    with moment(ago(1, hour=8)):
        facts = _words(made[1]) | {"title": "Buka Sabtu pagi dua kali sebulan", "why": "Lebih mungkin dikerjakan."}
        forums_amendments.suggest(actor=helper, proposal=made[1], facts=facts, version=1)


def _words(proposal: Proposal) -> dict[str, str]:
    return {name: getattr(proposal, name) for name in forums_proposals.WORDING}


def _musrenbang(cast: Cast, government: Unit, rng: random.Random) -> None:
    organiser, began = cast.admin, MUSRENBANG_BEGAN
    process = _forum(organiser, government, MUSRENBANG, began, "Musrenbang Kota Contoh", counts_hidden=False)
    wishes = _wishes(cast, process)
    with moment(ago(began - 24)):
        forums_proposals.merge_proposals(actor=organiser, main=wishes[0], duplicate=wishes[5])
        for wish, cost in ((wishes[0], 180), (wishes[1], 420), (wishes[3], 95)):
            note = "Dapat dikerjakan dalam satu tahun anggaran."
            facts = {"feasible": True, "office_note": note, "estimate": Decimal(cost * 1_000_000)}
            forums_proposals.note_office(actor=organiser, proposal=wish, facts=facts)
    meeting = _held(cast, process, wishes)
    _answers(organiser, process, wishes, meeting)
    _votes(cast, [wish for wish in wishes if wish is not wishes[5]], rng)
    _talk(cast, process, wishes)
    with moment(ago(1)):
        coming = _announce(organiser, process, MUSRENBANG, 11, "Musyawarah tingkat kota")
        for user in (cast.citizen, *cast.citizens):
            facts = {"name": user.name, "address": "Kota Contoh", "element": "Warga"}
            forums_meetings.register(actor=user, meeting=coming, facts=facts)


def _wishes(cast: Cast, process: Process) -> list[Proposal]:
    made = []
    for place, (title, text, location, volume) in enumerate(WISHES):
        with moment(ago(MUSRENBANG_BEGAN - 2 - 2 * place, hour=13)):
            author = cast.citizen if place == 2 else cast.citizens[place]
            facts = {"title": title, "text": text, "location": location, "volume": volume}
            facts["group_name"] = "Karang Taruna Sukamaju" if place == 4 else ""
            files = (_sketch(location),) if place == 0 else ()
            made.append(forums_proposals.propose(actor=author, process=process, facts=facts, files=files))
    return made


def _sketch(name: str) -> SimpleUploadedFile:
    """A drawing of the street with its twelve lamps."""
    sheet = Image.new("RGB", (640, 360), "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 150, 640, 210), fill="lightgray")
    for place in range(12):
        pen.ellipse((20 + place * 52, 120, 40 + place * 52, 140), fill="orange", outline="black")
    pen.text((20, 20), name, fill="black")
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return SimpleUploadedFile("sketsa.png", written.getvalue(), "image/png")


def _held(cast: Cast, process: Process, wishes: list[Proposal]) -> Meeting:
    """A first meeting three weeks into the forum, closed with its minutes."""
    organiser, held = cast.admin, 12
    with moment(ago(held + 6)):
        meeting = _announce(organiser, process, MUSRENBANG, 6, "Pembahasan usulan tingkat kecamatan")
        guests = [
            forums_meetings.register(actor=user, meeting=meeting, facts={"name": user.name, "element": "Warga"})
            for user in cast.citizens[:8]
        ]
    with moment(ago(held, hour=10)):
        for guest in guests[:6]:
            forums_meetings.mark_present(actor=organiser, registration=guest)
        forums_meetings.walk_in(
            actor=organiser, meeting=meeting, facts={"name": "Yohanes Benu", "element": "RT 04"}
        )
        _polled(cast, organiser, meeting, "Usulan mana yang dibahas lebih dahulu?", FIRST)
        sketch, title = _sketch(wishes[0].location), "Sketsa yang dibahas"
        forums_files.add_meeting_files(actor=organiser, meeting=meeting, files=[sketch], title=title)
    point = {"raised_by": "Warga Kampung Baru", "owner_unit": process.unit, "verdict": "", "reason": ""}
    agreed = {"text": "Biaya setiap usulan diumumkan sebelum dukungan dibuka.", "state": Progress.DONE, **point}
    wanted = {"text": "Taman bermain anak dibangun bertahap.", **point, "proposal": wishes[4]}
    wanted |= {"verdict": Verdict.PARTLY, "reason": "Tanah yang tersedia hanya cukup untuk satu taman kecil."}
    minuted = {
        "opened_by": "Sekretaris Daerah",
        "chair": "Ketua Tim Penyusun",
        "minutes": MINUTES,
        "organisations": "Karang Taruna Sukamaju\nPKK Kota Contoh",
        "attendees": 7,
        "decided_by_vote": False,
        "minutes_visible": True,
    }
    people = [{"name": "Rina Wijaya", "role": "Penyelenggara"}, {"name": "Yohanes Benu", "role": "Wakil warga"}]
    with moment(ago(held - 1)):
        forums_meetings.save_minutes(
            actor=organiser, meeting=meeting, facts=minuted, points=[agreed, wanted], signatories=people
        )
        return forums_meetings.close_meeting(actor=organiser, meeting=meeting)


def _answers(organiser: User, process: Process, wishes: list[Proposal], meeting: Meeting) -> None:
    with moment(ago(9)):
        reason = "Letak tiang sedang diperiksa bersama perusahaan listrik."
        facts: dict[str, Any] = {"verdict": Verdict.EVALUATING, "reason": reason}
        answer = forums_answers.draft_answer(actor=organiser, proposal=wishes[0], facts=facts)
        forums_answers.publish_answer(actor=organiser, answer=answer)
        facts = {
            "title": "Pengukuran lokasi usulan",
            "text": "Lokasi setiap usulan diukur agar biayanya dapat diperkirakan.",
            "owner_unit": process.unit,
            "due_on": today() + datetime.timedelta(days=45),
            "proposals": [wishes[0], wishes[3]],
            "meetings": [meeting],
        }
        result = forums_answers.save_result(actor=organiser, process=process, facts=facts)
    for day, percent, text in (
        (7, 20, "Tiga lokasi sudah diukur."),
        (2, 60, "Tinggal dua lokasi lagi."),
    ):
        with moment(ago(day)):
            forums_answers.report_progress(
                actor=organiser, result=result, percent=percent, state=Progress.RUNNING, text=text
            )


def _votes(cast: Cast, wishes: list[Proposal], rng: random.Random) -> None:
    for place, user in enumerate([cast.citizen, *cast.citizens]):
        with moment(ago(4 - place % 4, hour=8 + place % 8)):
            for wish in rng.sample(wishes, 2 if user is cast.citizen else 3):
                forums_proposals.support(actor=user, proposal=wish)


def _talk(cast: Cast, process: Process, wishes: list[Proposal]) -> None:
    """Among it something that citizens flagged, and something hidden whose author objects."""
    for place, text in enumerate(SAID):
        with moment(ago(3, hour=12, minute=place)):
            said = forums_talk.comment(
                actor=cast.citizens[place], process=process, proposal=wishes[place], text=text
            )
    with moment(ago(2, hour=12)):
        forums_talk.comment(actor=cast.citizen, process=process, text="Kapan hasil pengukuran diumumkan?")
        forums_talk.flag(actor=cast.citizens[9], subject=said, reason=FlagReason.MISPLACED)
        rude = forums_talk.comment(actor=cast.citizens[10], process=process, text="Panitianya malas semua!")
        act = forums_talk.hide(
            actor=cast.admin,
            subject=rude,
            reason=Moderation.Reason.OFFENSIVE,
            explanation="Menyerang orang, bukan membahas usulan.",
        )
    with moment(ago(1, hour=12)):
        forums_talk.appeal(actor=cast.citizens[10], moderation=act, text="Saya hanya menyampaikan kekecewaan.")
