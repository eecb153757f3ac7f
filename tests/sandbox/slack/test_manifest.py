"""Reading a manifest: the app's own, other ways to write one, and what isn't understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.slack.manifest import read_manifest
from tests.sandbox.slack.conftest import MANIFEST


def test_the_apps_own_manifest_is_read() -> None:
    manifest = read_manifest(MANIFEST)
    assert manifest.name == "OneSpot"
    assert {"chat:write", "files:write", "usergroups:read"} <= set(manifest.scopes)
    assert manifest.commands[0]["command"] == "/onespot-provision"
    assert manifest.events == ("app_home_opened",)
    assert (manifest.home_tab, manifest.interactive, manifest.socket_mode) == (True, True, True)


def test_lists_may_stand_as_far_left_as_their_name(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text("display_information:\n  name: 'It''s'\noauth_config:\n  scopes:\n    bot:\n    - a\n    - b\n")
    manifest = read_manifest(file)
    assert (manifest.name, manifest.scopes, manifest.commands, manifest.home_tab) == ("It's", ("a", "b"), (), False)


@pytest.mark.parametrize("text", ["display_information: {\n  name\n", "a:\n  b: 1\n c: 2\n", "- a\n"])
def test_what_is_not_understood_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"[Ll]ine \d"):
        read_manifest(file)
