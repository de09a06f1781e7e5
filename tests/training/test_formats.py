"""Formats: what each of them is read as, and which rows are refused, with the field that is to blame."""

import contextlib
import gzip
import io
import json
import unittest
from datetime import datetime, timezone
from unittest.mock import patch

import here  # noqa: F401
import rows
from events import DataError, Event, event_of
from prepare import Source, read
from rows import json_lines
from test_prepare import GOOD, Files
from times import parse_time

LONG = "x" * 128


def micros(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()) * 1_000_000


class Formats(Files):
    def refused(self, source: Source, words: str, rows=1) -> None:
        """The data is refused with these words, and `rows` of it are to blame."""
        with self.assertRaisesRegex(DataError, words) as caught:
            read(source)
        self.assertRegex(str(caught.exception), f": {rows} of [0-9,]+ rows cannot be read")


class Events(Formats):
    def test_bad_rows_are_the_services(self):
        for bad, words in [
                ({"kind": None}, "field kind must be a text"), ({"kind": ["view"]}, "field kind must be a text"),
                ({"kind": "buy"}, "field kind must be one of view, .*, not 'buy'"),
                ({"userId": ""}, "field userId"), ({"itemId": 7}, "field itemId"),
                ({"userId": LONG + "x"}, "field userId is longer than 128"),
                ({"itemId": "😀" * 65}, "field itemId is longer than 128"),
                ({"itemId": "a\tb"}, "field itemId holds a control"), ({"userId": "a\x85"}, "field userId holds a control"),
                ({"userId": "\ud800"}, "field userId holds .* broken Unicode"), ({"eventId": ""}, "field eventId"),
                ({"timestamp": "yesterday"}, "field timestamp .*'yesterday'"), ({"timestamp": 1793527200}, "field timestamp"), ({"timestamp": "1969-12-31T23:59:59Z"}, "field timestamp"),
                ({"userId": "."}, "field userId must not be ."), ({"itemId": ".."}, "field itemId"), ({"eventId": "."}, "field eventId"),
                ({"timestamp": "1793527200"}, "field timestamp"),
                ({"timestamp": "9999-12-31T23:59:59-01:00"}, "field timestamp"),
                ({"value": "much"}, "field value"), ({"value": float("nan")}, "field value"), ({"value": True}, "field value"),
                ({"value": 10**400}, "field value must be a finite number, not 1000.*\\.\\.\\."),
                ({"categories": "shoes"}, "field categories"), ({"categories": {}}, "field categories"),
                ({"categories": [["shoes"]]}, "field categories"), ({"categories": ["a", ""]}, "field categories"),
                ({"categories": list("abcdefghi")}, "field categories may hold at most 8")]:
            with self.subTest(bad), self.assertRaisesRegex(DataError, f"events.ndjson line 2: {words}"):
                self.read(GOOD, {**GOOD, **bad})
        for line in ("{oops", "[]", "[" * 100_000, b'{"userId":"\xff"}'.decode("utf-8", "surrogateescape")):
            with self.subTest(line[:20]), self.assertRaisesRegex(DataError, "line 3: "):
                self.read(GOOD, "", line)

    def test_what_the_service_takes_is_no_bad_row(self):
        edge = {"userId": LONG, "itemId": "😀" * 64, "eventId": LONG, "kind": "search", "value": -1e308,
                "timestamp": "1970-01-01T00:00:00Z", "categories": [*"abcdefg", "."], "text": None}
        event, = self.read(edge).histories[LONG]
        self.assertEqual(event, Event(LONG, "search", "😀" * 64, 0, (*"abcdefg", "."), -1e308, LONG))
        nothing = {"eventId": None, "categories": None, "value": None}
        self.assertEqual(self.read({**GOOD, **nothing}, {**GOOD, "itemId": "i2", "categories": []}).counts["events"], 2)
        self.assertEqual(parse_time("2026-11-01T10:00:00"), parse_time("2026-11-01T11:00:00+01:00"))

    def test_a_byte_order_mark_line_ends_of_windows_and_gz_are_taken(self):
        text = "\ufeff" + json.dumps(GOOD) + "\r\n\r\n" + json.dumps({**GOOD, "itemId": "i2"}) + "\r\n"
        plain, packed = self.write("events.ndjson", text), self.folder / "events.ndjson.gz"
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        self.assertEqual([e.item for e in read(Source("events", plain)).histories["u1"]], ["i1", "i2"])
        self.assertEqual(read(Source("events", packed)), read(Source("events", plain)))
        self.assertEqual([number for number, _ in json_lines(packed)], [1, 3])

    def test_one_event_from_elsewhere_names_where(self):
        self.assertEqual(event_of(GOOD, "here").micros, 1793527200000000)
        with self.assertRaisesRegex(DataError, "^here: field itemId"):
            event_of({**GOOD, "itemId": ""}, "here")

    def test_equal_texts_of_many_events_are_one_object(self):
        first, second = self.read({**GOOD, "categories": ["c"]}, {**GOOD, "kind": "cart", "categories": ["c"]}).histories["u1"]
        self.assertIs(first.item, second.item)
        self.assertIs(first.categories, second.categories)

    def test_a_line_is_said_after_every_million_rows(self):
        report = rows.Report()
        with patch.object(report, "progress") as said:
            self.assertEqual(sum(rows.converted(((n, 1) for n in range(2_000_001)), int, self.folder, report)), 2_000_001)
        self.assertEqual(said.call_count, 2)


