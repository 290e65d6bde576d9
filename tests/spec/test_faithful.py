"""What a container reads in its variables is what stands in the spec."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import container, environment, findings, objects, release

ROLLING = 'rolling: {version: "1"}'


@pytest.mark.parametrize(
    ("written", "read"),
    [("1.10", "1.1"), ("0x1F", "31"), ("1e3", "1000.0"), ("True", "true"), ("+4", "4"), (".5", "0.5"), ("0o17", "15")],
)
def test_a_variable_that_would_change_is_refused_where_it_stands(written: str, read: str) -> None:
    own = f'{{version: "1", env: {{A: {written}}}}}'
    for text in (
        release(ROLLING, container=f"preset: http, env: {{A: {written}}}"),
        release(ROLLING, container=f"preset: http, config: {{values: {{A: {written}}}}}"),
        release(f"blueGreen: {{active: blue, blue: {own}}}"),
        release(ROLLING, more="pods: {} # x\n  smokeTest: ~").replace(ROLLING, f"rolling: {own}"),
    ):
        (finding,) = findings(environment(), text)
        assert finding.code == "variable-rewritten"
        assert finding.message == f"`A` is written {written}, but the container would get {read}"
        assert finding.loc is not None
        assert text.splitlines()[finding.loc.line - 1][finding.loc.column - 1 :].startswith(written)


@pytest.mark.parametrize("written", ["1", "-7", "1.5", "0.1", "true", "false", '"1.10"', "yes", "1.4.2", "2026-01-01"])
def test_a_variable_is_read_as_it_is_written(written: str) -> None:
    text = release(ROLLING, container=f"preset: http, env: {{A: {written}}}")
    (variable,) = container(objects(environment(), text)["Deployment/api"])["env"]
    assert variable["value"] == written.strip('"')


def test_a_variable_in_a_block_has_a_comment_behind_it() -> None:
    text = release(ROLLING).replace("container: {image: ghcr.io/acme/api, preset: bentoml}", "")
    text = text.replace("spec:\n", "spec:\n  container:\n    image: a\n    preset: http\n    env:\n      A: 15   # x\n")
    assert not findings(environment(), text)
