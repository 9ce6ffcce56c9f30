"""Counting a closed round once, publishing it, and everything that is published."""

from __future__ import annotations

import hashlib
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.domain import Role
from app.core.transaction import transaction
from app.errors import WrongState
from app.extensions import db
from app.votes.counting import canonical, equal_shares, pabulib, round_file
from app.votes.results import domain, service
from app.votes.rounds.queries import receipt_counts, round_by_id
from tests.factories import Resident
from tests.factories.closed_rounds import ClosedRound, Vote, closed_round, receipt_of
from tests.factories.people import Browser, sign_in
from tests.factories.rounds import open_round, wait_until

# A costs 6000, B 4050, C 2000 of 10000; A and C exclude each other. 12 voters: 833.33 each.
# A has 8 votes (750 each), B 7, C 4. C is struck by A, and B costs too much beside A.
VOTES = [["A", "B"]] * 4 + [["A"]] * 4 + [["B", "C"]] * 3 + [["C"]]
# The same, with nobody alone in a choice.
MANY = [["A", "B"]] * 4 + [["A"]] * 4 + [["B", "C"]] * 3 + [["C"]] * 2


pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def planner(app: Flask, clean: None) -> Browser:
    browser = Browser(app.test_client())
    sign_in(browser, "planner@example.nl", Role.PLANNER)
    return browser


def counted(app: Flask, round_: ClosedRound, *, publish: bool = True) -> service.Counted:
    with app.test_request_context("/"):
        with transaction():
            found = service.count(round_.id, 10)
            if publish:
                found = service.publish(round_.id)
        db.session.remove()
    return found


