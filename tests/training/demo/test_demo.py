"""The demo data: the committed files are what the generator makes, and they behave like a shop."""

import json
import random
import statistics
import tempfile
import unittest
from pathlib import Path

from here import ROOT
from profile_training.demo.catalogue import random_catalogue
from runs import run_script

HABITS = {
    "buying": lambda events: sum(event["kind"] == "cart" for event in events) / len(events),
    "hour": lambda events: statistics.mean(int(event["timestamp"][11:13]) for event in events),
}


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

    def test_who_buys_readily_goes_on_to_and_so_with_other_habits(self):
        users: dict = {}
        for event in self.events:
            users.setdefault(event["userId"], []).append(event)
        lasting = [events for events in users.values() if len(events) >= 40]
        for name, habit in HABITS.items():
            earlier, later = ([habit(events[half::2]) for events in lasting] for half in (0, 1))
            self.assertGreater(statistics.correlation(earlier, later), 0.5, name)

    def test_some_leave_for_good(self):
        last: dict = {}
        for event in self.events:
            last[event["userId"]] = event["timestamp"]
        gone = sum(time < "2026-11-01" for time in last.values())
        self.assertTrue(0.3 * len(last) < gone < 0.8 * len(last), f"{gone} of {len(last)}")

    def test_no_two_categories_of_a_random_shop_have_one_name(self):
        for seed in range(200):
            names = [category.name for category in random_catalogue(random.Random(seed))]
            self.assertEqual(len(set(names)), len(names))


if __name__ == "__main__":
    unittest.main()
