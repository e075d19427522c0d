"""Every component draws what it is given and refuses an option it does not know."""

import datetime
import re
from enum import nonmember
from types import SimpleNamespace

import pytest
from django import forms
from django.db.models import TextChoices
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.test.html import parse_html

from kepegawaian.employees.enums import LegalState
from kepegawaian.lib.ui.components import SampleDecision, SampleForm, SampleStatus
from kepegawaian.lib.ui.forms import DateField, Textarea, TypeAhead
from kepegawaian.lib.ui.months import Mark, months
from kepegawaian.lib.ui.pages import Page
from kepegawaian.lib.ui.parts import Bar, Bars, Because, Step, Tab

Day = datetime.date


def draw(source, address="/", **context):
    """The HTML of a template; parsed once, so that an unclosed tag fails here."""
    request = RequestFactory().get(address)
    html = Template("{% load ui %}" + source).render(RequestContext(request, {"request": request, **context}))
    parse_html(html)
    return html


def words(html):
    """The text that a reader meets, in one line."""
    text, inside = [], False
    for character in html:
        inside = character == "<" or (inside and character != ">")
        if not inside:
            text.append(" " if character == ">" else character)
    return " ".join("".join(text).split())


# --- Options --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "source",
    [
        '{% icon "unicorn" %}',
        '{% icon "check" size="xl" %}',
        '{% button "Kirim" variant="loud" %}',
        '{% button "Kirim" size="huge" %}',
        '{% button "Kirim" type="reset" %}',
        '{% button "Kirim" icon="unicorn" %}',
        '{% badge "Baru" "pink" %}',
        '{% badge "Baru" "info" "unicorn" %}',
        '{% status "draft" %}',
        '{% avatar "Budi" size="xl" %}',
        '{% message tone="loud" %}x{% endmessage %}',
        '{% message icon="unicorn" %}x{% endmessage %}',
        '{% nothing title="x" icon="unicorn" %}x{% endnothing %}',
        "{% card level=1 %}x{% endcard %}",
        '{% menu "x" icon="unicorn" %}x{% endmenu %}',
        '{% field "name" %}',
        "{% timeline steps %}",
        "{% bar_chart chart %}",
    ],
)
def test_a_wrong_option_is_refused(source):
    with pytest.raises(TemplateSyntaxError):
        draw(source, steps=[Step("x", "later")], chart=Bars("x", [Bar("x", 1, tone="pink")]))


@pytest.mark.parametrize("step", [Step("x", "done", tone="pink"), Step("x", "done", icon="unicorn")])
def test_a_step_with_a_wrong_look_is_refused(step):
    with pytest.raises(TemplateSyntaxError):
        draw("{% timeline steps %}", steps=[step])


def test_a_refusal_names_what_is_allowed():
    with pytest.raises(TemplateSyntaxError, match="plain, primary, quiet, danger"):
        draw('{% button "Kirim" variant="loud" %}')


# --- Small parts ----------------------------------------------------------------------------------
def test_an_icon_alone_speaks_and_beside_words_is_silent():
    assert 'aria-label="Cari"' in draw('{% icon "check" label="Cari" %}')
    assert 'aria-hidden="true"' in draw('{% icon "check" %}')


def test_a_button_with_an_address_is_a_link():
    source = '{% button "Buka" href=to variant="primary" size="small" hx_get="/x/" data_dialog=True %}'
    html = draw(source, to="/a/?b=1&c=2")
    assert '<a href="/a/?b=1&amp;c=2"' in html
    assert 'class="button button-primary button-small"' in html
    assert 'hx-get="/x/"' in html
    assert re.search(r"data-dialog\s*>", html)


def test_a_button_leaves_out_what_is_false():
    html = draw('{% button "Kirim" disabled=False name=None value="" %}')
    assert "disabled" not in html
    assert "name" not in html
    assert 'type="submit"' in html