class Csv(Formats):
    COLUMNS = "userId=user,itemId=item,kind=type,timestamp=time,categories=category,value=price,eventId=id"

    def csv(self, text: str, columns: str = COLUMNS, **more) -> Source:
        return Source.of(f"csv:{self.write('shop.csv', text)}", columns=columns, **more)

    def row(self, **cells) -> Source:
        """A table of one row."""
        row = {"user": "u", "item": "i", "type": "view", "time": "1", "category": "", "price": "", "id": "", **cells}
        return self.csv(",".join(row) + "\n" + ",".join(row.values()) + "\n")

    def test_columns_are_mapped_and_the_rest_is_listed(self):
        for separator in ",\t;":
            table = [["time", "brand", "user", "item", "type", "category", "price", "id", "session"],
                     ["2019-10-01 00:00:00 UTC", "a|b", "u1", "i1", "cart", "electronics.smartphone", "33.20", "", "s"],
                     ["2019-10-01 00:00:01 UTC", "", "u1", "i2", "view", "", "", "e-7", ""]]
            prepared = read(self.csv("\n".join(separator.join(row) for row in table) + "\n"))
            start = micros("2019-10-01")
            self.assertEqual(prepared.histories, {"u1": [
                Event("u1", "cart", "i1", start, ("electronics.smartphone",), 33.2),
                Event("u1", "view", "i2", start + 1_000_000, (), None, "e-7")]})
            self.assertEqual(prepared.counts["ignoredColumns"], ["brand", "session"])

    def test_kinds_are_mapped_or_the_services_own_or_one_for_all(self):
        text = "user,item,type,time\nu,i,1,1\nu,i,4,2\nu,i,click,3\n"
        columns = "userId=user,itemId=item,timestamp=time"
        mapped = read(self.csv(text, columns + ",kind=type", kinds="1=view,4=purchase"))
        self.assertEqual([e.kind for e in mapped.histories["u"]], ["view", "purchase", "click"])
        self.assertEqual({e.kind for e in read(self.csv(text, columns)).histories["u"]}, {"view"})
        self.assertEqual({e.kind for e in read(self.csv(text, columns, kind="rating")).histories["u"]}, {"rating"})
        unmapped = self.csv(text, columns + ",kind=type", kinds="4=purchase")
        self.refused(unmapped, r"line 2: field kind \(column type\) .* not '1'")

    def test_times_of_many_makes_are_one(self):
        start = micros("2014-12-06 02:00:00")
        for text in ("2014-12-06T02:00:00Z", "2014-12-06T03:00:00+01:00", "2014-12-06 02:00:00 UTC", "2014-12-06 02",
                     "2014-12-06 02:00:00", "20141206T020000Z", "2014-12-06t10:00:00+08", "1417831200", "1417831200000",
                     "1417831200000000", "1417831200.0", "1417831200.", "1417831200000.000"):
            with self.subTest(text):
                self.assertEqual(read(self.row(time=text)).histories["u"][0].micros, start)
        self.assertEqual(read(self.row(time="2014-12-06 02:00:05.000001")).histories["u"][0].micros, start + 5_000_001)
        for text in ("", "06/12/2014", "2014-13-01", "soon", "9" * 30, "-5", "2014-12-06 02:00:00 CET", "1417831200.5",
                     "1969-12-31", "2014-12-06 02:00:00.Z", "1_417_831_200", "٣"):
            with self.subTest(text):
                self.refused(self.row(time=text), r"shop.csv line 2: field timestamp \(column time\)")

    def test_bad_rows_name_field_and_column(self):
        for cells, words in [
                ({"user": ""}, r"field userId \(column user\)"), ({"item": LONG + "x"}, r"field itemId \(column item\)"),
                ({"type": ""}, r"field kind \(column type\)"), ({"item": ".."}, r"field itemId \(column item\)"),
                ({"type": "1.0"}, r"field kind \(column type\)"), ({"price": "1,2"}, "line 2: 8 fields, 7 expected")]:
            with self.subTest(cells):
                self.refused(self.row(**cells), words)

    def test_a_row_is_kept_without_an_optional_cell_that_cannot_be_read_and_that_is_told(self):
        start = Event("u", "view", "i", 1_000_000)
        for cells, field, words in [
                ({"price": "1.50 €"}, "value", r"field value \(column price\) must be a finite number, not '1.50 €'"),
                ({"price": "inf"}, "value", "field value"), ({"price": "n/a"}, "value", "field value"),
                ({"category": LONG + "x"}, "categories", r"field categories \(column category\) is longer"),
                ({"category": "a\x7f"}, "categories", "field categories"), ({"id": "a\x7f"}, "eventId", "field eventId"),
                ({"id": "."}, "eventId", "field eventId")]:
            with self.subTest(cells), contextlib.redirect_stderr(io.StringIO()) as said:
                prepared = read(self.row(**cells))
                self.assertEqual(prepared.histories, {"u": [start]})
                self.assertEqual((prepared.counts["fieldsLeftOut"], prepared.counts["unreadable"]), ({field: 1}, 0))
                self.assertRegex(said.getvalue(), f"shop.csv line 2: {words}.*; the row is read without it\n.*"
                                 f"1 of 1 rows are read without their {field}\n$")

    def test_numbers_with_a_zero_fraction_are_whole(self):
        text = "user,item,type,time\nu,i,1.0,1417831200.0\nu,i,4,1417831201.00\nu,j,view,1417831202\n"
        found = read(self.csv(text, "userId=user,itemId=item,timestamp=time,kind=type", kinds="1=view,4=purchase"))
        self.assertEqual([(e.kind, e.micros) for e in found.histories["u"]],
                         [("view", 1417831200000000), ("purchase", 1417831201000000), ("view", 1417831202000000)])

    def test_a_table_without_the_columns_says_which_it_has(self):
        with self.assertRaisesRegex(DataError, "names type, category, price, id; the columns are user, item, time, x$"):
            read(self.csv("user,item,time,x\n"))
        for text, words in (("", "must be a header"), (self.COLUMNS.replace("=", "") + "x" * 200_000, "no header"),
                            ("user,item,type,time,category,price,id\n", "no events")):
            with self.assertRaisesRegex(DataError, words):
                read(self.csv(text))

    def test_quotes_line_ends_blank_lines_and_the_byte_order_mark_are_the_standards(self):
        text = ('\ufeff"user",item,time,"the note"\r\n"u,1","i ""x""",5,"two\r\nlines"\r\n\r\n'
                'u2,5" pipe,6,\r\n')
        found = read(self.csv(text, "userId=user,itemId=item,timestamp=time"))
        items = {user: history[0].item for user, history in found.histories.items()}
        self.assertEqual(items, {"u,1": 'i "x"', "u2": '5" pipe'})
        packed = self.folder / "shop.csv.gz"
        packed.write_bytes(gzip.compress((self.folder / "shop.csv").read_bytes()))
        columns = {"userId": "user", "itemId": "item", "timestamp": "time"}
        self.assertEqual(read(Source("csv", packed, columns=columns)), found)

    def test_an_open_quote_is_a_bad_row_for_every_line_that_it_swallows(self):
        head, columns = "user,item,time,note\n", "userId=user,itemId=item,timestamp=time"
        rows = "".join(f"u,i{n},{n},x\n" for n in range(200))
        self.refused(self.csv(head + rows + 'u,i,1,"open\n' + rows, columns), "line 202: broken quoting", 201)
        self.refused(self.csv(head + 'u,i,1,"open\n' + rows + 'u,i,1,"x"\n' + rows, columns), "line 2: broken quoting", 202)
        self.refused(self.csv(head + 'u,"i,1,x\n' + rows + 'u,i,1,"\n' + rows, columns), "line 2: 2 fields, 4 expected", 202)
        self.refused(self.csv(head + 'u,i,1,"' + "x\n" * 100_000, columns), "line 2: .*field larger", "100,000")


