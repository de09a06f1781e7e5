"""Items as POST /v1/items takes them, one a line."""

import json

from files import Files
from profile_training.data.items import read_items
from profile_training.errors import DataError


class ItemLines(Files):
    def items(self, *rows):
        return read_items(self.write("items.ndjson", "\n".join(map(json.dumps, rows))))

    def test_content_is_of_the_numbers_that_the_service_takes(self):
        self.assertEqual(self.items({"itemId": "i1", "content": [1e9, -1e9]}).contents["i1"], [1e9, -1e9])
        for number in (1.1e9, -1e39, 10 ** 400, "1"):
            with self.subTest(number), self.assertRaisesRegex(DataError, "items.ndjson line 1: field content"):
                self.items({"itemId": "i1", "content": [1, number]})

    def test_a_later_line_of_an_item_replaces_all_of_it(self):
        first = {"itemId": "i1", "categories": ["shoes"], "content": [1, 2]}
        other = {"itemId": "i2", "categories": ["hats"], "content": [3, 4]}
        for later, categories, content in (({"categories": ["boots"]}, ("boots",), None), ({"content": [5, 6]}, None, [5, 6]),
                                           ({"categories": [], "content": None}, None, None), ({}, None, None)):
            found = self.items(first, other, {"itemId": "i1", **later})
            self.assertEqual((found.categories.get("i1"), found.contents.get("i1")), (categories, content), later)
            self.assertEqual((found.categories["i2"], found.contents["i2"]), (("hats",), [3, 4]))
