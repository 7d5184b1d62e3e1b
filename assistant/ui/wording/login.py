"""The words of the login page, and of what the page says to who is no admin."""

ENGLISH = {
    "name": "Name",
    "password": "Password",  # nosec B105  (a label)
    "enter": "Log in",
    "leave": "Log out",
    "back": "Back to the page",
    "wrong": "No user has this name and this password.",
    "wait": "Too many attempts. Try again in {seconds} seconds.",
    "foreign": "This form was sent from elsewhere. Send it from this page.",
    "plain": (
        "Over http, everybody on the way could read a password. Open this page over https, or on the machine itself."
    ),
    "admins_only": "This is for admins. Ask one of them.",
    "other_tab": "This tab belongs to another user. Load the page again.",
}

JAPANESE = {
    "name": "名前",
    "password": "パスワード",  # nosec B105  (a label)
    "enter": "ログイン",
    "leave": "ログアウト",
    "back": "ページに戻る",
    "wrong": "この名前とパスワードの利用者はいません。",
    "wait": "試行回数が多すぎます。{seconds}秒後にもう一度お試しください。",
    "foreign": "このフォームは別の場所から送信されました。このページから送信してください。",
    "plain": (
        "httpでは、途中の誰もがパスワードを読むことができます。httpsで開くか、このコンピューター上で開いてください。"
    ),
    "admins_only": "これは管理者専用です。管理者に依頼してください。",
    "other_tab": "このタブは別の利用者のものです。ページを再読み込みしてください。",
}