class Sequences(Formats):
    def test_items_follow_each_other_by_a_second_from_the_year_2000(self):
        path = self.write("users.txt", "7 a b a\n\n8\tc\n7 d\n")
        prepared = read(Source("sequences", path))
        start = micros("2000-01-01")
        self.assertEqual(prepared.histories, {
            "7": [Event("7", "view", item, start + n * 1_000_000) for n, item in enumerate("abad")],
            "8": [Event("8", "view", "c", start)]})
        self.assertEqual(prepared.counts["duplicates"], 0)
        self.assertEqual(read(Source("sequences", path, kind="review")).histories["8"][0].kind, "review")

    def test_bad_rows_are_named(self):
        self.refused(Source("sequences", self.write("users.txt", "u a\nv\n")), "line 2: a user and no items")
        self.refused(Source("sequences", self.write("users.txt", f"u a {LONG}x b\n")), "line 1: field itemId is longer")


class Otto(Formats):
    LINE = {"session": 0, "events": [{"aid": 15, "ts": 1659304800025, "type": "clicks"},
                                     {"aid": 16, "ts": 1659304904511, "type": "carts"},
                                     {"aid": 16, "ts": 1659304904512, "type": "orders"}]}

    def test_sessions_are_users(self):
        prepared = read(Source("otto", self.write("otto.jsonl", json.dumps(self.LINE))))
        self.assertEqual(prepared.histories, {"0": [Event("0", "click", "15", 1659304800025000),
                                                    Event("0", "cart", "16", 1659304904511000),
                                                    Event("0", "purchase", "16", 1659304904512000)]})

    def test_numbers_with_a_zero_fraction_are_whole(self):
        line = {"session": 1.0, "events": [{"aid": 15.0, "ts": 1659304800025.0, "type": "clicks"}]}
        self.assertEqual(read(Source("otto", self.write("otto.jsonl", json.dumps(line)))).histories,
                         {"1": [Event("1", "click", "15", 1659304800025000)]})

    def test_bad_rows_are_named(self):
        event = self.LINE["events"][0]
        for line, words in [({"session": 1}, "field events must be a list"), ([], "not a JSON object"),
                            ({"session": None, "events": [event]}, "field session"),
                            ({"session": 1, "events": [1]}, "field events must hold objects"),
                            ({"session": 1, "events": [{**event, "aid": True}]}, "field aid"),
                            ({"session": 1, "events": [{**event, "type": "view"}]}, "field type must be one of clicks"),
                            ({"session": 1, "events": [{**event, "ts": 1.5}]}, "field ts"),
                            ({"session": 1, "events": [{**event, "ts": 10**18}]}, "field ts"),
                            ({"session": 1, "events": [{**event, "ts": None}]}, "field ts")]:
            with self.subTest(words):
                path = self.write("otto.jsonl", json.dumps(self.LINE) + "\n" + json.dumps(line))
                self.refused(Source("otto", path), f"line 2: .*{words}")


