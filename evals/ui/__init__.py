"""The Evaluate tab of the page."""
