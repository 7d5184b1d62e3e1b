import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.email_message import email_members, read_email, read_saved_page
from corpus.reading.members import Budget, Member


def mail(body: str = "It rained in Bergen.\n", **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in ({"Subject": "Rain", "From": "Ada <ada@example.org>"} | headers).items():
        message[name] = value
    message.set_content(body)
    return message


def members_of(content: bytes) -> list[Member]:
    return list(email_members(content, Budget(len(content))))


def test_a_mail_says_who_wrote_to_whom_and_when() -> None:
    content = mail(To="Bo <bo@example.org>", Cc="cy@example.org", Date="Wed, 21 Mar 2018 14:14:32 -0800").as_bytes()
    (draft,) = read_email(content, "m")
    assert draft.text == (
        "Rain\n\n"
        "From: Ada <ada@example.org>\nTo: Bo <bo@example.org>\nCc: cy@example.org\n"
        "Date: Wed, 21 Mar 2018 14:14:32 -0800\n\n"
        "It rained in Bergen."
    )
    assert (draft.title, draft.published) == ("Rain", "2018-03-21")
    assert draft.metadata == {"author": "Ada <ada@example.org>"}
    assert [section.heading for section in draft.sections] == ["Rain"]


@pytest.mark.parametrize("stated", ["yesterday", "Wed, 99 Mar 2018 14:14:32", "1 Jan 1925 00:00", "", "Date:"])
def test_a_wrong_date_is_none(stated: str) -> None:
    content = b"From: a@b\nSubject: x\nDate: " + stated.encode() + b"\n\nIt rained.\n"
    assert read_email(content, "m")[0].published is None


def test_encoded_headers_are_decoded() -> None:
    content = b"From: =?utf-8?q?J=C3=BCrg?= <j@b>\nSubject: =?iso-2022-jp?B?GyRCMnE1RBsoQg==?=\n\nIt rained.\n"
    draft = read_email(content, "m")[0]
    assert draft.title == "会議"
    assert "From: Jürg <j@b>" in draft.text


def test_a_header_that_cannot_be_decoded_stands_as_it_is() -> None:
    content = b"From: a@b\nSubject: =?no-such-charset?q?J=FC?= and =?utf-8?b?!!!?=\n\nIt rained.\n"
    assert read_email(content, "m")[0].title.startswith("=?no-such-charset?q?J=FC?=")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Rich words.</p>", "Rich words."),
        ("<p><img src='a.png'></p>", "Plain words."),
        ("<p style='display:none'>Rich words.</p>", "Plain words."),
    ],
    ids=["words", "a picture", "hidden"],
)
def test_of_a_page_and_plain_words_the_page_is_read(page: str, expected: str) -> None:
    """Both say the same, or should; the page is what mail programs show, and its lines are not cut."""
    message = mail("Plain words.\n")
    message.add_alternative(page, subtype="html")
    assert read_email(message.as_bytes(), "m")[0].text.endswith(f"\n\n{expected}")


def test_html_alone_is_read_with_its_lists_and_tables() -> None:
    message = mail()
    message.set_content(
        "<div>Hello,<br><br>it rained.</div><ul><li>brass<li>tin</ul>"
        "<table><tr><td>Oslo<td>12</table><p style='display:none'>preview</p>",
        subtype="html",
    )
    text = read_email(message.as_bytes(), "m")[0].text
    assert text.endswith("\n\nHello,\n\nit rained.\n\n• brass\n• tin\nOslo | 12")


def test_quoted_mail_is_kept_and_broken_lines_are_joined_where_they_are_marked() -> None:
    flowed = b"From: a@b\nContent-Type: text/plain; format=flowed\n\nIt rained \nin Bergen.\n> We met \n> in Oslo.\n"
    assert read_email(flowed, "m")[0].text.endswith("It rained in Bergen.\n> We met\n> in Oslo.")


def test_blank_lines_cost_no_more_than_time_in_proportion() -> None:
    """A hundred thousand marked lines with nothing on them are gone through once."""
    begun = time.process_time()
    read_email(b"From: a@b\nContent-Type: text/plain; format=flowed\n\nIt rained." + b" \n" * 100_000 + b"x\n", "m")
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "subject",
    [
        b"=?\xef\xbc\x92?q?Rain?=",
        b"=?utf-8?b?a?=",
        b"=?unicode_escape?q?=5Cud800?=",
        b"=?punycode?q?a-b?=",
        b"=?idna?q?=ff?=",
    ],
)
def test_a_subject_in_no_charset_stands_as_it_is_written(subject: bytes) -> None:
    """A charset that is none, or words that are not in it, cost the subject's letters and not the mail."""
    (draft,) = read_email(b"From: a@b\nSubject: " + subject + b"\n\nIt rained.", "m")
    assert draft.title == subject.decode("ascii", "replace")