def test_labels_are_escaped():
    for source in (
        "{% button evil %}",
        "{% badge evil %}",
        "{% card title=evil %}{% endcard %}",
        "{% copy evil %}",
    ):
        assert "<script>" not in draw(source, evil="<script>alert(1)</script>")


def test_a_status_has_word_icon_and_tone():
    html = draw("{% status member %}", member=SampleStatus.GRANTED)
    assert "Disetujui" in html
    assert "#check-circle" in html
    assert 'data-tone="success"' in html


def test_two_statuses_of_one_tone_keep_their_own_words():
    other = SimpleNamespace(label="Selesai", icon="check-circle", tone="success")
    assert "Selesai" in draw("{% status member %}", member=other)
    assert "Selesai" not in draw("{% status member %}", member=SampleStatus.GRANTED)


def test_members_of_two_kinds_that_are_equal_as_texts_keep_their_own_words():
    class Course(TextChoices):
        ACTIVE = "active", "Sedang berjalan"
        icon, tone = nonmember("clock"), nonmember("wait")

    assert {Course.ACTIVE: 1}[LegalState.ACTIVE] == 1
    assert "Sedang berjalan" in draw("{% status member %}", member=Course.ACTIVE)
    assert "Sedang berjalan" not in draw("{% status member %}", member=LegalState.ACTIVE)


def test_an_avatar_is_decoration():
    assert words(draw('{% avatar "Siti Aminah" %}')) == "SA"
    assert 'aria-hidden="true"' in draw('{% avatar "Siti Aminah" size="l" %}')


def test_the_copy_button_waits_for_javascript():
    html = draw('{% copy "K7QX" label="Kode" %}')
    assert "<code>K7QX</code>" in html
    assert 'data-copy="K7QX"' in html
    assert "hidden" in html


# --- Boxes ----------------------------------------------------------------------------------------
def test_the_page_head_shows_actions_only_when_there_are_some():
    assert "page-actions" not in draw('{% page_head title="Cuti" %} {% endpage_head %}')
    html = draw('{% page_head title="Cuti" text="Milik Anda" %}{% button "Ajukan" %}{% endpage_head %}')
    assert "<h1>Cuti</h1>" in html
    assert words(html) == "Cuti Milik Anda Ajukan"


def test_a_crumb_without_address_is_the_page_itself():
    assert 'aria-current="page"' in draw('{% crumb "Cuti" %}')
    assert '<a href="/x/"' in draw('{% crumb "Cuti" "/x/" %}')


def test_the_current_tab_says_so_and_counts():
    html = draw('{% tabs items label="Kotak" %}', items=[Tab("Baru", "/a/", True, 1240), Tab("Semua", "/b/")])
    assert html.count('aria-current="page"') == 1
    assert "1.240" in html


@pytest.mark.parametrize(("tone", "icon"), [("success", "check-circle"), ("danger", "exclamation-triangle")])
def test_a_message_brings_the_icon_of_its_tone(tone, icon):
    html = draw("{% message tone=tone title='Judul' %}<p>Isi</p>{% endmessage %}", tone=tone)
    assert f"#{icon}" in html
    assert words(html) == "Judul Isi"


def test_the_empty_state_works_inside_a_loop():
    html = draw(
        "{% for x in rows %}{% nothing title='Kosong' %}<p>{{ x }}</p>{% endnothing %}{% endfor %}", rows=[1, 2]
    )
    assert html.count("Kosong") == 2


def test_a_card_with_address_links_its_title():
    assert '<h3><a href="/x/">Judul</a></h3>' in draw(
        '{% card title="Judul" href="/x/" level=3 %}Isi{% endcard %}'
    )
    assert "<h2" not in draw("{% card %}Isi{% endcard %}")


def test_an_empty_fact_says_that_it_is_not_filled_in():
    html = draw(
        "{% facts %}{% fact 'Alamat' %}{{ nothing }}{% endfact %}{% fact 'Kota' %}Ambon{% endfact %}{% endfacts %}"
    )
    assert words(html) == "Alamat belum diisi Kota Ambon"