def test_a_closed_round_is_counted_and_its_result_published(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(app, MANY)
    address = f"/api/rounds/{round_.id}/result"
    assert client.get(address).status_code == 404
    counted(app, round_, publish=False)
    assert client.get(address).status_code == 404
    found = counted(app, round_)
    answer = client.get(address)
    assert answer.status_code == 200
    document = answer.get_json()
    assert document["winners"] == ["A"] and document["result"] == found.result
    count = document["result"]["count"]
    assert count["ballots"] == 13 and count["total_cost"] == "6000"
    options = {option["code"]: option for option in count["options"]}
    assert options["A"]["payment"] == {
        "share": "750", "in_full": 8, "with_the_rest": 0, "rest_total": "0"
    }  # fmt: skip
    assert (options["C"]["reason"], options["C"]["by"]) == ("excluded", "A")
    assert options["B"]["reason"] == "too_dear"
    assert count["comparison"][0]["rule"] == "mes"
    assert document["result"]["channels"] == {"web": 13, "paper": 0}
    plain = json.dumps(document["result"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert document["result_hash"] == hashlib.sha256(plain.encode()).hexdigest()


def test_explanations_come_in_both_languages_with_amounts(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(app, MANY)
    counted(app, round_)
    said = client.get(f"/en/api/rounds/{round_.id}/result").get_json()["explanations"]
    assert "8 van de 13 stemmers kozen dit." in said["A"]["nl"]
    assert "betalen 8 stemmers ieder €\u00a0750 uit hun deel" in said["A"]["nl"]
    assert "“Bomen langs de gevel”" in said["C"]["nl"]
    assert all(said[code]["en"] and said[code]["en"] != said[code]["nl"] for code in "ABC")
    assert "€6,000" in said["A"]["en"]


def test_the_published_file_counts_again_to_the_same_result(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    round_ = closed_round(app, MANY)
    found = counted(app, round_)
    answer = client.get(f"/rounds/{round_.id}/round.json")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    file = round_file.read(answer.data)
    assert round_file.recount(file) == found.count
    assert file.receipts == sorted(receipt_of(n).hex() for n in range(13))
    assert client.get(f"/rounds/{round_.id}/round.json").data == answer.data
    again = client.get(f"/rounds/{round_.id}/round.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    (tmp_path / "r.json").write_bytes(answer.data)
    ran = app.test_cli_runner().invoke(args=["votes", "recount", str(tmp_path / "r.json")])
    assert ran.exit_code == 0 and json.loads(ran.stdout)["winners"] == ["A"]


def test_the_pabulib_file_has_the_same_winners(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(app, MANY)
    counted(app, round_)
    file = pabulib.read(client.get(f"/rounds/{round_.id}/round.pb").data)
    groups = [group.split(",") for group in file.meta["exclusions"].split()]
    assert equal_shares.count(file.election(map(tuple, groups))).winning_ids == ["A"]
    assert file.selected == {"A"}


def test_a_unique_combination_seals_the_ballots(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    round_ = closed_round(app, VOTES)
    found = counted(app, round_)
    assert found.result["publication"] == {
        "ballots": "sealed", "detail": "totals", "k": 10, "reason": "unique"
    }  # fmt: skip
    options = {option["code"]: option for option in found.count["options"]}
    assert options["A"] == {"code": "A", "cost": "6000", "won": True, "votes": 8}
    assert options["B"] == {"code": "B", "cost": "4050", "won": False, "votes": 7, "reason": "too_dear"}
    page = client.get(f"/rounds/{round_.id}/result").text
    assert "Samen konden zij de kosten van € 6.000 betalen uit hun deel." in page
    assert "zou je stembriefjes kunnen terugrekenen" in page
    public = round_file.read(client.get(f"/rounds/{round_.id}/round.json").data)
    assert public.ballots is None and public.counted["winners"] == ["A"]
    for number in range(12):
        assert receipt_of(number).hex() not in client.get(f"/rounds/{round_.id}/round.json").text
        # Whoever has a receipt finds it all the same.
        assert round_file.mark(receipt_of(number).hex()) in public.receipts
    assert client.get(f"/rounds/{round_.id}/round.pb").status_code == 404
    sealed = tmp_path / "controleur.json"
    ran = app.test_cli_runner().invoke(args=["votes", "seal", str(round_.id), "--output", str(sealed)])
    assert ran.exit_code == 0, ran.output
    assert sealed.stat().st_mode & 0o777 == 0o600
    auditors = round_file.read(sealed.read_bytes())
    assert round_file.recount(auditors) == found.count
    assert auditors.ballots_hash == public.ballots_hash and auditors.result_hash == public.result_hash


def test_fewer_than_k_ballots_are_sealed(app: Flask) -> None:
    found = counted(app, closed_round(app, [["A"]] * 9))
    assert found.result["publication"]["reason"] == "few"


def test_an_open_round_is_not_counted(app: Flask, planner: Browser) -> None:
    round_ = closed_round(app, MANY, is_open=True)
    with app.test_request_context("/"), pytest.raises(WrongState), transaction():
        service.count(round_.id, 10)
    assert planner.post(f"/desk/rounds/{round_.id}/count").status_code == 409
    assert planner.post(f"/desk/rounds/{round_.id}/publish").status_code == 409


def test_counts_at_once_give_one_result(app: Flask) -> None:
    round_ = closed_round(app, MANY)

    def count(_number: int) -> str:
        return canonical.sha256(counted(app, round_, publish=False).result)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(count, range(8)))) == 1


def test_counting_waits_for_a_ballot_on_its_way(app: Flask) -> None:
    """A ballot that was taken before closing and has not committed yet is in the count."""
    round_ = closed_round(app, MANY)
    with app.app_context():
        engine = db.engine
    with ThreadPoolExecutor(1) as pool, engine.connect() as late:
        late.execute(text("SELECT pg_advisory_xact_lock_shared(round_lock(:id))"), {"id": round_.id})
        late.execute(text("SET LOCAL session_replication_role = replica"))
        late.execute(
            text(
                "INSERT INTO ballot (round_id, voter, version, choices, receipt_hash)"
                " VALUES (:id, :voter, 1, '[\"B\"]', :receipt)"
            ),
            {"id": round_.id, "voter": b"v" * 32, "receipt": b"r" * 32},
        )
        counting = pool.submit(counted, app, round_, publish=False)
        # It waits: after a second there is still nothing.
        with pytest.raises(TimeoutError):
            counting.result(timeout=1)
        late.commit()
        assert counting.result(timeout=30).count["ballots"] == 14


def test_after_the_count_the_voters_key_is_gone_and_receipts_still_count(app: Flask) -> None:
    round_ = closed_round(app, MANY)
    counted(app, round_)
    with app.app_context():
        key = db.session.execute(
            text("SELECT voter_key FROM round WHERE id = :id"), {"id": round_.id}
        ).scalar_one()
        assert key is None
        assert receipt_counts(round_.id, receipt_of(3)) is True


def test_a_changed_ballot_behind_the_programs_back_is_told(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(app, MANY)
    counted(app, round_)
    with app.app_context(), transaction():
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
        db.session.execute(
            text("UPDATE ballot SET choices = '[\"B\"]' WHERE receipt_hash = :r"), {"r": receipt_of(0)}
        )
    assert client.get(f"/rounds/{round_.id}/round.json").status_code == 409


def test_turnout_by_distance_merges_small_groups_and_says_who_is_missing(app: Flask) -> None:
    # 30 of 40 near, 6 of 10 and 4 of 50 in the two next bands: these have too few and go together.
    votes = [Vote(["A"], "0-50")] * 30 + [Vote(["B"], "50-100")] * 6 + [Vote(["B"], "100-250")] * 4
    letters = {"0-50": 40, "50-100": 10, "100-250": 50}
    turnout = counted(app, closed_round(app, votes, letters=letters)).result["turnout"]
    assert turnout["voted"] == 40 and turnout["could_vote"] == 100 and turnout["k"] == 10
    near, far = turnout["by_distance"]
    assert (near["places"], near["voted"], near["could_vote"]) == (["0-50"], 30, 40)
    assert near["votes"] == {"A": 30, "B": 0, "C": 0}
    assert (far["places"], far["voted"], far["could_vote"]) == (["50-100", "100-250"], 10, 60)
    # 30 of 40: Wilson 59.8 to 85.8 %, against 40 %. 10 of 60: 9.3 to 28.0 %.
    assert near["gap_points"] == [19, 46] and far["gap_points"] == [-31, -11]
    assert turnout["by_neighbourhood"] == []


def test_turnout_by_neighbourhood_where_no_group_and_no_difference_is_small(
    app: Flask, client: FlaskClient
) -> None:
    near, south, far = ("0-50", "Noord"), ("0-50", "Zuid"), ("50-100", "Zuid")
    votes = [
        *([Vote(["A"], near[0], neighbourhood=near[1])] * 20),
        *([Vote(["B"], south[0], neighbourhood=south[1])] * 15),
        *([Vote(["B"], far[0], neighbourhood=far[1])] * 12),
        # Too few by themselves: they join the smallest of the others.
        *([Vote(["A"], "50-100", neighbourhood="Hof")] * 4),
    ]
    letters = {near: 40, south: 20, far: 60, ("50-100", "Hof"): 10}
    round_ = closed_round(app, votes, letters=letters)
    turnout = counted(app, round_).result["turnout"]
    assert [(row["places"], row["voted"], row["could_vote"]) for row in turnout["by_distance"]] == [
        (["0-50"], 35, 60),
        (["50-100"], 16, 70),
    ]
    # Hof (4) goes with Noord (20): of all together 51 voted, 130 could.
    rows = {tuple(sorted(row["places"])): row for row in turnout["by_neighbourhood"]}
    assert set(rows) == {("Zuid",), ("Hof", "Noord")}
    assert (rows["Zuid",]["voted"], rows["Zuid",]["could_vote"]) == (27, 80)
    assert (rows["Hof", "Noord"]["voted"], rows["Hof", "Noord"]["could_vote"]) == (24, 50)
    assert rows["Zuid",]["votes"] == {"A": 0, "B": 27, "C": 0}
    page = client.get(f"/rounds/{round_.id}/result").text
    assert "Naar buurt" in page and "Hof, Noord" in page
    # The ballots in the file say what was chosen, and not from where.
    file = json.loads(client.get(f"/rounds/{round_.id}/round.json").text)
    told = json.dumps({name: value for name, value in file.items() if name != "result"})
    assert "Zuid" not in told and "0-50" not in told


def test_a_small_neighbourhood_is_not_told_by_subtracting_the_tables(app: Flask) -> None:
    # 13 near of whom 10 in Noord: near less Noord would be the 3 of Zuid who live near.
    votes = [
        *([Vote(["A"], "0-50", neighbourhood="Noord")] * 10),
        *([Vote(["B"], "0-50", neighbourhood="Zuid")] * 3),
        *([Vote(["A"], "50-100", neighbourhood="Zuid")] * 12),
    ]
    turnout = counted(app, closed_round(app, votes)).result["turnout"]
    assert [row["voted"] for row in turnout["by_distance"]] == [13, 12]
    assert turnout["by_neighbourhood"] == []


def test_without_addresses_there_is_no_turnout_by_place(app: Flask) -> None:
    assert counted(app, closed_round(app, MANY)).result["turnout"] is None


def test_options_on_the_map_say_what_became_of_them(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(app, MANY)
    counted(app, round_)
    found = client.get(f"/rounds/{round_.id}/options.geojson")
    assert found.mimetype == "application/geo+json"
    features = found.get_json()["features"]
    assert [(f["id"], f["properties"]["won"]) for f in features] == [("A", True), ("B", False), ("C", False)]
    assert features[0]["geometry"]["type"] in ("GeometryCollection", "MultiPoint")
    assert features[2]["properties"]["excluded_by"] == "A" and features[1]["properties"]["votes"] == 7
    assert features[0]["properties"]["cost_eur"] == 6000 and features[0]["properties"]["explanation_en"]


def test_a_planner_counts_and_publishes_on_the_page(
    app: Flask, client: FlaskClient, planner: Browser
) -> None:
    round_ = closed_round(app, MANY)
    page = f"/rounds/{round_.id}/result"
    assert client.get(page).status_code == 404 and client.get(f"{page}.svg").status_code == 404
    assert "Tel de stemmen" in planner.client.get(page).text
    assert planner.post(f"/desk/rounds/{round_.id}/count").status_code == 303
    assert "Alleen planners zien dit nog" in planner.client.get(page).text
    assert client.get(page).status_code == 404 and client.get(f"{page}.svg").status_code == 404
    assert client.get(f"/rounds/{round_.id}/options.geojson").status_code == 404
    assert planner.post(f"/desk/rounds/{round_.id}/publish").status_code == 303
    public = client.get(page)
    assert public.status_code == 200 and "“Bomen langs de gevel” won." in public.text
    assert client.get(f"{page}.svg").mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    ("degree", "words"),
    [("advise", "Dit is een advies van bewoners."), ("decide", "Dit is een besluit.")],
)
def test_the_words_depend_on_how_far_influence_reaches(
    app: Flask, client: FlaskClient, degree: str, words: str
) -> None:
    round_ = closed_round(app, MANY, degree=degree)
    counted(app, round_)
    assert words in client.get(f"/rounds/{round_.id}/result").text


@pytest.mark.parametrize(
    ("kind", "rule", "parameters", "votes", "winners"),
    [
        ("ranking", "schulze", {}, [["B", "A"]] * 6 + [["A", "C"]] * 5, ["B"]),
        ("points", "points", {"points": 5}, [{"A": 2, "C": 3}] * 5 + [{"B": 4}] * 3, ["C"]),
        ("budget", "greedy", {"budget_eur": "10000"}, [["B", "C"]] * 6 + [["A"]] * 5, ["C", "B"]),
        ("approval", "mes", {"budget_eur": "10000", "min_choices": 0}, [], []),
    ],
)
def test_every_kind_of_round_has_a_page_and_a_file(
    app: Flask, client: FlaskClient, kind: str, rule: str, parameters: dict, votes: list, winners: list
) -> None:
    round_ = closed_round(app, votes, kind=kind, rule=rule, parameters=parameters)
    found = counted(app, round_)
    assert found.count["winners"] == winners
    for prefix in ("", "/en"):
        assert client.get(f"{prefix}/rounds/{round_.id}/result").status_code == 200
    round_file.read(client.get(f"/rounds/{round_.id}/round.json").data)


def test_commands_count_and_publish(app: Flask, tmp_path: Path) -> None:
    round_ = closed_round(app, MANY)
    run = app.test_cli_runner().invoke
    early = run(args=["votes", "seal", str(round_.id), "--output", str(tmp_path / "x")])
    assert early.exit_code == 1 and "not counted" in early.output
    assert "Winners: A." in run(args=["votes", "count-round", str(round_.id)]).output
    assert f"/rounds/{round_.id}/result" in run(args=["votes", "publish", str(round_.id)]).output
    missing = run(args=["votes", "count-round", str(uuid.uuid4())])
    assert missing.exit_code == 1 and "Traceback" not in missing.output


def test_the_councils_file_holds_everything_itself(app: Flask, planner: Browser, tmp_path: Path) -> None:
    round_ = closed_round(app, MANY)
    counted(app, round_)
    answer = planner.client.get(f"/desk/rounds/{round_.id}/report.html")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    for said in ("Bomen langs de gevel", "Bankjes &amp; praten", "wint niet", "Dit is een advies"):
        assert said in answer.text
    file = tmp_path / "raad.html"
    ran = app.test_cli_runner().invoke(
        args=["report", "result", "--round", str(round_.id), "--output", str(file), "--language", "en"]
    )
    assert ran.exit_code == 0, ran.output
    assert 'lang="en"' in file.read_text("utf-8")


def test_paper_that_was_not_settled_is_left_out_and_told(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(app, MANY)
    with app.app_context(), transaction():
        db.session.execute(
            text(
                "INSERT INTO paper_ballot (round_id, voter, serial, state, first_choices)"
                " VALUES (:id, :voter, 1, 'waiting', '[\"A\"]')"
            ),
            {"id": round_.id, "voter": b"p" * 32},
        )
    found = counted(app, round_)
    assert found.result["paper_left_out"] == 1 and found.count["ballots"] == 13
    assert "1 papieren briefje telt niet mee" in client.get(f"/rounds/{round_.id}/result").text
    with app.app_context():
        left = db.session.execute(text("SELECT state, first_choices FROM paper_ballot")).one()
    assert tuple(left) == ("left", None)


def test_from_ballot_to_recount_in_real_time(app: Flask, client: FlaskClient) -> None:
    """People vote while it is open, some twice; then it is counted, and every receipt is in the file."""
    with app.test_request_context("/"):
        round_id = open_round(costs=(6000, 4050, 2000), open_for=6)
        closes_at = round_by_id(round_id).closes_at
        db.session.remove()
    address = f"/api/rounds/{round_id}/ballot"
    kept, replaced = [], []
    for choices in [["A", "B"]] * 5 + [["A"]] * 3 + [["C", "B"]] * 2:
        voter = Resident(app.test_client())
        if choices == ["A"]:
            replaced.append(voter.send("PUT", address, {"choices": ["C"]}).get_json()["receipt"])
        cast = voter.send("PUT", address, {"choices": choices})
        assert cast.status_code == 200, cast.text
        kept.append(cast.get_json()["receipt"])
    late = Resident(app.test_client())
    with app.test_request_context("/"):
        wait_until(closes_at)
        db.session.remove()
    assert late.send("PUT", address, {"choices": ["C"]}).status_code in (403, 409)
    found = counted(app, ClosedRound(round_id, []))
    assert found.count["ballots"] == 10 and found.result["publication"]["ballots"] == "open"
    file = round_file.read(client.get(f"/rounds/{round_id}/round.json").data)
    assert round_file.recount(file) == found.count
    votes = {option["code"]: option["votes"] for option in found.count["options"]}
    assert votes == {"A": 8, "B": 7, "C": 2}
    hashes = [hashlib.sha256(receipt.replace("-", "").encode()).hexdigest() for receipt in kept]
    assert file.receipts == sorted(hashes)
    for receipt in replaced:
        assert hashlib.sha256(receipt.replace("-", "").encode()).hexdigest() not in file.receipts


def test_a_very_large_round_is_counted_by_command(
    app: Flask, planner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = closed_round(app, MANY)
    monkeypatch.setattr(domain, "LARGE_WORK", 12)
    refused = planner.post(f"/desk/rounds/{round_.id}/count")
    assert refused.status_code == 409 and f"flask votes count-round {round_.id}" in refused.text
    assert app.test_cli_runner().invoke(args=["votes", "count-round", str(round_.id)]).exit_code == 0
    assert planner.post(f"/desk/rounds/{round_.id}/count").status_code == 303


def test_files_come_also_where_the_cache_cannot_be_written(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = closed_round(app, MANY)
    counted(app, round_)
    (tmp_path / "bestand").write_text("")
    monkeypatch.setitem(app.config, "CACHE_DIR", str(tmp_path / "bestand"))
    answer = client.get(f"/rounds/{round_.id}/round.json")
    assert answer.status_code == 200
    round_file.recount(round_file.read(answer.data))
