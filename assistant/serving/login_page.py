"""The pages of login and logout: plain HTML, without scripts and without anything from elsewhere.

They name nothing of the home.
"""

from html import escape

from assistant.ui.wording import Language, text

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { display: grid; place-content: center; min-height: 90vh; margin: 1rem; }
main { width: min(22rem, 90vw); }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
label { margin-top: 1rem; }
input, button { padding: 0.5rem 0.75rem; margin-top: 0.25rem; border: 1px solid; border-radius: 0.375rem; }
button { margin-top: 1.5rem; cursor: pointer; }
[role="alert"] { border-inline-start: 0.25rem solid; padding-inline-start: 0.75rem; }
"""


def login_html(language: Language, *, problem: str = "", with_form: bool = True) -> str:
    """The login page, with a line on what is wrong where something is."""
    line = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    form = f"""<form method="post" action="/login">
<label for="name">{_told("name", language)}</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" maxlength="256" required autofocus>
<label for="password">{_told("password", language)}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required>
<button>{_told("enter", language)}</button>
</form>"""
    return _page(language, line + (form if with_form else ""))


def logout_html(language: Language) -> str:
    """The page that asks whether to log out."""
    form = f'<form method="post" action="/logout"><button autofocus>{_told("leave", language)}</button></form>'
    return _page(language, f'{form}<p><a href="/">{_told("back", language)}</a></p>')


def _page(language: Language, body: str) -> str:
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>Communiqué</title>
<style>{_STYLE}</style>
</head>
<body><main><h1>Communiqué</h1>{body}</main></body>
</html>
"""


def _told(key: str, language: Language) -> str:
    return escape(text(f"login.{key}", language))