def test_a_dialog_is_named_by_its_title():
    html = draw('{% dialog id="tarik" title="Tarik?" %}<p>Ya</p>{% enddialog %}')
    assert 'aria-labelledby="tarik-title"' in html
    assert 'id="tarik-title"' in html


def test_a_menu_opens_without_javascript():
    assert "<summary" in draw('{% menu "Lainnya" %}<a href="#">Cetak</a>{% endmenu %}')


# --- Lists ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "aria", "leads_to"),
    [
        ("/", None, "?sort=name"),
        ("/?sort=name", "ascending", "?sort=-name"),
        ("/?sort=-name", "descending", "?sort=name"),
        ("/?q=budi&page=3", None, "?q=budi&amp;sort=name"),
    ],
)
def test_a_sort_header_turns_round_and_keeps_the_filters(address, aria, leads_to):
    html = draw('{% sort_header "name" "Nama" %}', address)
    assert f'href="{leads_to}"' in html
    assert (f'aria-sort="{aria}"' in html) if aria else ("aria-sort" not in html)


class Filter(forms.Form):
    q = forms.CharField(required=False)
    state = forms.ChoiceField(required=False, label="Status", choices=[("", "Semua"), ("a", "Aktif")])
    unit = forms.CharField(required=False, label="Unit")

    def chip_words(self, name, value):
        return {"7": "Dinas Kesehatan"}.get(value) if name == "unit" else None


def test_filters_in_force_are_chips_that_take_themselves_away():
    address = "/?q=budi&state=a&unit=7&page=2&sort=name"
    html = draw("{% filter_bar form %}", address, form=Filter(RequestFactory().get(address).GET))
    assert "Status: Aktif" in html
    assert "Unit: Dinas Kesehatan" in html
    assert 'href="/?q=budi&amp;unit=7&amp;sort=name"' in html
    assert '<input type="hidden" name="sort" value="name">' in html
    assert "q: budi" not in html


def test_a_list_without_filters_has_no_chips():
    assert "chip" not in draw("{% filter_bar form %}", "/?q=budi&state=", form=Filter({}))


def page(number=1, count=3, **rest):
    values = {"items": [1, 2, 3], "number": number, "size": 3, "count": count, "capped": False, "has_next": False}
    return Page(**(values | rest))


def test_pages_count_and_keep_the_filters():
    html = draw("{% pagination page %}", "/?q=budi&page=2", page=page(2, 1000, capped=True, has_next=True))
    assert "4–6 dari 1.000+" in words(html)
    assert 'href="?q=budi&amp;page=1"' in html
    assert 'href="?q=budi&amp;page=3"' in html


def test_a_single_page_has_no_buttons():
    html = draw("{% pagination page %}", page=page())
    assert "href" not in html
    assert words(html) == "1–3 dari 3"


def test_the_bulk_bar_says_how_many():
    assert "data-bulk-count" in draw("{% bulk_bar %}{% button 'Setujui' %}{% endbulk_bar %}")


# --- Forms ----------------------------------------------------------------------------------------
def test_a_field_ties_hint_and_error_to_its_control():
    form = SampleForm({"start": "", "end": "2026-03-17", "kind": "CT", "reason": "x"})
    html = draw("{% field form.start %}", form=form)
    assert 'aria-describedby="id_start_helptext id_start_error"' in html
    assert 'id="id_start_helptext"' in html
    assert 'id="id_start_error"' in html
    assert html.index('id="id_start_helptext"') < html.index('id="id_start_error"') < html.index("<input")


def test_an_optional_field_says_so_and_a_required_one_does_not():
    form = SampleForm()
    assert "(boleh kosong)" in draw("{% field form.phone %}", form=form)
    assert "(boleh kosong)" not in draw("{% field form.reason %}", form=form)


def test_a_page_may_give_another_label_and_hint():
    html = draw("{% field form.phone label='Telepon' hint='Aktif' %}", form=SampleForm())
    assert "Telepon" in html
    assert "Aktif" in html


