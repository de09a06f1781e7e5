"""Files of events that a test writes and reads."""

import json
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

from profile_training.data.histories import EventLog, read
from profile_training.data.source import Source
from profile_training.errors import DataError

GOOD = {"userId": "u1", "kind": "view", "itemId": "i1", "timestamp": "2026-11-01T10:00:00Z"}
LONG = "x" * 128


def micros(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()) * 1_000_000


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8", errors="surrogateescape", newline="")
        return path

    def read(self, *rows, **more) -> EventLog:
        """What the rows, objects or lines, are read as."""
        path = self.write("events.ndjson", "\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows))
        return read(Source.of(f"events:{path}", **more))


class FormatTest(Files):
    def refused(self, source: Source, words: str, rows=1) -> None:
        """The data is refused with these words because of so many rows."""
        with self.assertRaisesRegex(DataError, words) as caught:
            read(source)
        self.assertRegex(str(caught.exception), f": {rows} of [0-9,]+ rows cannot be read")
