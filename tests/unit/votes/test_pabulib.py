"""Pabulib files: the format as published, what is refused and where, and files back from what was read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.votes.counting import pabulib
from app.votes.counting.election import Project
from app.votes.counting.pabulib import InvalidPabulib, PabulibFile, Vote, VoteType, read, write

GOOD = """META
key; value
description; Straat, groen
num_projects; 3
num_votes; 2
budget; 2500.50
vote_type; approval
PROJECTS
project_id; cost; category; name
1; 600; a, b; "Meer; bomen"
2; 800; ; "De ""pluk"" tuin"
4; 1400.25; c; Bankje
VOTES
voter_id; age; vote
1; 34; 1,2, 4
2; 51;
"""


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(InvalidPabulib) as refused:
        read(text.encode() if isinstance(text, str) else text)
    return [str(problem) for problem in refused.value.problems]


def changed(*pairs: tuple[str, str]) -> str:
    text = GOOD
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def test_a_file_as_the_format_describes_it() -> None:
    assert read(("\ufeff" + GOOD.replace("\n", "\r\n")).encode()) == PabulibFile(
        {
            "description": "Straat, groen",
            "num_projects": "3",
            "num_votes": "2",
            "budget": "2500.50",
            "vote_type": "approval",
        },
        VoteType.APPROVAL,
        Fraction(5001, 2),
        (
            Project("1", Fraction(600), "Meer; bomen"),
            Project("2", Fraction(800), 'De "pluk" tuin'),
            Project("4", Fraction(5601, 4), "Bankje"),
        ),
        (Vote("1", ("1", "2", "4")), Vote("2", ())),
    )


@pytest.mark.parametrize(
    ("kind", "points"), [("ordinal", ""), ("cumulative", "5, 3,2"), ("scoring", "5,-3,2.5")]
)
def test_orders_and_points(kind: str, points: str) -> None:
    text = changed(("approval", kind))
    if points:
        text = text.replace("age; vote", "vote; points").replace("1; 34; 1,2, 4", f"1; 4,1,2; {points}")
        text = text.replace("2; 51;", "2; ;")
        given = tuple(Fraction(part.strip()) for part in points.split(","))
        assert read(text.encode()).votes == (Vote("1", ("4", "1", "2"), given), Vote("2", ()))
    else:
        assert read(text.encode()).votes[0].choices == ("1", "2", "4")
    with pytest.raises(ValueError, match=f"{kind}, not approval"):
        read(text.encode()).election()


def test_real_files_come_back_as_they_were(real: PabulibFile) -> None:
    assert read(write(real).encode()) == real
    assert sum(len(vote.choices) for vote in real.votes) == sum(real.election().votes)


def test_every_problem_is_told_at_once_with_its_line() -> None:
    text = changed(
        ("2500.50", "NaN"),
        ("num_votes; 2", "num_votes; 5"),
        ("1; 600", "1; -600"),
        ("2; 800; ;", "1; 1e3; ;"),
        ("4; 1400.25; c; Bankje", "4; 1400.25; c"),
        ("1,2, 4", "1,9"),
    )
    found = problems(text + "2; 3; 1,1\n")
    assert [int(problem.split()[1].strip(":")) for problem in found] == [5, 6, 10, 11, 11, 12, 15, 17, 17]
    assert "num_votes is '5', but there are 3" in found[0]
    assert "'9', which is no project" in found[6] and "'2' is there twice" in found[7]


@pytest.mark.parametrize(
    ("pairs", "line", "words"),
    [
        ([("budget; 2500.50\n", "")], 6, "META does not say budget"),
        ([("2500.50", "0")], 6, "The budget is 0"),
        ([("2500.50", "1234567890123456")], 6, "at most 15 digits"),
        ([("2500.50", "１２")], 6, "not an amount"),
        ([("2500.50", "")], 6, "not an amount"),
        ([("num_votes; 2", "budget; 7")], 6, "is there twice"),
        ([("approval", "yes")], 7, "not one of approval, ordinal"),
        ([("project_id; cost", "project; cost")], 9, "There is no column project_id"),
        ([("category", "cost")], 9, "Column 'cost' is there more than once"),
        ([("1; 600", "; 600")], 10, "The id of the project is missing"),
        ([("1; 600", '"1,5"; 600')], 10, "holds a comma"),
        ([("1; 600", "x" * 201 + "; 600")], 10, "too long"),
        ([('"De ""pluk"" tuin"', '"De')], 11, "not closed"),
        ([("Bankje", "Bank\x00je")], 12, "control character"),
        ([("Bankje", "B" * 100_001)], 12, "longer than"),
        ([("voter_id; age; vote", "voter_id; age; votes")], 14, "There is no column vote"),
        ([("approval", "scoring")], 14, "There is no column points"),
        ([("1,2, 4", "1,,4")], 15, "names '', which is no project"),
        ([("approval", "approval\nmax_length; 2")], 16, "3 projects, more than max_length"),
        ([("approval", "approval\nmin_length; 1")], 17, "0 projects, less than min_length"),
        ([("approval", "approval\nmax_sum_cost; 2000")], 16, "more than max_sum_cost"),
        ([("approval", "approval\nmax_length; many")], 8, "not a number"),
        ([("PROJECTS", "VOTES")], 8, "VOTES stands where PROJECTS should"),
        ([("META", "")], 2, "does not start with META"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(pairs: list[tuple[str, str]], line: int, words: str) -> None:
    found = problems(changed(*pairs))
    assert any(problem.startswith(f"line {line}: ") and words in problem for problem in found), found


def test_points_must_match_the_choices_and_their_limits() -> None:
    text = changed(
        ("approval", "cumulative\nmax_sum_points; 9\nmax_points; 6"), ("age; vote", "vote; points")
    )
    head, _ = text.split("1; 34;")
    for votes, words in [
        ("1; 1,2; 3\n2; ;\n", "1 numbers of points for 2 projects"),
        ("1; 1,2; 5,5\n2; ;\n", "10 points, more than max_sum_points"),
        ("1; 1,2; 7,1\n2; ;\n", "7 points, more than max_points"),
        ("1; 1,2; 7,inf\n2; ;\n", "'inf' are not a number"),
    ]:
        assert any(words in problem for problem in problems(head + votes))


def test_files_that_are_no_such_file() -> None:
    assert problems(b"") == [f"line 1: Section {name} is missing." for name in ("META", "PROJECTS", "VOTES")]
    assert problems(b"META\nkey;value\n\xff") == ["line 3: The text is not UTF-8."]
    bare = problems("META\nPROJECTS\nVOTES")
    assert bare[0] == "line 3: Section META has no line with the names of its columns."
    empty = "META\nkey;value\nPROJECTS\nproject_id;cost\nVOTES\nvoter_id;vote\n"
    assert {"line 4: There are no projects.", "line 6: There are no votes."} <= set(problems(empty))
    assert "larger than 64 MiB" in problems(b"x" * (64 * 1024 * 1024 + 1))[0]


def test_too_many_rows_and_too_many_problems_end() -> None:
    many = "META\nkey;value\nPROJECTS\nproject_id;cost\n" + "p;1\n" * 2_002
    assert problems(many) == ["line 2005: PROJECTS has more than 2000 rows."]
    with pytest.raises(InvalidPabulib) as refused:
        read((GOOD + "3; 1\n" * 500).encode())
    assert len(refused.value.problems) == pabulib.MAX_PROBLEMS
    assert str(refused.value).endswith("and 401 more")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(InvalidPabulib):
        read(data)


@given(data=st.data())
def test_a_broken_file_is_read_or_refused(data: st.DataObject) -> None:
    cut, end = sorted(data.draw(st.tuples(*[st.integers(0, len(GOOD))] * 2)))
    piece = data.draw(st.text(alphabet=';,"\n\r 019.-eMETAVOTSéx\x00', max_size=8))
    text = GOOD[:cut] + piece + GOOD[end:]
    told: list[pabulib.LineProblem] = []
    try:
        read(text.encode())
    except InvalidPabulib as refused:
        told = refused.problems
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in told)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
IDS = st.text("abc019-_", min_size=1, max_size=5)
AMOUNTS = st.fractions(0, 10**8, max_denominator=1).map(lambda whole: whole + Fraction(1, 4))


@given(data=st.data())
def test_what_is_written_is_read(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(VoteType))
    names = data.draw(st.lists(IDS, min_size=1, max_size=5, unique=True))
    projects = tuple(Project(name, data.draw(AMOUNTS), data.draw(CELLS)) for name in names)
    votes = []
    for voter in data.draw(st.lists(IDS, min_size=1, max_size=5, unique=True)):
        choices = tuple(data.draw(st.lists(st.sampled_from(names), unique=True)))
        with_points = kind in (VoteType.CUMULATIVE, VoteType.SCORING)
        votes.append(Vote(voter, choices, tuple(data.draw(AMOUNTS) for _c in choices) if with_points else ()))
    meta = {"description": data.draw(CELLS), "num_projects": str(len(projects)), "num_votes": str(len(votes))}
    meta |= {"budget": "99.25", "vote_type": str(kind)}
    selected = data.draw(st.none() | st.sets(st.sampled_from(names)).map(frozenset))
    file = PabulibFile(meta, kind, Fraction(397, 4), projects, tuple(votes), selected)
    assert read(write(file).encode()) == file


def test_a_line_break_cannot_be_written() -> None:
    file = read(GOOD.encode())
    with pytest.raises(ValueError, match="line break"):
        write(PabulibFile({"a": "x\ny"}, file.vote_type, file.budget, file.projects, file.votes))
