"""From a random data package to the figures, through the commands alone, on both engines."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from flask.testing import FlaskCliRunner

from tests.makers.packages import Files, random_package, write_package
from tests.queries.package_count import Count, Question, day_of

DAYS = ("valid_from", "valid_to", "completed_on", "valid_through", "revoked_from", "accepts_from")
FACTS = ("unit_parents", "memberships", "requirements", "completions", "exemptions", "headcounts")
QUESTIONS = 120


def package(seed: int) -> Files:
    """A random history; a fact that does not say when it was recorded was at the beginning."""
    files = random_package(seed, people=20)
    for row in (row for name in FACTS for row in files.get(name, [])):
        row["recorded_at"] = row.get("recorded_at") or "2023-01-01T00:00:00Z"
    return files


def questions(files: Files, random: Random) -> list[Question]:
    """Boundary days and the days beside them, for every shape of question."""
    # Each kind of fact as often as another: most days are of completions, few of exemptions.
    cells = [[row.get(name) for row in files[kind] for name in DAYS] for kind in FACTS]
    bounds = [days for texts in cells if (days := [d for t in texts if (d := day_of(t))])]
    asked = []
    for _number in range(QUESTIONS):
        day = random.choice(random.choice(bounds)) + timedelta(days=random.choice((-1, 0, 1)))
        question = {"programme": random.choice(files["programmes"])["programme"]}
        question["as_of"] = day.isoformat()
        if random.random() < 0.6:
            question["unit"] = random.choice(files["units"])["unit"]
        if random.random() < 0.5:
            question["by"] = "unit"
        if random.random() < 0.4:
            known = datetime(2023, 1, 1, 2, tzinfo=UTC) + timedelta(days=random.randrange(1400))
            question["known_at"] = known.isoformat().replace("+00:00", "Z")
        asked.append(question)
    return asked


@pytest.mark.parametrize("seed", range(3))
def test_commands_answer_a_package_as_another_hand_counts_it(
    runner: FlaskCliRunner, tmp_path: Path, seed: int
) -> None:
    files = package(seed)
    loaded = runner.invoke(args=["data", "import", str(write_package(tmp_path / "p", files))])
    assert loaded.exit_code == 0, loaded.output
    asked, now = questions(files, Random(seed)), datetime.now(UTC)
    batch = tmp_path / "batch.jsonl"
    batch.write_text("".join(json.dumps(question) + "\n" for question in asked))
    answers = runner.invoke(args=["coverage", "--batch", str(batch)]).stdout.splitlines()
    assert len(answers) == len(asked)
    for question, answer in zip(asked, map(json.loads, answers), strict=True):
        assert answer["rows"] == Count(files, question, now).answer(), question
