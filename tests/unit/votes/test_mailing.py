"""Lists of addresses: what is read, and that names are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from app.votes.letters.domain import LONGEST_ADDRESS, MOST_LETTERS, Addressed
from app.votes.letters.mailing import Wrong, read_list, with_places


def test_columns_become_addresses() -> None:
    heading = "Straatnaam;Huisnummer;Huisletter;Toevoeging;Postcode;Woonplaats"
    found = read_list(f"{heading}\nKade;1;;;2611 AB;Delft\nKade;3;A;2;2611 AB;Delft\n")
    assert found.wrong == []
    assert found.addresses == ["Kade 1, 2611 AB Delft", "Kade 3A-2, 2611 AB Delft"]


def test_one_column_of_addresses_is_enough() -> None:
    assert read_list("adres\nKade 1\nKade 2\n").addresses == ["Kade 1", "Kade 2"]


def test_lines_without_a_heading_are_addresses_as_they_stand() -> None:
    found = read_list("Kade 1, 2611 AB Delft\r\n\r\n  Kade   2 \n")
    assert (found.addresses, found.wrong) == (["Kade 1, 2611 AB Delft", "Kade 2"], [])


def test_commas_part_columns_where_they_are_named() -> None:
    assert read_list("straat,nummer\nKade,1\n").addresses == ["Kade 1"]


def test_what_a_spreadsheet_puts_before_and_around_is_no_part_of_it() -> None:
    assert read_list('\ufeff"straat";"huisnummer"\n"Kade";"1"\n').addresses == ["Kade 1"]


@pytest.mark.parametrize(
    "column",
    ["Naam", "Achternaam", "voornaam", "Voorletters", "Aanhef", "E-mail", "email", "Telefoonnummer", "BSN",
     "Geboortedatum", "Bewoner", "Name", "Last name", "Geslacht"],
)  # fmt: skip
def test_a_column_about_people_is_refused_whole(column: str) -> None:
    found = read_list(f"{column};straat;huisnummer\nDe Vries;Kade;1\n")
    assert found.addresses == []
    assert found.wrong == [Wrong("names", 1, column.lower())]


@pytest.mark.parametrize("column", ["Straatnaam", "Woonplaatsnaam", "Naam openbare ruimte straat"])
def test_the_name_of_a_street_is_no_name_of_a_person(column: str) -> None:
    assert [one.kind for one in read_list(f"{column};straat;huisnummer\nx;Kade;1\n").wrong] == []


@pytest.mark.parametrize(
    "line",
    ["Dhr. J. de Vries, Kade 1", "Familie Jansen, Kade 2", "Mevr. A. Bakker Kade 3", "De heer X, Kade 4"],
)
def test_a_line_that_begins_with_a_name_is_refused(line: str) -> None:
    found = read_list(f"Kade 9\n{line}\n")
    assert found.addresses == ["Kade 9"]
    assert [(one.kind, one.line) for one in found.wrong] == [("name", 2)]


@pytest.mark.parametrize("line", ["Kade", "2611 AB Delft", "12345", "-", "x" * (LONGEST_ADDRESS + 1) + " 1"])
def test_what_is_no_address_is_told_with_its_line(line: str) -> None:
    found = read_list(f"Kade 9\n{line}\n")
    assert [one.line for one in found.wrong] == [2]


@pytest.mark.parametrize("text", ["", "  \n\n", "straat;huisnummer\n"])
def test_an_empty_list_is_told(text: str) -> None:
    assert read_list(text).wrong == [Wrong("empty")]


def test_a_list_has_an_end() -> None:
    found = read_list("\n".join(f"Kade {n}" for n in range(1, MOST_LETTERS + 3)))
    assert found.wrong == [Wrong("too_many")]


def test_known_addresses_get_their_place() -> None:
    known = [Addressed("Kade 1", 7, Point(4.3, 52.0), "0-50")]
    found = with_places(["KADE 1, 2611 AB Delft", "Kade 2"], known)
    assert found == [Addressed("KADE 1, 2611 AB Delft", 7, Point(4.3, 52.0), "0-50"), Addressed("Kade 2")]


@given(st.text(max_size=300))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    found = read_list(text)
    assert found.addresses or found.wrong
    assert all(0 < len(address) <= LONGEST_ADDRESS for address in found.addresses)


def test_characters_that_nobody_sees_are_no_part_of_an_address() -> None:
    """Else `Kade 1` could get two letters, or look like another address on paper."""
    found = read_list("\ufeffKade\u200b 1\x00\nKade \x1b2\n\u202eKade 3\u202c\nKade\u00ad 4")
    assert found.addresses == ["Kade 1", "Kade 2", "Kade 3", "Kade 4"]
