"""The web page, in Gradio. The only place that imports it."""
