"""Files that somebody might send to harm us or himself, made small and on the spot."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image


def photo(kind="JPEG", size=(60, 40)):
    written = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(written, kind)
    return written.getvalue()


def exif_photo(size=(60, 40), turned=False):
    """With the place where it was taken (Surabaya) and the camera that took it."""
    picture, exif, written = Image.new("RGB", size, (90, 120, 60)), Image.Exif(), io.BytesIO()
    exif[0x010F] = "KameraBudi"
    exif[0x0112] = 6 if turned else 1
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "S", (7.0, 15.0, 27.0), "E", (112.0, 45.0, 7.5)
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def png_bomb(width, height):
    """Says that it is huge, and is: rows of zeros pack a thousand to one."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packer, rows = zlib.compressobj(9), []
    for _row in range(200):
        rows.append(packer.compress(b"\0" * (width * 3 + 1)))
    data = b"".join([*rows, packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf_of(change=None, **options):
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        if change:
            change(pdf)
        options = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, **options}
        pdf.save(written, **options)
    return written.getvalue()


def zip_of(**files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return written.getvalue()
