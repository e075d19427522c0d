"""A whistleblower at the form, and short ways to the states of a report; every step by its own verb."""

from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from feedback.models import WhistleReport
from feedback.services import whistle
from feedback.services.whistle import Accused, Whistle
from tests.feedback.reporting import hidden, proof_for

WHAT = "Kepala seksi meminta uang untuk setiap surat keterangan sejak awal tahun."
EVIDENCE = "Kuitansi tulisan tangan, disimpan di tempat aman."
FIELDS = {"what": WHAT, "accused": "Budi Tertuduh, kepala seksi", "evidence": EVIDENCE}


def filed(**facts) -> WhistleReport:
    """A report in the channel; the PIN goes with `services`, this one is for officers' tests."""
    facts = {"what": WHAT, "evidence": EVIDENCE, "accused": (Accused("Budi Tertuduh"),), **facts}
    return whistle.file_report(whistle=Whistle(**facts)).report


def taken(officer, **facts) -> WhistleReport:
    return whistle.take(actor=officer, report=filed(**facts))


def admitted(officer, **facts) -> WhistleReport:
    return whistle.admit(actor=officer, report=taken(officer, **facts), reason="Memuat 4W1H")


def examined(officer, **facts) -> WhistleReport:
    return whistle.examine(actor=officer, report=admitted(officer, **facts), reason="Ada bukti")


def closed(officer, **facts) -> WhistleReport:
    words = {"outcome": "terbukti", "reason": "Terbukti", "word": "Sudah ditindak."}
    return whistle.close(actor=officer, report=examined(officer, **facts), **words)


def rejected(officer, **facts) -> WhistleReport:
    return whistle.reject(actor=officer, report=taken(officer, **facts), reason="Kabur", word="Lengkapi.")


@dataclass
class Whistleblower:
    """`wait` moves the clock on between reading and sending; `headers` is what the browser tells of itself."""

    wait: object = lambda: None
    address: str = "203.0.113.7"
    headers: dict = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    @property
    def origin(self):
        return {"REMOTE_ADDR": self.address, **self.headers}

    def form(self):
        return self.client.get(reverse("feedback:whistle_report"), **self.origin)

    def send(self, *, proof=None, **fields):
        page = self.form().content.decode()
        found = proof_for(page) if proof is None else proof
        data = {**FIELDS, "form": hidden(page, "form"), "altcha": found, **fields}
        self.wait()
        return self.post(data)

    def post(self, data):
        return self.client.post(reverse("feedback:whistle_report"), data, **self.origin)

    def file(self, **fields):
        """(report, PIN, receipt)."""
        receipt = self.send(**fields)
        assert receipt.status_code == 200, receipt.content.decode()
        return receipt.context["report"], receipt.context["pin"], receipt

    def open(self, number, pin):
        return self.client.post(
            reverse("feedback:whistle_follow"), {"number": str(number), "pin": pin}, **self.origin
        )

    def answer(self, page, **fields):
        data = {"access": hidden(page.content.decode(), "access"), **fields}
        return self.client.post(reverse("feedback:whistle_follow"), data, **self.origin)
