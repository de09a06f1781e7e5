"""Tables with a header: columns, kinds, times, and rows that cannot be read."""

import contextlib
import gzip
import io
import unittest

from files import LONG, FormatTest, micros
from profile_training.data.event import Event
from profile_training.data.histories import read
from profile_training.data.source import Source
from profile_training.errors import DataError


class Csv(FormatTest):
    COLUMNS = "userId=user,itemId=item,kind=type,timestamp=time,categories=category,value=price,eventId=id"

    def csv(self, text: str, columns: str = COLUMNS, **more) -> Source:
        return Source.of(f"csv:{self.write('shop.csv', text)}", columns=columns, **more)

    def row(self, **cells) -> Source:
        """A table of one row."""
        row = {"user": "u", "item": "i", "type": "view", "time": "1000000000", "category": "", "price": "", "id": "", **cells}
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
        text = "user,item,type,time\nu,i,1,2001-01-01\nu,i,4,2001-01-02\nu,i,click,2001-01-03\n"
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
                     "1417831200000000", "1417831200.0", "1417831200.", "1417831200000.000", "1.4178312e9"):
            with self.subTest(text):
                self.assertEqual(read(self.row(time=text)).histories["u"][0].micros, start)
        self.assertEqual(read(self.row(time="2014-12-06 02:00:05.000001")).histories["u"][0].micros, start + 5_000_001)
        self.assertEqual(read(self.row(time="1417831200.5")).histories["u"][0].micros, start + 500_000)
        for text in ("", "06/12/2014", "2014-13-01", "soon", "9" * 30, "-5", "2014-12-06 02:00:00 CET", "1417831200.5s",
                     "20141206", "20141206020000", "41979.083", "0", "631151999", "4102444800", "631151999999", "4102444800000000",
                     "1969-12-31", "2014-12-06 02:00:00.Z", "1_417_831_200", "٣"):
            with self.subTest(text):
                self.refused(self.row(time=text), r"shop.csv line 2: field timestamp \(column time\)")

    def test_a_number_that_is_no_likely_unix_time_is_refused_with_what_to_write(self):
        for text in ("20191001", "20191001000000", "43739.04"):
            with self.subTest(text):
                self.refused(self.row(time=text), f"line 2: field timestamp .column time. is not a readable time: '{text}'; "
                             "a number is taken as Unix time of the years 1990 to 2099 alone: write 2019-10-01")

    def test_bad_rows_name_field_and_column(self):
        for cells, words in [
                ({"user": ""}, r"field userId \(column user\)"), ({"item": LONG + "x"}, r"field itemId \(column item\)"),
                ({"type": ""}, r"field kind \(column type\)"), ({"item": ".."}, r"field itemId \(column item\)"),
                ({"type": "1.0"}, r"field kind \(column type\)"), ({"price": "1,2"}, "line 2: 8 fields, 7 expected")]:
            with self.subTest(cells):
                self.refused(self.row(**cells), words)

    def test_a_row_is_kept_without_an_optional_cell_that_cannot_be_read_and_this_is_reported(self):
        start = Event("u", "view", "i", 1_000_000_000_000_000)
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
                self.assertRegex(said.getvalue(), f"shop.csv line 2: {words}.*; the row is kept without it\n.*"
                                 f"1 of 1 rows are kept without their {field}\n$")

    def test_numbers_with_a_zero_fraction_are_whole(self):
        text = "user,item,type,time\nu,i,1.0,1417831200.0\nu,i,4,1417831201.00\nu,j,view,1417831202\n"
        found = read(self.csv(text, "userId=user,itemId=item,timestamp=time,kind=type", kinds="1=view,4=purchase"))
        self.assertEqual([(e.kind, e.micros) for e in found.histories["u"]],
                         [("view", 1417831200000000), ("purchase", 1417831201000000), ("view", 1417831202000000)])

    def test_a_table_without_the_columns_says_which_it_has(self):
        with self.assertRaisesRegex(DataError, "names type, category, price, id; the columns are user, item, time, x$"):
            read(self.csv("user,item,time,x\n"))
        for text, words in (("", "must be a header"), (self.COLUMNS.replace("=", "") + "x" * 200_000, "not a header"),
                            ("user,item,type,time,category,price,id\n", "no events")):
            with self.assertRaisesRegex(DataError, words):
                read(self.csv(text))

    def test_quotes_line_ends_blank_lines_and_the_byte_order_mark_are_the_standards(self):
        text = ('\ufeff"user",item,time,"the note"\r\n"u,1","i ""x""",2001-01-01,"two\r\nlines"\r\n\r\n'
                'u2,5" pipe,2001-01-02,\r\n')
        found = read(self.csv(text, "userId=user,itemId=item,timestamp=time"))
        items = {user: history[0].item for user, history in found.histories.items()}
        self.assertEqual(items, {"u,1": 'i "x"', "u2": '5" pipe'})
        packed = self.folder / "shop.csv.gz"
        packed.write_bytes(gzip.compress((self.folder / "shop.csv").read_bytes()))
        columns = {"userId": "user", "itemId": "item", "timestamp": "time"}
        self.assertEqual(read(Source("csv", packed, columns=columns)), found)

    def test_an_open_quote_is_a_bad_row_for_every_line_that_it_swallows(self):
        head, columns = "user,item,time,note\n", "userId=user,itemId=item,timestamp=time"
        rows = "".join(f"u,i{n},2001-01-01,x\n" for n in range(200))
        self.refused(self.csv(head + rows + 'u,i,2001-01-01,"open\n' + rows, columns), "line 202: not CSV", 201)
        self.refused(self.csv(head + 'u,i,2001-01-01,"open\n' + rows + 'u,i,2001-01-01,"x"\n' + rows, columns), "line 2: not CSV", 202)
        swallowed = 'u,"i,2001-01-01,x\n' + rows + 'u,i,2001-01-01,"\n'
        self.refused(self.csv(head + swallowed + rows, columns), "line 2: 2 fields, 4 expected", 202)
        self.refused(self.csv(head + 'u,i,2001-01-01,"' + "x\n" * 100_000, columns), "line 2: not CSV: field larger", "100,000")


if __name__ == "__main__":
    unittest.main()