class MovieLens(Formats):
    def setUp(self):
        super().setUp()
        self.write("u.genre", "unknown|0\nAction|1\nComedy|2\n")
        (self.folder / "u.item").write_text("5|Film é|01-Jan-1995||url|0|1|1\n6|Other|||url|0|0|1\n", "latin-1")
        self.write("u.user", "1|24|M|technician|85711\n")

    def test_ratings_have_genres_users_have_attributes_and_ties_stay_in_file_order(self):
        self.write("u.data", "1\t6\t3\t100\n1\t5\t4\t100\n1\t5\t1\t99\n")
        histories, people, _ = read(Source.of(f"movielens-100k:{self.folder}"))
        self.assertEqual(histories["1"], [Event("1", "rating", "5", 99_000_000, ("Action", "Comedy"), 1.0),
                                          Event("1", "rating", "6", 100_000_000, ("Comedy",), 3.0),
                                          Event("1", "rating", "5", 100_000_000, ("Action", "Comedy"), 4.0)])
        self.assertEqual(people, {"1": {"age": 24, "gender": "M", "occupation": "technician"}})

    def test_numbers_with_a_zero_fraction_are_whole_and_a_person_is_kept_without_a_bad_age(self):
        self.write("u.data", "1\t6\t3.0\t880000000.0\n")
        self.write("u.user", "1|24.0|M|technician|85711\n2|old|F|other|1\n")
        with contextlib.redirect_stderr(io.StringIO()) as said:
            histories, people, counts = read(Source("movielens-100k", self.folder))
        self.assertEqual(histories["1"], [Event("1", "rating", "6", 880000000000000, ("Comedy",), 3.0)])
        self.assertEqual(people, {"1": {"age": 24, "gender": "M", "occupation": "technician"},
                                  "2": {"gender": "F", "occupation": "other"}})
        self.assertEqual(counts["fieldsLeftOut"], {"age": 1})
        self.assertRegex(said.getvalue(), "u.user line 2: field age is no whole number: 'old'; the row is read without it")

    def test_bad_rows_are_named_in_every_file(self):
        for name, line, words in [
                ("u.data", "1\t7\t3\t100", "line 1: field item '7'"), ("u.data", "1\t5\tgood\t100", "line 1: field rating"),
                ("u.data", "1\t5\t3", "line 1: 3 fields, 4 expected"), ("u.data", "1\t5\t3\tx", "line 1: field timestamp"),
                ("u.item", "5|a", "u.item line 1: 2 fields")]:
            with self.subTest(line):
                self.setUp()
                self.write("u.data", "1\t6\t3\t100\n")
                self.write(name, line + "\n")
                with self.assertRaisesRegex(DataError, words):
                    read(Source("movielens-100k", self.folder))


if __name__ == "__main__":
    unittest.main()
