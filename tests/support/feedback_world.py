"""What the addresses of feedback name in the world of `tests.support.world`: one of each thing."""

import base64
import datetime

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.models import Case, CaseFile, Comment, Process, ResponseTemplate, Service, Survey, WhistleReport
from feedback.rules.survey import SKM_ELEMENTS
from feedback.services import (
    cases,
    forums,
    forums_amendments,
    forums_answers,
    forums_files,
    forums_meetings,
    forums_polls,
    forums_proposals,
    forums_talk,
    survey_answers,
    survey_plans,
    surveys,
    whistle,
)
from feedback.services.cases import Filing
from feedback.services.defaults import seed_defaults
from feedback.services.survey_answers import Given
from feedback.services.survey_plans import PlanFacts
from feedback.services.surveys import SurveyFacts
from feedback.services.whistle import Accused, Whistle
from kepegawaian.accounts.models import User

DAY = datetime.date(2026, 3, 2)
PIXEL = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FIXED = {"slug": "forum-contoh", "verb": "tarik", "number": "PGD-2603-0000000"}


def feedback_objects(gov, users: dict[str, User]) -> dict:
    """Route -> the values of its address. The cases and forums belong to the office, the reports to `citizen`."""
    seed_defaults()
    for name in ("citizen", "complaint_liaison"):
        users[name].email = users[name].email or f"{name}@contoh.test"
        users[name].save()
        EmailAddress.objects.create(user=users[name], email=users[name].email, verified=True, primary=True)
    service = Service.objects.create(unit=gov.office, code="rawat-jalan", name_id="Rawat jalan")
    return (
        _case(gov, users, service)
        | _forum(gov, users)
        | _survey(gov, users, service)
        | _whistle(users["whistle_officer"])
    )


def _case(gov, users, service) -> dict:
    picture = SimpleUploadedFile("loket.png", PIXEL, content_type="image/png")
    text = "Antrean loket panjang sekali, petugas hanya satu orang."
    filing = Filing(text=text, service=service, files=(picture,))
    case = _taken_on(cases.file_case(filing=filing, user=users["citizen"]).case, gov, users)
    number = {"number": case.number}
    template = ResponseTemplate.objects.create(title="Terima kasih", text="Terima kasih.", unit=gov.office)
    return {
        "feedback": {
            "pk": case.pk,
            "number": case.number,
            "code": service.code,
            "slug": FIXED["slug"],
            "unit_id": gov.office.pk,
        },
        "feedback:case_act": {"pk": case.pk, "name": "catatan"},
        "feedback:desk_file": {"pk": case.pk, "file_pk": CaseFile.objects.get(case=case).pk},
        "feedback:desk_template": {"pk": template.pk},
        "feedback:case_file": {**number, "pk": CaseFile.objects.get(case=case).pk},
        "feedback:mine_act": {**number, "verb": "balas"},
    }


def _whistle(officer: User) -> dict:
    picture = SimpleUploadedFile("bukti.png", PIXEL, content_type="image/png")
    report = whistle.take(actor=officer, report=_whistled(0, files=(picture,)))
    file = report.files.get()
    return _under("whistle", report, "page reads") | {
        "feedback:whistle_act": {"pk": report.pk, "name": "catat"},
        "feedback:whistle_file": {"pk": report.pk, "file_pk": file.pk},
        "feedback:whistle_own_file": {"pk": file.pk},
    }


def _whistled(number: int, **more) -> WhistleReport:
    facts = {"what": f"Pungutan {number}", "evidence": "Kuitansi", "accused": (Accused("Budi Tertuduh"),)}
    return whistle.file_report(whistle=Whistle(**facts, **more)).report


def _taken_on(case: Case, gov, users) -> Case:
    case = cases.open_case(actor=users["complaint_admin"], case=case)
    case = cases.assign(actor=users["complaint_admin"], case=case, unit=gov.office)
    return cases.accept(actor=users["complaint_liaison"], case=case)


