"""What the web processes share is there before they part."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import clear_url_caches, get_resolver

from kepegawaian.lib.ui import formatting
from kepegawaian.lib.warm import warm_up


def test_every_language_has_its_words_and_addresses(monkeypatch):
    monkeypatch.setattr(cache, "get", lambda *args, **kwargs: pytest.fail("asked the cache"))
    formatting._months.cache_clear()
    formatting._days.cache_clear()
    clear_url_caches()
    warm_up()
    assert formatting._days.cache_info().currsize == len(settings.LANGUAGES)
    assert formatting._months.cache_info().currsize >= len(settings.LANGUAGES)
    assert set(get_resolver()._reverse_dict) >= {language for language, _name in settings.LANGUAGES}
