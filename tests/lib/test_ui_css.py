"""The stylesheets keep their budget, take colours from the tokens alone, and stay readable in any colour."""

import colorsys
import math
import re

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "static" / "css"
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.css")}
TOKENS = SOURCES["variables"]
MODERN = TOKENS[: TOKENS.index("@supports not")]
OLD = TOKENS[TOKENS.index("@supports not") :]
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lch|lab|color)a?\((?!in )|\b(?:white|black|red)\b(?!-)"
)


def without_comments(css):
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


# --- Shape ----------------------------------------------------------------------------------------
def test_all_stylesheets_together_keep_their_budget():
    assert sum(css.count("\n") for css in SOURCES.values()) <= 900


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"variables"}))
def test_colours_stand_among_the_tokens_alone(name):
    assert COLOUR.findall(without_comments(SOURCES[name])) == []


def test_every_token_in_use_is_defined_and_every_defined_one_is_used():
    css = without_comments("\n".join(SOURCES.values()))
    defined = set(re.findall(r"(--[\w-]+):", css))
    used = set(re.findall(r"var\((--[\w-]+)", css))
    assert used - defined == set()
    assert defined - used == set()


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_lines_are_for_reading(name):
    assert [line for line in SOURCES[name].splitlines() if len(line) > 160] == []


def test_old_browsers_get_every_colour_token():
    assert set(re.findall(r"(--[\w-]+):[^;]*(?:light-dark|oklch)", MODERN)) <= set(re.findall(r"(--[\w-]+):", OLD))


# --- Contrast -------------------------------------------------------------------------------------
def linear(channel):
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def to_oklch(red, green, blue):
    """sRGB in 0..1 to OKLCH, as CSS Color 4 has it."""
    r, g, b = linear(red), linear(green), linear(blue)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    bb = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, bb), math.atan2(bb, a)


def luminance(lightness, chroma, hue):
    """Relative luminance of an OKLCH colour, clipped into sRGB as browsers do."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return sum(
        part * min(max(value, 0), 1)
        for part, value in zip((0.2126, 0.7152, 0.0722), (red, green, blue), strict=True)
    )


def resolve(token, theme, brand):
    """Luminance of a token in a theme for a region's colour (hex)."""
    value = re.search(rf"--{token}: (.*?);\n", MODERN + "\n").group(1)
    parts = re.findall(r"oklch\((from var\(--brand\) )?([\d.]+) (?:min\(c, ([\d.]+)\)|([\d.]+)) (h|[\d.]+)", value)
    relative, lightness, most, fixed, hue = parts[-1 if theme == "dark" else 0]
    red, green, blue = (int(brand[i : i + 2], 16) / 255 for i in (1, 3, 5))
    _lightness, chroma, brand_hue = to_oklch(red, green, blue)
    return luminance(
        float(lightness),
        min(chroma, float(most)) if most else float(fixed),
        brand_hue if relative else math.radians(float(hue)),
    )


def contrast(one, other):
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


BRANDS = ["#0b5b67", "#000000", "#ffffff"] + [
    "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue / 12, 0.45, 0.9))
    for hue in range(12)
]
TEXT = [
    *[(text, ground) for text in ("text", "text-soft", "primary") for ground in ("canvas", "surface", "sunken")],
    ("primary", "primary-soft"),
    ("primary-strong", "primary-soft"),
    ("text", "primary-soft"),
    ("text-soft", "primary-soft"),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-header", "header"),
    ("on-header", "header-soft"),
    ("header", "gold"),
    ("accent-text", "accent-soft"),
    ("text", "accent-soft"),
    ("text-soft", "accent-soft"),
    ("accent-text", "surface"),
    ("surface", "accent-text"),
    *[(f"{tone}-text", f"{tone}-surface") for tone in ("success", "wait", "danger", "info")],
    *[("text", f"{tone}-surface") for tone in ("success", "wait", "danger", "info")],
    *[(f"{tone}-text", "surface") for tone in ("success", "wait", "danger", "info")],
    ("danger-text", "canvas"),
]
SHAPES = [
    *[
        (shape, ground)
        for shape in ("control", "accent", "danger-fill", "primary")
        for ground in ("canvas", "surface")
    ],
    ("gold", "header"),
    ("accent", "accent-soft"),
]


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_holds_in_any_regions_colour(brand, theme):
    weak = [
        f"{ink} on {ground}: {found:.2f}"
        for wanted, pairs in ((4.5, TEXT), (3.0, SHAPES))
        for ink, ground in pairs
        if (found := contrast(resolve(ink, theme, brand), resolve(ground, theme, brand))) < wanted
    ]
    assert weak == []