def test_groups_are_fieldsets_and_a_checkbox_stands_beside_its_label():
    form = SampleForm()
    assert "<legend" in draw("{% field form.channels %}", form=form)
    html = draw("{% field form.abroad %}", form=form)
    assert html.index("<input") < html.index("Saya berada")


def test_help_texts_are_escaped():
    class Evil(forms.Form):
        name = forms.CharField(help_text="<script>alert(1)</script>")

    assert "<script>" not in draw("{{ form }}", form=Evil())


def test_a_whole_form_is_drawn_with_summary_fields_and_hidden_fields():
    class Whole(forms.Form):
        name = forms.CharField()
        key = forms.CharField(widget=forms.HiddenInput)

    html = draw("{{ form }}", form=Whole({}))
    assert html.count('class="error-summary"') == 1
    assert 'type="hidden" name="key"' in html


def test_a_page_that_places_the_summary_itself_has_only_one():
    class Whole(forms.Form):
        name = forms.CharField()

    assert (
        draw("{% error_summary form %}<form>{{ form }}</form>", form=Whole({})).count('class="error-summary"') == 1
    )


def test_the_summary_leads_to_each_wrong_field():
    form = SampleForm({"start": "2026-03-16", "end": "", "kind": "CT", "reason": "x"})
    form.add_error(None, "Terlalu panjang.")
    html = draw("{% error_summary form %}", form=form)
    assert "Terlalu panjang." in html
    assert '<a href="#id_end">Tanggal selesai</a>' in html
    assert "autofocus" in html


def test_the_summary_leads_to_the_first_choice_of_a_group_and_names_hidden_errors():
    class Grouped(forms.Form):
        outcome = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
        token = forms.CharField(widget=forms.HiddenInput)

    html = draw("{% error_summary form other %}", form=Grouped({}), other=SampleForm())
    assert 'href="#id_outcome_0"' in html
    assert html.count("<li>") == 2


