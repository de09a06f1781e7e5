"""The demo data: the committed files are what the generator makes, and they behave like a shop."""

import json
import tempfile
import unittest
from pathlib import Path

from here import ROOT
from runs import run_script


def generate(folder: Path, *arguments: str):
    """In a process of its own: the bytes may not depend on the hashes of strings, which differ from process to process."""
    files = [folder / name for name in ("events.ndjson", "users.ndjson", "items.ndjson")]
    done = run_script("demo_events", *arguments, "--out", files[0], "--attributes", files[1], "--items", files[2])
    if done.returncode:
        raise AssertionError(done.stderr)
    return [file.read_bytes() for file in files]


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.events = [json.loads(line) for line in (ROOT / "demo/events.ndjson").read_text("utf-8").splitlines()]

    def test_the_generator_makes_the_committed_files_byte_for_byte(self):
        with tempfile.TemporaryDirectory() as folder:
            made = generate(Path(folder))
        self.assertEqual(made, [(ROOT / "demo" / name).read_bytes() for name in ("events.ndjson", "users.ndjson", "items.ndjson")])

    def test_worlds_repeat_and_share_no_ids(self):
        with tempfile.TemporaryDirectory() as folder:
            once, again = (generate(Path(folder), "--worlds", "2", "--users", "20", "--seed", "5") for _ in range(2))
        self.assertEqual(once, again)
        worlds: dict = {}
        for line in once[0].decode().splitlines():
            event = json.loads(line)
            worlds.setdefault(event["userId"].split("/")[0], set()).add(event["itemId"])
        self.assertEqual(sorted(worlds), ["w00", "w01"])
        self.assertFalse(worlds["w00"] & worlds["w01"])

    def test_events_come_in_time_order_and_no_user_does_two_things_in_one_second(self):
        times = [event["timestamp"] for event in self.events]
        self.assertEqual(times, sorted(times))
        self.assertEqual(len({(e["userId"], e["timestamp"]) for e in self.events}), len(self.events))

    def test_who_buys_has_looked_and_who_rates_has_bought(self):
        done = set()
        for event in self.events:
            before = {"purchase": "cart", "cart": "view", "rating": "purchase", "review": "rating"}.get(event["kind"])
            if before:
                self.assertIn((event["userId"], event["itemId"], before), done)
            done.add((event["userId"], event["itemId"], event["kind"]))


if __name__ == "__main__":
    unittest.main()
