"""Django's password rules, said in plain words."""

from typing import Any

from django.contrib.auth import password_validation as base
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class NotAboutYouValidator(base.UserAttributeSimilarityValidator):
    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(
                _("Kata sandi terlalu mirip dengan nama, NIP, atau surel Anda."), code=error.code
            ) from error

    def get_help_text(self) -> str:
        return _("Jangan memakai nama, NIP, atau surel Anda.")


class LongEnoughValidator(base.MinimumLengthValidator):
    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            text = ngettext(
                "Kata sandi terlalu pendek: paling sedikit %(count)d huruf atau angka.",
                "Kata sandi terlalu pendek: paling sedikit %(count)d huruf atau angka.",
                self.min_length,
            )
            raise ValidationError(text % {"count": self.min_length}, code="password_too_short")

    def get_help_text(self) -> str:
        return _("Paling sedikit %(count)d huruf atau angka; kalimat pendek mudah diingat.") % {
            "count": self.min_length
        }


class NotCommonValidator(base.CommonPasswordValidator):
    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(_("Kata sandi ini terlalu umum dan mudah ditebak."), code=error.code) from error

    def get_help_text(self) -> str:
        return _("Jangan memakai kata sandi yang umum, misalnya “password123”.")


class NotOnlyDigitsValidator(base.NumericPasswordValidator):
    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(_("Kata sandi tidak boleh angka semua."), code=error.code) from error

    def get_help_text(self) -> str:
        return _("Jangan angka semua.")
