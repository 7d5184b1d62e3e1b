"""The theme: legible in light and dark, and nothing in it is fetched."""

import re
from pathlib import Path

import pytest

import assistant.ui
from assistant.ui.theme import theme

TEXT_ON_GROUND = [
    ("body_text_color", "body_background_fill"),
    ("body_text_color", "background_fill_primary"),
    ("body_text_color", "background_fill_secondary"),
    ("body_text_color_subdued", "body_background_fill"),
    ("body_text_color_subdued", "background_fill_primary"),
    ("body_text_color_subdued", "background_fill_secondary"),
    ("block_label_text_color", "background_fill_primary"),
    ("block_title_text_color", "background_fill_primary"),
    ("block_info_text_color", "background_fill_primary"),
    ("link_text_color", "body_background_fill"),
    ("link_text_color", "background_fill_primary"),
    ("link_text_color_hover", "background_fill_primary"),
    ("link_text_color_visited", "background_fill_primary"),
    ("input_placeholder_color", "input_background_fill"),
    ("body_text_color", "input_background_fill"),
    ("body_text_color", "color_accent_soft"),
    ("button_primary_text_color", "button_primary_background_fill"),
    ("button_primary_text_color_hover", "button_primary_background_fill_hover"),
    ("button_secondary_text_color", "button_secondary_background_fill"),
    ("button_secondary_text_color", "button_secondary_background_fill_hover"),
    ("button_cancel_text_color", "button_cancel_background_fill"),
    ("button_cancel_text_color_hover", "button_cancel_background_fill_hover"),
]


def colour(name: str, *, dark: bool) -> str:
    """The colour that a variable of the theme comes to, as #rrggbb."""
    made = theme()
    value = getattr(made, f"{name}_dark", None) if dark else None
    value = value or getattr(made, name)
    if value.startswith("*"):
        return colour(value[1:], dark=dark)
    return {"white": "#ffffff", "black": "#000000"}.get(value, value)


def luminance(hexadecimal: str) -> float:
    """The relative luminance of WCAG 2.2."""
    channels = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_sum_of_a_contrast_is_right() -> None:
    """Black on white is 21, and #767676 on white the well-known border of 4.5."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_on_its_ground(text: str, ground: str, dark: bool) -> None:
    assert contrast(colour(text, dark=dark), colour(ground, dark=dark)) >= 4.5


def test_fonts_are_those_of_the_reader_s_machine() -> None:
    """No stylesheet and no font file is asked for, of this machine or another."""
    made = theme()
    assert made._stylesheets == []
    assert made._font_css == []
    assert "system-ui" in made.font


def test_no_style_sheet_of_the_page_fetches_anything() -> None:
    folder = Path(assistant.ui.__file__).parent
    for path in folder.glob("*.css"):
        assert not re.search(r"@import|url\(|@font-face", path.read_text()), path.name
