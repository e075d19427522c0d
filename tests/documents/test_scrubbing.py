"""Files of strangers made anew: nothing survives but what is seen; bombs, broken and locked files are refused."""

import io
import zlib

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from kepegawaian.documents import scrubbing, scrubbing_pdf
from kepegawaian.documents.files import JPEG, PDF, PNG, WEBP
from kepegawaian.documents.scrubbing import scrubbed
from kepegawaian.lib.exceptions import RuleRefused
from tests.documents.hostile import exif_photo, pdf_of, photo, png_bomb


def opened(content):
    return Image.open(io.BytesIO(content))


def test_the_place_and_the_camera_are_gone_from_a_photo():
    content = exif_photo()
    assert opened(content).getexif()
    clean = opened(scrubbed(content, JPEG))
    assert not clean.getexif()
    assert set(clean.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_stands_as_it_was_taken():
    """The turn that EXIF asked for is made in the pixels, since EXIF goes."""
    assert opened(exif_photo(size=(40, 20), turned=True)).size == (40, 20)
    assert opened(scrubbed(exif_photo(size=(40, 20), turned=True), JPEG)).size == (20, 40)


def test_a_large_photo_becomes_screen_size():
    clean = opened(scrubbed(photo(size=(5000, 2500)), JPEG))
    assert max(clean.size) == scrubbing.LONGEST_SIDE


@pytest.mark.parametrize("mime", [PNG, WEBP])
def test_what_is_see_through_stays_see_through(mime):
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (1, 2, 3, 0)).save(written, scrubbing._FORMATS[mime], lossless=True)
    assert opened(scrubbed(written.getvalue(), mime)).getpixel((5, 5))[3] == 0


def test_words_in_a_png_are_gone():
    words, written = PngImagePlugin.PngInfo(), io.BytesIO()
    words.add_text("Author", "Budi Santoso")
    Image.new("RGB", (20, 20)).save(written, "PNG", pnginfo=words)
    clean = scrubbed(written.getvalue(), PNG)
    assert b"Budi" in written.getvalue()
    assert b"Budi" not in clean
    assert opened(clean).info == {}


def test_what_hangs_behind_a_picture_is_gone():
    """A polyglot: a picture for the browser, a page or a program for whoever looks at its end."""
    assert b"<script>" not in scrubbed(photo() + b"<html><script>alert(1)</script>", JPEG)


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked():
    with pytest.raises(RuleRefused, match="terlalu besar"):
        scrubbed(png_bomb(30_000, 30_000), PNG)


@pytest.mark.parametrize("mime", [JPEG, PNG, WEBP])
def test_a_broken_picture_is_refused(mime):
    content = {JPEG: photo(), PNG: photo("PNG"), WEBP: photo("WEBP")}[mime]
    with pytest.raises(RuleRefused, match="tidak dapat dibaca"):
        scrubbed(content[: len(content) // 3], mime)


def test_one_format_behind_the_name_of_another_is_refused():
    with pytest.raises(RuleRefused):
        scrubbed(photo("PNG"), JPEG)


# --- PDF ------------------------------------------------------------------------------------------
def javascript(script="app.alert(1)"):
    return pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String(script))


def everything_that_acts(pdf):
    page = pdf.pages[0]
    pdf.Root.OpenAction = pdf.make_indirect(javascript())
    pdf.Root.AA = pikepdf.Dictionary(WC=javascript())
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("x"), javascript()]))
    pdf.attachments["virus.exe"] = b"MZ" * 100
    link = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Link, "Rect": [0, 0, 9, 9]}
    launch = pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F=pikepdf.String("cmd.exe"))
    page.Annots = pdf.make_indirect(pikepdf.Array([pikepdf.Dictionary(**link, A=launch)]))
    page.obj["/AA"] = pikepdf.Dictionary(O=javascript())
    pdf.docinfo["/Author"] = "Budi Santoso"


def test_scripts_actions_and_attachments_of_a_pdf_are_gone():
    content = pdf_of(everything_that_acts)
    assert b"JavaScript" in content
    clean = scrubbed(content, PDF)
    for word in (b"JavaScript", b"app.alert", b"Launch", b"cmd.exe", b"EmbeddedFile", b"OpenAction", b"Budi"):
        assert word not in clean
    with pikepdf.open(io.BytesIO(clean)) as pdf:
        assert len(pdf.pages) == 1
        assert not pdf.attachments


def test_a_link_to_a_page_still_leads_there():
    def links(pdf):
        uri = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://contoh.test/"))
        pdf.pages[0].Annots = [pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=uri)]

    assert b"https://contoh.test/" in scrubbed(pdf_of(links), PDF)


def test_a_script_that_a_stream_hides_is_gone():
    """Object streams are compressed: a search for words in the file would not have found it."""
    hidden = pdf_of(everything_that_acts, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in hidden
    with pikepdf.open(io.BytesIO(scrubbed(hidden, PDF))) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert all(
            "/JS" not in str(thing.unparse()) for thing in pdf.objects if not isinstance(thing, pikepdf.Stream)
        )


def test_a_web_page_before_a_pdf_is_gone():
    content = pdf_of()
    assert scrubbed(content + b"<script>alert(1)</script>", PDF).startswith(b"%PDF")
    assert b"<script>" not in scrubbed(content + b"<script>alert(1)</script>", PDF)


def test_a_locked_pdf_is_refused():
    with pytest.raises(RuleRefused, match="kata sandi"):
        scrubbed(pdf_of(encryption=pikepdf.Encryption(owner="a", user="b")), PDF)


def test_a_broken_pdf_is_refused():
    with pytest.raises(RuleRefused, match="tidak dapat dibaca"):
        scrubbed(b"%PDF-1.7\nnothing of a document", PDF)


def test_a_pdf_that_unpacks_to_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr(scrubbing_pdf, "_LARGEST_STREAM", 2_000_000)

    def bomb(pdf):
        pdf.Root.Bomb = pdf.make_stream(zlib.compress(b"\0" * 3_000_000))
        pdf.Root.Bomb.Filter = pikepdf.Name.FlateDecode

    with pytest.raises(RuleRefused, match="aman"):
        scrubbed(pdf_of(bomb, compress_streams=False), PDF)


def test_many_streams_that_are_large_together_are_refused(monkeypatch):
    monkeypatch.setattr(scrubbing_pdf, "_LARGEST_PDF", 2_000_000)
    packed = zlib.compress(b"\0" * 500_000)
    content = pdf_of() + (b"\n1 0 obj\nstream\n" + packed + b"\nendstream\n") * 5
    with pytest.raises(RuleRefused, match="aman"):
        scrubbed(content, PDF)
