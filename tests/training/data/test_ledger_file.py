"""The ledger's file beside an export."""

import json

from files import Files
from profile_training.data.ledger_file import read_ledger
from profile_training.errors import DataError

GOOD = {"ledgerSequence": 12, "exportedAt": "2026-11-27T11:00:00+01:00", "users": 3, "events": 40}


class Ledger(Files):
    def test_the_sequence_and_the_time_in_utc_are_taken(self):
        path = self.write("ledger.json", json.dumps(GOOD))
        self.assertEqual(read_ledger(path), {"ledgerSequence": 12, "exportedAt": "2026-11-27T10:00:00Z"})

    def test_what_is_no_ledger_is_refused_with_the_field(self):
        for text, words in (("{", "not JSON"), ("[]", "ledgerSequence"), (json.dumps({**GOOD, "ledgerSequence": True}), "ledgerSequence"),
                            (json.dumps({**GOOD, "ledgerSequence": -1}), "ledgerSequence"),
                            (json.dumps({**GOOD, "ledgerSequence": 1.5}), "ledgerSequence"),
                            (json.dumps({**GOOD, "exportedAt": "yesterday"}), "exportedAt"),
                            (json.dumps({**GOOD, "exportedAt": None}), "exportedAt")):
            with self.assertRaisesRegex(DataError, words):
                read_ledger(self.write("ledger.json", text))