def _forum(gov, users) -> dict:
    organiser, citizen = users["complaint_liaison"], users["citizen"]
    facts = {"title": "Jalan kita", "summary": "Usulan perbaikan jalan.", "starts_on": DAY}
    draft = forums.create_process(
        actor=organiser, unit=gov.office, slug=FIXED["slug"], kind="general", facts=facts
    )
    process = forums.publish_process(actor=organiser, process=draft)
    about = {"title": "Lampu jalan di Jalan Melati", "text": "Jalan gelap sehingga rawan kecelakaan."}
    picture = SimpleUploadedFile("jalan.png", PIXEL, content_type="image/png")
    proposal = forums_proposals.propose(actor=citizen, process=process, facts=about, files=(picture,))
    better = about | {"title": "Lampu hemat energi di Jalan Melati", "why": "Lebih murah."}
    amendment = forums_amendments.suggest(actor=organiser, proposal=proposal, facts=better, version=1)
    file = proposal.files.get()
    forums_talk.comment(actor=citizen, process=process, text="Setuju sekali dengan usulan ini.")
    meeting = forums_meetings.save_meeting(actor=organiser, process=process, facts=_meeting(), agenda=[])
    paper = SimpleUploadedFile("bahan.png", PIXEL, content_type="image/png")
    forums_files.add_meeting_files(actor=organiser, meeting=meeting, files=(paper,), title="Bahan")
    material = meeting.files.get()
    poll = forums_polls.open_poll(
        actor=organiser, meeting=meeting, question="Lampu mana dahulu?", options=("Melati", "Mawar")
    )
    result_facts = {"title": "Lampu dipasang", "owner_unit": gov.office}
    result = forums_answers.save_result(actor=organiser, process=process, facts=result_facts)
    return (
        _under("forum", process, "manage edit phases publish copy publish_all meeting_new result_new")
        | _under("forum", process, "propose_officially results_import")
        | _under(
            "forum", proposal, "proposal versions proposal_edit withdraw support answer note proposal_comment"
        )
        | _under("forum", proposal, "amend")
        | _under("forum", amendment, "amendment")
        | _under("forum", file, "file_remove")
        | _under("forum", meeting, "meeting meeting_ics register ticket give_up minutes_file meeting_edit")
        | _under("forum", meeting, "meeting_cancel attendance minutes poll_new meeting_files")
        | _under("forum", material, "meeting_file_show")
        | _under("forum", poll, "poll_vote poll_close")
        | _under("forum", result, "result result_edit progress")
        | {
            "feedback:forum_proposal_comment": {"slug": process.slug, "pk": proposal.pk},
            "feedback:forum_file": {"pk": proposal.pk, "file": file.pk},
            "feedback:forum_meeting_file": {"pk": meeting.pk, "file": material.pk},
            "feedback:forum_flag": {"kind": "usulan", "pk": proposal.pk},
            "feedback:forum_moderate": {"kind": "usulan", "pk": proposal.pk},
        }
    )


def _meeting() -> dict:
    starts = datetime.datetime(2026, 4, 1, 2, tzinfo=datetime.UTC)
    words = dict.fromkeys(("text", "hints", "link"), "")
    times = {"starts_at": starts, "ends_at": starts + datetime.timedelta(hours=3)}
    place = {"title": "Musyawarah kecamatan", "mode": "in_person", "address": "Aula Kecamatan"}
    return {**words, **times, **place, "registration": True, "seats": 2}


def _survey(gov, users, service) -> dict:
    survey, plan = _published_survey(gov, users["complaint_liaison"], "SKM Rawat Jalan 2026")
    return (
        _under("survey", survey, "desk change reword method tokens counter kiosk plan_add take_back act")
        | _under("survey", plan, "plan plan_change")
        | {f"feedback:survey{name}": {"slug": survey.slug} for name in ("", "_csv", "_json", "_pdf")}
        | {"feedback:survey_act": {"pk": survey.pk, "verb": "tutup"}}
    )