@pytest.mark.parametrize(
    ("charset", "raw", "text", "num_warnings"),
    [
        ("iso-8859-1", "Größe".encode("cp1252"), "Größe", 0),
        ("koi8-r", "Дождь в Осло".encode("koi8-r"), "Дождь в Осло", 0),
        ("us-ascii", "Größe".encode(), "Größe", 0),
        ("no-such-charset", "Die Größe der Stöße".encode("cp1252"), "Die Größe der Stöße", 1),
        ("utf-8", b"rain \x81\x8d\x8f\x90\x9d rain", "rain", 1),
    ],
    ids=["Latin", "Russian", "UTF-8 said to be ASCII", "unknown", "wrong"],
)
def test_a_wrong_charset_costs_no_more_than_a_warning(charset: str, raw: bytes, text: str, num_warnings: int) -> None:
    content = b"From: a@b\nContent-Type: text/plain; charset=" + charset.encode() + b"\n\n" + raw + b"\n"
    draft = read_email(content, "m")[0]
    assert text in draft.text
    assert len(draft.warnings) == num_warnings


def test_what_is_attached_is_a_file_in_the_mail() -> None:
    message = mail()
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Bericht für Oslo.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(b"a,b", maintype="text", subtype="csv")
    content = message.as_bytes()
    assert members_of(content) == [Member("Bericht für Oslo.pdf", b"%PDF-"), Member("attachment 2.csv", b"a,b")]
    draft = read_email(content, "m")[0]
    assert draft.warnings == ("1 picture in it not read",)
    assert draft.text.endswith("It rained in Bergen.")


def test_a_mail_in_a_mail_is_a_mail() -> None:
    message = mail()
    message.add_attachment(mail("Older words.\n", Subject="Old/er"))
    (member,) = members_of(message.as_bytes())
    assert member.name == "Old_er.eml"
    assert read_email(member.content, "m")[0].text.endswith("Older words.")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_mail_saved_as_words_of_a_text_editor_is_read(encoding: str) -> None:
    content = "From: a@b\nSubject: Rain\n\nIt rained in Bergen.\n".encode(encoding)
    assert read_email(content, "m")[0].title == "Rain"


def test_an_encrypted_mail_says_so() -> None:
    content = (
        b"From: a@b\nSubject: x\nContent-Type: multipart/encrypted; boundary=B\n\n"
        b"--B\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--B\n\nsecret\n--B--\n"
    )
    draft = read_email(content, "m")[0]
    assert draft.warnings == ("its words are encrypted: open it in a mail program, and save them as text",)
    assert "secret" not in draft.text


def test_what_is_no_mail_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="not an e-mail: it names no sender, subject or date"):
        read_email(b"It rained in Bergen.", "m")


def test_parts_without_end_are_refused() -> None:
    """Nesting that no mail program makes costs a reason and no crash."""
    content = b"From: a@b\n" + b"".join(
        f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n".encode() for i in range(3_000)
    )
    with pytest.raises(UnreadableFile, match=r"too deep in one another|no words|not an e-mail"):
        read_email(content, "m")


def test_a_saved_page_is_read_as_the_page() -> None:
    content = (
        b"From: <Saved by a browser>\nSubject: x\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html; charset=utf-8\n"
        b"Content-Transfer-Encoding: quoted-printable\n\n"
        b"<html><title>Rain</title><h1>Rain</h1><p>It rained =\nin Bergen.</html>\n"
        b"--B\nContent-Type: text/css\n\np {}\n--B--\n"
    )
    assert read_saved_page(content, "m")[0].text == "Rain\n\nIt rained in Bergen."


@given(st.binary(max_size=400))
def test_noise_is_read_or_refused(noise: bytes) -> None:
    """Whatever stands below or in the headers, there is a draft or a reason."""
    for content in (noise, b"From: a@b\n" + noise, b"From: a@b\nContent-Type: " + noise, b"From: a@b\n\n" + noise):
        try:
            assert read_email(content, "m")[0].text
            members_of(content)
        except UnreadableFile as error:
            assert str(error)
