"""How the page looks: ink on paper, in light and dark, with the fonts of the reader's own machine.

Colours are Gradio's variables, so that its components and ours follow them; what has no variable stands in `theme.css`.
Text on its ground has a contrast of 4.5 : 1 or more (WCAG 2.2, 1.4.3), which a test sums up.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

INK = {
    "c50": "#f0f4f9",
    "c100": "#dfe8f2",
    "c200": "#c3d3e5",
    "c300": "#9fbad6",
    "c400": "#7296bf",
    "c500": "#49739f",
    "c600": "#335b87",
    "c700": "#294a6f",
    "c800": "#233d5b",
    "c900": "#1e324a",
    "c950": "#131f2f",
}
"""The one hue of the page, from the lightest to the darkest."""

SANS = ("system-ui", "-apple-system", "'Segoe UI'", "Roboto", "'Hiragino Sans'", "'Yu Gothic UI'", "'Noto Sans CJK JP'")
MONO = ("ui-monospace", "'Cascadia Mono'", "Consolas", "'Liberation Mono'")


def theme() -> "gr.themes.Base":
    """The theme that `launch(theme=…)` is given."""
    import gradio as gr

    ink = gr.themes.colors.Color(name="ink", **INK)
    made = gr.themes.Base(
        primary_hue=ink,
        secondary_hue=ink,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_sm,
        font=(*SANS, "sans-serif"),
        font_mono=(*MONO, "monospace"),
    )
    return made.set(**_GROUNDS, **_TEXTS, **_CONTROLS)


_GROUNDS: dict[str, Any] = {
    "body_background_fill": "#faf9f6",
    "body_background_fill_dark": "*neutral_950",
    "background_fill_primary": "white",
    "background_fill_primary_dark": "#171412",
    "background_fill_secondary": "#f4f2ee",
    "background_fill_secondary_dark": "*neutral_900",
    "block_border_width": "1px",
    "block_label_background_fill": "*background_fill_primary",
    "block_label_background_fill_dark": "*background_fill_primary",
    "block_shadow": "none",
    "border_color_primary": "*neutral_300",
    "border_color_primary_dark": "*neutral_700",
    "border_color_accent_dark": "*primary_400",
    "color_accent": "*primary_600",
    "color_accent_soft": "*primary_50",
    "color_accent_soft_dark": "*primary_900",
    "table_even_background_fill": "*background_fill_primary",
    "table_even_background_fill_dark": "*background_fill_primary",
    "table_odd_background_fill": "*background_fill_secondary",
    "table_odd_background_fill_dark": "*background_fill_secondary",
}
_TEXTS: dict[str, Any] = {
    "body_text_color": "*neutral_900",
    "body_text_color_dark": "*neutral_100",
    "body_text_color_subdued": "*neutral_600",
    "body_text_color_subdued_dark": "*neutral_400",
    "block_label_text_color": "*neutral_600",
    "block_label_text_color_dark": "*neutral_300",
    "block_title_text_color": "*neutral_800",
    "block_title_text_color_dark": "*neutral_200",
    "block_title_text_weight": "600",
    "chatbot_text_size": "*text_lg",
    "input_placeholder_color": "*neutral_500",
    "input_placeholder_color_dark": "*neutral_400",
    "link_text_color": "*primary_600",
    "link_text_color_dark": "*primary_300",
    "link_text_color_active": "*primary_700",
    "link_text_color_active_dark": "*primary_200",
    "link_text_color_hover": "*primary_800",
    "link_text_color_hover_dark": "*primary_200",
    "link_text_color_visited": "*primary_600",
    "link_text_color_visited_dark": "*primary_300",
}
_CONTROLS: dict[str, Any] = {
    "button_primary_background_fill": "*primary_600",
    "button_primary_background_fill_dark": "*primary_300",
    "button_primary_background_fill_hover": "*primary_700",
    "button_primary_background_fill_hover_dark": "*primary_200",
    "button_primary_border_color": "*primary_600",
    "button_primary_border_color_dark": "*primary_300",
    "button_primary_text_color": "white",
    "button_primary_text_color_dark": "*neutral_950",
    "button_primary_text_color_hover_dark": "*neutral_950",
    "button_secondary_background_fill": "*neutral_200",
    "button_secondary_background_fill_dark": "*neutral_700",
    "button_secondary_background_fill_hover": "*neutral_300",
    "button_secondary_background_fill_hover_dark": "*neutral_600",
    "button_secondary_text_color": "*neutral_900",
    "button_secondary_text_color_dark": "*neutral_50",
    "button_cancel_background_fill": "#b91c1c",
    "button_cancel_background_fill_dark": "#b91c1c",
    "button_cancel_background_fill_hover": "#991b1b",
    "button_cancel_background_fill_hover_dark": "#991b1b",
    "button_cancel_border_color": "#b91c1c",
    "button_cancel_border_color_dark": "#b91c1c",
    "button_cancel_text_color": "white",
    "button_cancel_text_color_hover": "white",
    "button_cancel_text_color_dark": "white",
    "input_background_fill": "white",
    "input_background_fill_dark": "*neutral_900",
    "input_border_color": "*neutral_400",
    "input_border_color_dark": "*neutral_600",
    "input_border_color_focus": "*primary_600",
    "input_border_color_focus_dark": "*primary_300",
    "input_border_width": "1px",
}