def _published_survey(gov, keeper, title: str) -> tuple:
    facts = SurveyFacts(
        kind="skm",
        title=title,
        unit=gov.office,
        period_start=datetime.date(2026, 1, 5),
        period_end=datetime.date(2026, 3, 31),
        method="Semua orang yang dilayani menerima kode.",
    )
    survey = surveys.open_survey(actor=keeper, survey=surveys.create(actor=keeper, facts=facts))
    token = survey_answers.issue(actor=keeper, survey=survey, count=1)[0]
    survey_answers.answer(token=token, given=Given(dict.fromkeys(SKM_ELEMENTS, 3)))
    survey = surveys.close(actor=keeper, survey=survey)
    due = datetime.date(2026, 9, 30)
    about = PlanFacts(element="time", activity="Menambah loket", due_on=due, owner_unit=gov.office)
    plan = survey_plans.add(actor=keeper, survey=survey, facts=about)
    return surveys.publish(actor=keeper, survey=survey), plan


def _under(prefix: str, row, names: str) -> dict:
    return {f"feedback:{prefix}_{name}": {"pk": row.pk} for name in names.split()}


# --- More of everything, for the pages that list it ---------------------------------------------------
def grow_cases(world, count: int) -> None:
    """Reports of the citizen in the office's hands, one of them with many words on both sides."""
    people, service = world.people, Service.objects.get()
    for number in range(count):
        filing = Filing(text=f"Antrean loket {number} panjang sekali, petugas hanya satu.", service=service)
        _taken_on(cases.file_case(filing=filing, user=people["citizen"]).case, world.gov, people)
    case = Case.objects.get(pk=world.objects["feedback"]["pk"])
    for number in range(count):
        cases.message(actor=people["complaint_liaison"], case=case, text=f"Kami periksa lagi {number}.")
        cases.note(actor=people["complaint_liaison"], case=case, text=f"Catatan {number}.")
        ResponseTemplate.objects.create(title=f"Templat {number}", text="Terima kasih.", unit=world.gov.office)


def grow_forums(world, count: int) -> None:
    """Forums of the office, and in the first one comments and results."""
    citizen, organiser = world.people["citizen"], world.people["complaint_liaison"]
    process = Process.objects.get(slug=FIXED["slug"])
    for number in range(count):
        slug = f"forum-{process.comments.count()}"
        facts = {"title": f"Forum {slug}", "summary": "Usulan.", "starts_on": DAY}
        draft = forums.create_process(
            actor=organiser, unit=world.gov.office, slug=slug, kind="general", facts=facts
        )
        forums.publish_process(actor=organiser, process=draft)
        done = {"title": f"Hasil {number}", "owner_unit": world.gov.office}
        forums_answers.save_result(actor=organiser, process=process, facts=done)
        Comment.objects.create(process=process, author=citizen, text=f"Setuju {number}")


def grow_surveys(world, count: int) -> None:
    for _ in range(count):
        _published_survey(world.gov, world.people["complaint_liaison"], f"SKM {Survey.objects.count()}")


def grow_whistles(world, count: int) -> None:
    """Reports on the desk; in the first of them words on both sides, people, and readings."""
    officer = world.people["whistle_officer"]
    report = WhistleReport.objects.get(pk=world.objects["feedback:whistle_page"]["pk"])
    first = WhistleReport.objects.count()
    for number in range(first, first + count):
        _whistled(number)
        whistle.ask(actor=officer, report=report, text=f"Kapan {number}?")
        whistle.reply(report=report, text=f"Hari Senin {number}.")
        whistle.classify(actor=officer, report=report, name=f"Orang {number} Lain", unit=world.gov.office)
        whistle.note_reading(report, officer)


GROWTH = (grow_cases, grow_forums, grow_surveys, grow_whistles)
