import datetime

import factory

from kepegawaian.calendars.models import Holiday, HolidayKind, PatternKind, UnitPattern


class HolidayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Holiday

    date = datetime.date(2026, 3, 19)
    kind = HolidayKind.NATIONAL
    name_id = "Hari Suci Nyepi"
    name_en = "Day of Silence"
    confirmed = True


class UnitPatternFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnitPattern

    kind = PatternKind.SIX_DAY
    valid_from = datetime.date(2024, 1, 1)
