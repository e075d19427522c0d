"""A citizen at the form: fills it in, looks at the preview, sends, follows with number and PIN."""

import html
import json
import re
from dataclasses import dataclass, field

import altcha
from django.test import Client
from django.urls import reverse

from feedback.models import Case

TEXT = "Antrean loket panjang sekali sejak Senin, petugas hanya satu orang."
FIELDS = {"kind": "tidak_berkadar", "text": TEXT, "name": "Siti Warga"}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def challenge_of(page: str) -> altcha.Challenge:
    found = re.search(r'data-challenge="([^"]*)"', page)
    return altcha.Challenge.from_dict(json.loads(html.unescape(found[1])))


def proof_for(page: str) -> str:
    """What `report.js` would send."""
    challenge = challenge_of(page)
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


@dataclass
class Citizen:
    """`wait` moves the clock on, so that nobody looks like a machine; `address` is where he sits."""

    wait: object = lambda: None
    address: str = "203.0.113.7"
    client: Client = field(default_factory=Client)

    @property
    def origin(self):
        return {"REMOTE_ADDR": self.address}

    def form(self, **query):
        return self.client.get(reverse("feedback:report"), query, **self.origin)

    def post(self, data, step="preview"):
        return self.client.post(reverse("feedback:report"), {**data, "step": step}, **self.origin)

    def preview(self, **fields):
        """The second page, and what it carries on."""
        data = {**FIELDS, "form": hidden(self.form().content.decode(), "form"), **fields}
        return data, self.post(data)

    def carried(self, page) -> dict:
        words = page.content.decode()
        part = words[words.rindex("<form", 0, words.index('name="kept"')) :]
        pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', part)
        return {name: html.unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}

    def send(self, page, proof=None, **more):
        data = self.carried(page) | more
        data["altcha"] = proof_for(page.content.decode()) if proof is None else proof
        self.wait()
        return self.post(data, step="send")

    def file(self, **fields):
        """(case, PIN, receipt), by the whole way."""
        _data, page = self.preview(**fields)
        assert page.status_code == 200, page.content.decode()
        receipt = self.send(page)
        assert receipt.status_code == 200, receipt.content.decode()
        return receipt.context["case"], receipt.context["pin"], receipt

    def open(self, case, pin):
        return self.client.post(reverse("feedback:find"), {"number": case.number, "pin": pin}, **self.origin)

    def mine(self, case):
        return self.client.get(reverse("feedback:mine", args=[case.number]), **self.origin)

    def act(self, case, verb, **fields):
        return self.client.post(reverse("feedback:mine_act", args=[case.number, verb]), fields, **self.origin)


def the_case() -> Case:
    return Case.objects.get()
