"""The words of a search that say what it is about."""

import re

MOST = 8
_WORD = re.compile(r"[^\W_]+")
COMMON = frozenset(
    _WORD.findall(
        """
        cara caranya bagaimana gimana apa apakah saja mana dimana kemana kapan siapa di ke dari pada untuk dan atau
        yang dengan agar supaya saya kami ingin mau bisa boleh harus perlu tolong mohon bikin buat membuat
        pembuatan urus mengurus ngurus pengurusan syarat syaratnya persyaratan prosedur alur layanan pelayanan
        adalah ialah banyak terima kasih dibantu bantu bantuannya sudah belum tidak sejak karena sekali sangat lagi
        bapak ibu selamat pagi siang sore malam hormat dengan tetapi
        how what where when to the a an of for in on and or i my do can need get make apply
        requirement requirements procedure service services
        """
    )
)
"""Of which questions about any service are made, in both languages."""


def sought(text: str) -> list[str]:
    """Each word once, in its order, without the common ones; these too where there are no others."""
    words = list(dict.fromkeys(_WORD.findall(text.casefold())))
    return ([word for word in words if word not in COMMON] or words)[:MOST]
