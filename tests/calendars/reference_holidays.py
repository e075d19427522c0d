"""Holidays and cuti bersama of 2025 and 2026 as the leave reference lists them (section 9)."""

from datetime import date

from kepegawaian.calendars.rules import Holiday, HolidayKind

NATIONAL = {
    "Tahun Baru Masehi": [(2025, 1, 1), (2026, 1, 1)],
    "Isra Mikraj": [(2025, 1, 27), (2026, 1, 16)],
    "Tahun Baru Imlek": [(2025, 1, 29), (2026, 2, 17)],
    "Hari Suci Nyepi": [(2025, 3, 29), (2026, 3, 19)],
    "Idul Fitri": [(2025, 3, 31), (2025, 4, 1), (2026, 3, 21), (2026, 3, 22)],
    "Wafat Yesus Kristus": [(2025, 4, 18), (2026, 4, 3)],
    "Kebangkitan Yesus Kristus": [(2025, 4, 20), (2026, 4, 5)],
    "Hari Buruh": [(2025, 5, 1), (2026, 5, 1)],
    "Kenaikan Yesus Kristus": [(2025, 5, 29), (2026, 5, 14)],
    "Hari Raya Waisak": [(2025, 5, 12), (2026, 5, 31)],
    "Hari Lahir Pancasila": [(2025, 6, 1), (2026, 6, 1)],
    "Idul Adha": [(2025, 6, 6), (2026, 5, 27)],
    "1 Muharam": [(2025, 6, 27), (2026, 6, 16)],
    "Hari Kemerdekaan": [(2025, 8, 17), (2026, 8, 17)],
    "Maulid Nabi": [(2025, 9, 5), (2026, 8, 25)],
    "Hari Raya Natal": [(2025, 12, 25), (2026, 12, 25)],
}
COLLECTIVE_2025 = [
    (1, 28),
    (3, 28),
    (4, 2),
    (4, 3),
    (4, 4),
    (4, 7),
    (5, 13),
    (5, 30),
    (6, 9),
    (8, 18),
    (12, 26),
]
COLLECTIVE_2026 = [(2, 16), (3, 18), (3, 20), (3, 23), (3, 24), (5, 15), (5, 28), (12, 24)]

HOLIDAYS = [
    Holiday(date(*day), name, f"{name} (en)", HolidayKind.NATIONAL)
    for name, days in NATIONAL.items()
    for day in days
] + [
    Holiday(date(year, *day), "Cuti bersama", "Collective leave", HolidayKind.COLLECTIVE)
    for year, days in ((2025, COLLECTIVE_2025), (2026, COLLECTIVE_2026))
    for day in days
]
