"""Second factors: our words and names, and secrets that are sealed where they lie."""

import io
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.crypto import seal, unseal


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Verifikasi dua langkah tidak dapat dimatikan."),
        "cannot_generate_recovery_codes": _("Aktifkan verifikasi dua langkah terlebih dahulu."),
        "incorrect_code": _("Kode ini tidak benar atau sudah lewat waktunya."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return f"Portal Kepegawaian {settings.REGION_SHORT_NAME}"

    def build_totp_svg(self, url: str) -> str:
        """With a ground of its own, or dark pages would swallow it."""
        picture = io.BytesIO()
        segno.make(url, error="m", micro=False).save(
            picture, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False
        )
        return picture.getvalue().decode()

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def _get_user_identifier(self, user: Any) -> str:
        """What the phone shows beside the code: the NIP is no secret there and never changes hands."""
        return str(user.nip or user.email or user)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        if count == 0:
            return gettext("Kunci utama")
        return ngettext("Kunci ke-%(number)d", "Kunci ke-%(number)d", count + 1) % {"number": count + 1}
