"""`chibo demo` from its first word to its papers."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from demo.page_text import page_text
from demo.supplement import SAID

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "examples" / "summary.schema.json"


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_the_demonstration_ends_well_and_leaves_its_papers(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "meetings.cli.main", "demo", "--out", str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()
    assert "đứt rồi tự nối lại" in told.decode()
    found = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    for meeting in found["meetings"]:
        paper = (tmp_path / meeting["minutes"]["file"]).read_bytes()
        assert hashlib.sha256(paper).hexdigest() == meeting["minutes"]["sha256"]
        said = page_text(paper)
        assert all((sentence in said) == (meeting["standing"] == "supplement") for sentence in SAID)
    assert (tmp_path / "openapi.json").exists()
