"""Who is asked, what of, and what a vector is computed from."""

import unittest

from profile_training.data.event import Event
from profile_training.data.held_out_users import HeldOutUsers
from profile_training.data.histories import EventLog
from profile_training.encoding.encoder import DAY_MICROS
from profile_training.errors import DataError
from profile_training.probes.people import NEXT, people_of
from profile_training.probes.questions import HORIZON, questions_of
from profile_training.probes.rivals import counts, histogram, svd_of_items

KNOWN, USERS = 4, 200


def log_of(events_of, attributes_of=lambda n: {}) -> EventLog:
    users = {f"u{n}": events_of(n) for n in range(USERS)}
    return EventLog(users, {f"u{n}": attributes_of(n) for n in range(USERS)}, {})


def events(n: int, count: int = KNOWN + NEXT, **later) -> list:
    """Known events in a category by the user's number; the others as `later` says."""
    known = [Event(f"u{n}", "rating", f"i{n % 7}", k * 1_000_000, (f"c{n % 3}",), 4.0) for k in range(KNOWN)]
    given = {"kind": "rating", "categories": (f"c{n % 2}",), "value": float(n % 5)} | later
    return known + [Event(f"u{n}", given["kind"], "next", DAY_MICROS * (n % 2 * 3) + k * 1_000_000, given["categories"], given["value"])
                    for k in range(KNOWN, count)]


def people(log: EventLog, after=KNOWN, until=None, asked=HeldOutUsers(), labels=None):
    return people_of(log, after, until, asked, labels or {})


class Questions(unittest.TestCase):
    def names(self, *arguments, **more):
        return [f"{question.name}, {question.measure}" for question in questions_of(people(*arguments, **more))]

    def test_what_comes_next_is_asked_where_it_differs(self):
        self.assertEqual(self.names(log_of(events)), [f"categories of the next {NEXT}, AUC",
                                                      f"mean rating of the next {NEXT}, R²", "comes back after a day, AUC"])

    def test_a_purchase_is_asked_for_if_some_buy(self):
        log = log_of(lambda n: events(n, kind="purchase" if n % 3 else "view", categories=(), value=None))
        self.assertIn(f"buys in the next {NEXT}, AUC", self.names(log))

    def test_whoever_can_be_followed_long_enough_is_asked_whether_they_come_back_soon(self):
        def days_of(n):  # some come back in time, some too late, some never; the second half joins too late to be followed
            return [1] * KNOWN + [[3], [HORIZON + 2], [], []][n % 4] if n < USERS // 2 else [2 * HORIZON] * KNOWN

        log = log_of(lambda n: [Event(f"u{n}", "view", "i", DAY_MICROS * day, ()) for day in days_of(n)])
        asked, = questions_of(people(log))
        self.assertEqual(asked.name, f"comes back within {HORIZON} days")
        self.assertEqual(list(asked.rows), list(range(USERS // 2)))
        self.assertEqual(asked.labels[:4, 0].tolist(), [1, 0, 0, 0])

    def test_attributes_and_labels_are_asked_for_by_what_they_are(self):
        log = log_of(events, lambda n: {"age": 20 + n % 50, "gender": "MF"[n % 2], "job": "abcdefgh"[n % 8] if n % 2 else "student"})
        labels = {f"u{n}": {"interests": ["yoga"] if n % 4 else ["baking", "laptops"]} for n in range(USERS)}
        self.assertEqual(self.names(log, labels=labels)[3:], ["age, R²", "gender, AUC", "interests, AUC", "job = student, AUC"])

    def test_what_nobody_or_everybody_has_is_not_asked(self):
        self.assertEqual(self.names(log_of(lambda n: events(n, categories=("all",), value=3.0)), labels={"u1": {"x": ["rare"]}}),
                         ["comes back after a day, AUC"])

    def test_a_number_that_everybody_has_is_not_asked_though_its_mean_is_rounded(self):
        same = log_of(lambda n: events(n, categories=("all",), value=0.3))
        self.assertEqual(self.names(same, labels={f"u{n}": {"x": 0.3} for n in range(USERS)}), ["comes back after a day, AUC"])

    def test_known_events_are_the_first_ones_or_those_before_a_moment(self):
        log = log_of(lambda n: events(n, count=KNOWN + NEXT + n % 2))
        self.assertEqual({len(known) for known in people(log).known}, {KNOWN})
        self.assertEqual({len(later) for later in people(log).later}, {NEXT, NEXT + 1})
        before = people(log, after=None, until=2_000_000)
        self.assertEqual({len(known) for known in before.known}, {2})

    def test_too_few_people_are_refused_with_what_to_do(self):
        with self.assertRaisesRegex(DataError, "^0 users have enough events .*--after"):
            people(log_of(events), after=KNOWN + NEXT + 1)


class HeldOut(unittest.TestCase):
    def test_those_that_were_held_out_are_asked_and_the_others_are_trained_on(self):
        log, held_out = log_of(events), HeldOutUsers.parse("0/2")
        asked, trained = people(log, asked=held_out), held_out.without(log)
        self.assertEqual(set(asked.users) | set(trained.histories), set(log.histories))
        self.assertFalse(set(asked.users) & set(trained.histories))
        self.assertEqual(set(asked.others), set(trained.histories))
        self.assertEqual(trained.counts["users"], len(trained.histories))

    def test_parts_are_disjoint_and_together_everybody(self):
        parts = [{user for user in log_of(events).histories if HeldOutUsers.parse(f"{part}/3")(user)} for part in range(3)]
        self.assertEqual(sum(map(len, parts)), USERS)
        self.assertEqual(len(set.union(*parts)), USERS)

    def test_a_part_lies_within_another_if_all_its_users_do(self):
        users = set(log_of(events).histories)
        parts = {text: HeldOutUsers.parse(text) for text in ("0/5", "0/10", "5/10", "3/10", "00/5", "1/2", "2/15", "5/15")}
        for one in parts.values():
            for other in parts.values():
                self.assertEqual(one.within(other), set(filter(one, users)) <= set(filter(other, users)), (one, other))
            self.assertFalse(one.within(HeldOutUsers()))

    def test_what_is_no_part_is_refused(self):
        for text in ("2/2", "0/1", "1", "-1/2", "a/b", "0/2/3"):
            with self.subTest(text), self.assertRaisesRegex(DataError, f"^--hold-out {text}: expected PART/PARTS"):
                HeldOutUsers.parse(text)


class Rivals(unittest.TestCase):
    def test_a_histogram_has_shares_of_all_categories_of_the_known_events(self):
        some = people(log_of(lambda n: [*events(n)[:1], Event(f"u{n}", "view", "x", 5, ("c9", "c8")), *events(n)[1:]]))
        self.assertEqual(sorted(histogram(some)[0]), [0, 0, 0.2, 0.2, 0.6])

    def test_counts_say_how_a_user_goes_about(self):
        span, sessions, at_once, pause, rating, spread, *_ = counts(people(log_of(events)))[0]
        self.assertAlmostEqual(span, 1.386, places=3)  # log(1 + 3 s)
        self.assertAlmostEqual(pause, 0.693, places=3)
        self.assertEqual((sessions, at_once, rating, spread), (1, 0, 4, 0))

    def test_users_of_the_same_items_are_the_same_to_the_svd(self):
        cells = svd_of_items(people(log_of(events)))
        self.assertLess(abs(cells[0] - cells[7]).max(), 1e-4)
        self.assertGreater(abs(cells[0] - cells[1]).max(), 0.1)


if __name__ == "__main__":
    unittest.main()
