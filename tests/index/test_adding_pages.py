"""Pages that were fetched, into the index: what `add https://…` does once they are here."""

from collections.abc import Sequence

from assistant.home import Home
from corpus.reading.files import FetchedFile, ListedPages
from index.adding import add_files
from index.reports import FileReport

ADDRESS = "https://example.org/rain"
WORDS = "It rained in Bergen on every day of May, and the harbour was closed for a week."


def page(words: str = WORDS, *, furniture: str = "", relative: str = ADDRESS, source: str = ADDRESS) -> FetchedFile:
    html = f"<html><head><title>Rain</title><!-- {furniture} --></head><body><p>{words}</p></body></html>"
    return FetchedFile(relative, source, "rain.html", html.encode())


def add(home: Home, *found: FetchedFile | ListedPages) -> Sequence[FileReport]:
    return list(add_files(found, home.catalogue, lambda: home.indexer))


def test_a_page_is_a_document_whose_source_is_its_address(home: Home) -> None:
    """Its row is called what the user typed; its id can be typed, too."""
    (report,) = add(home, page(relative="http://example.org/r"))
    assert (report.path, report.status) == ("http://example.org/r", "added")
    document = home.catalogue.document(report.document_ids[0])
    assert (document.source, document.title, document.text) == (ADDRESS, "Rain", WORDS)
    assert document.id.startswith("example-org-r-")


def test_a_page_is_updated_when_its_words_change_and_not_when_its_furniture_does(home: Home) -> None:
    """Most pages come with another token or advertisement every time."""
    (first,) = add(home, page())
    assert [report.status for report in add(home, page())] == ["unchanged"]
    assert [report.status for report in add(home, page(furniture="another token"))] == ["unchanged"]
    (changed,) = add(home, page("It was dry in Bergen for all of May, and the harbour was open on every day."))
    assert (changed.status, changed.document_ids) == ("updated", first.document_ids)


def test_pages_lists_and_what_did_not_come_have_their_rows_in_order(home: Home) -> None:
    gone = FetchedFile("https://example.org/gone", "https://example.org/gone", reason="nothing is there (404)")
    reports = add(home, ListedPages("https://example.org/feed", "it lists 2 pages", 2), gone, page())
    assert [(report.path, report.status, report.warnings, report.reason) for report in reports] == [
        ("https://example.org/feed", "unchanged", ["it lists 2 pages"], None),
        ("https://example.org/gone", "refused", [], "nothing is there (404)"),
        (ADDRESS, "added", [], None),
    ]


def test_the_type_decides_the_reader_and_not_the_look_of_the_address(home: Home) -> None:
    found = FetchedFile("https://example.org/a.md?x", "https://example.org/a.md?x", "a.txt", b"It *rained* in Bergen.")
    (report,) = add(home, found)
    document = home.catalogue.document(report.document_ids[0])
    assert (document.title, document.text) == ("a", "It *rained* in Bergen.")


def test_a_large_page_reaches_its_process_whole(home: Home) -> None:
    """More than a pipe holds."""
    text = "\n\n".join(f"On day {number} it rained in Bergen." for number in range(3_000))
    found = FetchedFile(ADDRESS, ADDRESS, "rain.txt", text.encode())
    (report,) = add(home, found)
    assert report.reason is None
    assert home.catalogue.document(report.document_ids[0]).text == text
