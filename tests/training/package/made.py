"""Tiny packages that the tests of a class train once, of logs that they write."""

import json
import tempfile
from pathlib import Path

from package.proof import PackageTest
from runs import run_here


class MadePackages(PackageTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)

    @classmethod
    def written(cls, name: str, rows: list) -> Path:
        path = cls.folder / f"{name}.ndjson"
        path.write_text("\n".join(map(json.dumps, rows)))
        return path

    @classmethod
    def made(cls, name: str, log: Path, *arguments) -> Path:
        """`name` is NAME/VERSION. What the command printed is `printed`."""
        out = cls.folder / name
        done = run_here("make_package", "--data", f"events:{log}", "--config", "tiny", "--minutes", "6000", "--set", "epochs=2",
                        "--out", out, *arguments)
        if done.returncode:
            raise AssertionError(done.stderr)
        cls.printed = done.stdout
        return out
