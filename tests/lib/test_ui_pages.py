"""Pages of a list: few statements, capped counts, no nonsense from the address."""

import pytest
from django.test import RequestFactory

from kepegawaian.accounts.models import User
from kepegawaian.lib.ui.pages import DEEPEST, by_keys, paginate

pytestmark = pytest.mark.django_db


@pytest.fixture
def thirty():
    User.objects.bulk_create(
        User(name=f"Pegawai {number:02}", email=f"p{number}@contoh.test") for number in range(30)
    )
    return User.objects.order_by("name")


def shown(queryset, page="", **options):
    return paginate(queryset, RequestFactory().get("/", {"page": page} if page else {}), **options)


def test_the_first_page_has_twenty_five_and_there_is_a_next(thirty, django_assert_num_queries):
    with django_assert_num_queries(2):
        page = shown(thirty)
    assert (len(page), page.first, page.last, page.count) == (25, 1, 25, 30)
    assert page.has_next
    assert not page.has_previous
    assert page.next_number == 2


def test_the_last_page_needs_no_count(thirty, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = shown(thirty, "2")
    assert (page.first, page.last, page.count) == (26, 30, 30)
    assert not page.has_next
    assert page.previous_number == 1
    assert next(iter(page)).name == "Pegawai 25"


def test_a_count_stops_at_its_cap(thirty):
    page = shown(thirty, size=5, cap=20)
    assert (page.count, page.capped) == (20, True)
    assert not shown(thirty, size=5, cap=30).capped


def test_an_empty_list_counts_nothing(db):
    page = shown(User.objects.order_by("name"))
    assert (page.first, page.last, page.count, page.has_next) == (0, 0, 0, False)


@pytest.mark.parametrize("asked", ["x", "-1", "0", "1.5", "²", "9" * 30])
def test_nonsense_in_the_address_shows_the_first_page(thirty, asked):
    assert shown(thirty, asked).number == 1


def test_nobody_reads_deeper_than_the_deepest_page(thirty):
    page = shown(thirty, "99999999")
    assert page.number == DEEPEST
    assert (len(page), page.count) == (0, 30)


@pytest.mark.parametrize("columns", [(), ("name",)])
@pytest.mark.parametrize(("asked", "cap"), [("1", 1000), ("2", 1000), ("1", 20), ("9", 1000)])
def test_rows_sorted_all_are_counted_with_the_lines(thirty, django_assert_max_num_queries, columns, asked, cap):
    apart = shown(thirty, asked, size=10, cap=cap, columns=columns)
    with django_assert_max_num_queries(1 if len(apart) else 2):
        together = shown(thirty, asked, size=10, cap=cap, columns=columns, sorts_all=True)
    assert (together.count, together.capped, len(together)) == (apart.count, apart.capped, len(apart))


def test_a_list_by_keys_keeps_their_order_whatever_order_the_lines_come_in(thirty, django_assert_num_queries):
    with django_assert_num_queries(3):  # keys, lines, count
        page = by_keys(thirty, RequestFactory().get("/"), lambda keys: User.objects.filter(pk__in=keys).reverse())
    assert [user.name for user in page.items] == [f"Pegawai {number:02}" for number in range(25)]
    assert (page.count, page.has_next) == (30, True)


def test_a_line_that_went_away_after_its_key_was_read_is_left_out(thirty):
    page = by_keys(thirty, RequestFactory().get("/"), lambda keys: User.objects.filter(pk__in=keys[1:]))
    assert page.items[0].name == "Pegawai 01"


def test_a_list_without_keys_reads_no_lines(db):
    def read(keys):
        raise AssertionError(keys)

    assert by_keys(User.objects.order_by("name"), RequestFactory().get("/"), read).items == []