def test_without_errors_there_is_no_summary():
    assert draw("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_boxes_to_tick_are_labels_around_their_inputs():
    class Ticks(forms.Form):
        who = forms.MultipleChoiceField(
            choices=[("a", "Ani & Budi"), ("Kantor", [("c", "Citra")])], widget=forms.CheckboxSelectMultiple
        )

    drawn = str(Ticks({"who": ["c"]})["who"])
    assert '<label><input type="checkbox" name="who" value="a" id="id_who_0"> Ani &amp; Budi</label>' in drawn
    assert '<p class="label">Kantor</p><label><input type="checkbox" name="who" value="c"' in drawn
    assert drawn.count(" checked") == 1


def test_radio_cards_say_their_consequence():
    html = draw("{% field form.outcome %}", form=SampleDecision())
    assert html.count('type="radio"') == 4
    assert "Lima hari ini pindah ke hak tahun depan." in html


def test_a_text_is_as_long_as_its_browser_counted_it():
    """A line end is one letter of `maxlength`, though two are sent."""

    class Short(forms.Form):
        text = forms.CharField(max_length=5, widget=Textarea)

    form = Short({"text": "ab\r\ncd"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "ab\ncd"
    assert Short({}).errors


def test_a_date_field_takes_what_browsers_without_a_picker_send():
    field = DateField()
    assert field.clean("2026-03-16") == field.clean("16-03-2026") == field.clean("16/03/2026") == Day(2026, 3, 16)
    assert 'value="2026-03-16"' in field.widget.render("start", Day(2026, 3, 16))


def test_a_type_ahead_names_its_suggestions():
    assert 'list="units"' in TypeAhead(suggestions="units").render("unit", "")


# --- Explaining and waiting -----------------------------------------------------------------------
ROWS = [Because("Hak", 12, "R1", "Ps. 312"), Because("Diambil", "−5", url="/x/")]


def test_a_number_opens_its_rows_rules_and_sum():
    html = draw("{% reason 7 rows label='Sisa' unit='hari' %}", rows=ROWS)
    assert "R1 · Ps. 312" in html
    assert '<a href="/x/">Diambil</a>' in html
    assert words(html).endswith("Jumlah 7")
    assert "<details" in html
    assert " open" not in html


def test_a_number_may_stand_open_with_another_sum():
    html = draw("{% reason 7 rows total=9 open=True %}", rows=ROWS)
    assert words(html).endswith("Jumlah 9")
    assert " open" in html


def test_a_timeline_tells_holder_clock_and_reminder():
    steps = [
        Step("Diajukan", "done", "Siti", Day(2026, 3, 9), note="Segera"),
        Step(
            "Keputusan", "current", "Budi", since=Day(2026, 3, 10), due=Day(2026, 3, 13), reminder=Day(2026, 3, 12)
        ),
        Step("Surat", "coming"),
    ]
    text = words(draw("{% timeline steps %}", steps=steps))
    assert "Diajukan Siti · Sen, 9 Mar 2026 Segera" in text
    assert "Ada pada Budi sejak" in text
    assert "Batas Jum, 13 Mar 2026" in text
    assert "Diingatkan lagi Kam, 12 Mar 2026" in text


def test_a_late_step_says_since_when():
    steps = [Step("Keputusan", "current", "Budi", due=Day(2026, 3, 13), late=True)]
    html = draw("{% timeline steps %}", steps=steps)
    assert "Lewat batas Jum, 13 Mar 2026" in words(html)
    assert 'aria-current="step"' in html


def test_a_month_marks_days_and_explains_the_marks():
    marks = {Day(2026, 3, 19): Mark("holiday", "Nyepi"), Day(2026, 3, 16): Mark("leave")}
    html = draw("{% month_calendar drawn %}", drawn=months(Day(2026, 3, 1), Day(2026, 3, 31), marks))
    assert "Maret 2026" in html
    assert 'title="Nyepi"' in html
    assert "libur nasional" in html
    assert "menunggu keputusan" not in html


def test_bars_are_shares_of_the_largest_with_numbers_beside():
    html = draw(
        "{% bar_chart chart %}", chart=Bars("Hari", [Bar("CT", 1200, "wait", "/ct/"), Bar("CS", 300)], "hari")
    )
    assert 'width="100.0"' in html
    assert 'width="25.0"' in html
    assert "1.200 hari" in html
    assert '<a href="/ct/">CT</a>' in html


def test_bars_of_nothing_have_no_width():
    assert [share for _, share in Bars("x", [Bar("a", 0)]).rows] == [0.0]
    assert Bars("x", []).rows == []
    percents = Bars("x", [Bar("a", 50), Bar("b", 25)], "%", whole=100)
    assert [share for _, share in percents.rows] == [50.0, 25.0], "half of the people fill half of the bar"


def test_progress_polls_until_it_is_done():
    assert 'hx-get="/p/"' in draw("{% progress 1 2 'Memeriksa' url='/p/' %}")
    assert "hx-get" not in draw("{% progress 2 2 'Memeriksa' url='/p/' done=True %}")
    assert 'content="5"' in draw("{% no_js_refresh 5 %}")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ '198609262015052001'|nip }}", "19860926 201505 2 001"),
        ("{{ day|tanggal }}", "Sen, 16 Mar 2026"),
        ("{{ day|tanggal_pendek }}", "16 Mar 2026"),
        ("{{ day|tanggal_panjang }}", "16 Maret 2026"),
        ("{{ moment|waktu }}", "16 Mar 2026, 12.00"),
        ("{{ day|rentang:day }}", "16 Mar 2026"),
        ("{{ 5|hari }}", "5 hari kerja"),
        ("{{ 5|hari:'kalender' }}", "5 hari kalender"),
        ("{{ 1200|angka }}", "1.200"),
        ("{{ 1200|angka:99 }}", "99+"),
    ],
)
def test_filters_are_there_for_templates(source, written):
    values = {"day": Day(2026, 3, 16), "moment": datetime.datetime(2026, 3, 16, 5, tzinfo=datetime.UTC)}
    assert Template("{% load ui %}" + source).render(Context(values)) == written
