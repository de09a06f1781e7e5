"""Every call against a service that runs: its address is in PROFILE_SERVICE. Users and items have names of their own for each run."""
import asyncio
import datetime
import os
import time
import unittest
import uuid

import numpy

from profileservice import AsyncProfileService, ProfileService, ProfileServiceError

URL = os.environ["PROFILE_SERVICE"]
ITEMS = ["yoga-011", "yoga-012", "makeup-030"]


def event(user, item="yoga-011", **more):
    return {"userId": user, "kind": "view", "itemId": item, "categories": ["yoga"],
            "timestamp": datetime.datetime.now(datetime.timezone.utc).isoformat(), **more}


class ServiceTests(unittest.TestCase):
    def setUp(self):
        self.profiles = ProfileService(URL)
        self.addCleanup(self.profiles.close)
        self.ada, self.ben, self.nobody = (f"{name}-{uuid.uuid4()}" for name in ("ada/ü", "ben", "nobody"))
        sent = self.profiles.send_events([*(event(self.ada, item) for item in ITEMS), event(self.ben), {"userId": "bad"}])
        self.assertEqual((4, 1, [4]), (sent["accepted"], sent["rejected"], [p["index"] for p in sent["problems"]]))
        for user in (self.ada, self.ben):
            self.profiles.get_profile(user, fresh=True)

    def test_profile(self):
        profile = self.profiles.get_profile(self.ada, fresh=True)
        self.assertEqual((self.ada, 3), (profile["userId"], profile["eventCount"]))
        self.assertNotIn("dimensions", self.profiles.get_profile(self.ada, include=["vector"]))
        self.assertIn("explanation", self.profiles.get_profile(self.ada, include=["vector", "explanation"]))
        self.assertIsNone(self.profiles.get_profile(self.nobody))
        first = self.profiles.get_profile_if_changed(self.ada, None)
        again = self.profiles.get_profile_if_changed(self.ada, first.etag)
        self.assertEqual((False, 3, True, None), (first.not_modified, first.profile["eventCount"], again.not_modified, again.profile))
        self.assertIsNone(self.profiles.get_profile_if_changed(self.nobody, None).profile)

    def test_vectors(self):
        profile = self.profiles.get_profile(self.ada)
        vector = self.profiles.get_vector(self.ada)
        numpy.testing.assert_allclose(profile["vector"], vector, rtol=1e-6)
        self.assertIsNone(self.profiles.get_vector(self.nobody))
        matrix = self.profiles.lookup_vectors([self.ada, self.nobody, self.ben])
        self.assertEqual(((3, vector.size), [self.nobody], profile["model"]), (matrix.values.shape, matrix.missing, matrix.model))
        numpy.testing.assert_array_equal(matrix.values[0], vector)
        matrix.values[0] = 0  # its memory is the caller's
        found = self.profiles.lookup_profiles([self.ada, self.nobody])
        self.assertEqual(([self.ada], [self.nobody]), ([p["userId"] for p in found["profiles"]], found["missing"]))

    def test_session(self):
        session = self.profiles.compute_profile([event(self.ada)], {"age": 34}, {"count": 3})
        self.assertEqual((1, 3), (session["eventCount"], len(session["items"])))

    def test_insights(self):
        self.assertEqual(3, len(self.profiles.get_window(self.ada)["events"]))
        self.assertEqual(3, len(self.profiles.get_explanation(self.ada)["events"]))
        self.assertTrue(self.profiles.get_predictions(self.ada)["kinds"])
        self.assertTrue(self.profiles.get_similar_users(self.ada, count=5)["users"])
        self.assertIn(self.ben, self.profiles.find_users(self.ben)["users"])
        for call in ("get_window", "get_explanation", "get_predictions", "get_similar_users", "recommend"):
            self.assertIsNone(getattr(self.profiles, call)(self.nobody), call)

    def test_recommendations(self):
        found = self.profiles.recommend(self.ada, count=3, filter={"excludeItems": ITEMS}, maxPerCategory=2)
        self.assertEqual((3, set()), (len(found["items"]), {item["itemId"] for item in found["items"]} & set(ITEMS)))
        reasons = self.profiles.recommend(self.ada, include="reason", count=3)["items"]
        self.assertLessEqual({item["reason"]["itemId"] for item in reasons}, set(ITEMS))
        ranked = self.profiles.rank_items(self.ada, ["yoga-011", "no-such-item"])
        self.assertEqual((["yoga-011"], ["no-such-item"]), ([i["itemId"] for i in ranked["items"]], ranked["unknown"]))
        many = self.profiles.rank_items_of_users([self.ada, self.nobody], ["yoga-011", "no-such-item"])
        self.assertEqual(([self.nobody], ["no-such-item"]), (many["missing"], many["unknownItems"]))
        scores = self.profiles.score_items_of_users([self.ada, self.nobody], ["no-such-item", "yoga-011"])
        self.assertAlmostEqual(many["users"][0]["items"][0]["score"], scores.values[0, 1], places=5)
        self.assertEqual((3, 0), (numpy.isnan(scores.values).sum(), scores.unavailable))
        self.assertEqual(4, len(self.profiles.get_similar_items("yoga-011", count=4)["items"]))
        self.assertIsNone(self.profiles.get_similar_items("no-such-item"))
        self.assertEqual(1, len(self.profiles.get_item_users("yoga-011", count=1)["users"]))
        self.assertIsNone(self.profiles.get_item_users("no-such-item"))
        self.assertIsNone(self.profiles.get_category_users("no such/category"))
        listed = [item["itemId"] for page in self.profiles.recommend_pages(self.ada, count=400) for item in page["items"]]
        self.assertGreater(len(listed), 800)
        self.assertEqual(len(listed), len(set(listed)))
        clicked = {**event(self.ada, found["items"][0]["itemId"]), "recommendationId": found["recommendationId"]}
        self.assertNotIn("unknownFields", self.profiles.send_events([clicked]))
        self.assertGreater(self.outcomes()[0]["clicked"], 0)
        with self.assertRaises(ProfileServiceError) as raised:
            self.profiles.recommend(self.ada, cuont=3)
        self.assertEqual(400, raised.exception.status)

    def outcomes(self):
        """What became of recommendations; a status lacks it where the store takes longer than a second."""
        while (found := self.profiles.get_status().get("recommendations")) is None:
            time.sleep(0.1)
        return found

    def test_items(self):
        item = f"item-{uuid.uuid4()}"
        self.assertEqual(9.5, self.profiles.put_item(item, {"categories": ["books"], "price": 9.5})["price"])
        self.assertEqual(["books"], self.profiles.get_item(item)["categories"])
        stored = self.profiles.put_items({"itemId": f"{item}-{i}", "price": i or "none"} for i in range(1_500))
        self.assertEqual((1_499, 1, [0]), (stored["accepted"], stored["rejected"], [p["index"] for p in stored["problems"]]))
        changed = self.profiles.patch_item(item, {"title": "Atlas", "price": None})
        self.assertEqual(("Atlas", ["books"], None), (changed["title"], changed["categories"], changed.get("price")))
        self.assertIsNone(self.profiles.patch_item(f"{item}-unknown", {}))
        page = self.profiles.find_items(item.upper(), count=2)
        self.assertEqual([item, f"{item}-1"], [one["itemId"] for one in page["items"]])
        self.assertEqual([f"{item}-10"], [one["itemId"] for one in self.profiles.find_items(item, page["next"], 1)["items"]])
        self.profiles.delete_item(item)
        self.assertIsNone(self.profiles.get_item(item))
        for call in ("get_popular_items", "get_trending_items", "get_category_counts"):
            getattr(self.profiles, call)()  # None or counts, by whether a release was made

    def test_attributes_and_purposes(self):
        self.assertEqual(34, self.profiles.put_attributes(self.ada, {"age": 34})["attributes"]["age"])
        self.assertEqual(34, self.profiles.get_attributes(self.ada)["attributes"]["age"])
        self.assertIsNone(self.profiles.get_attributes(self.nobody))
        self.assertEqual(1, self.profiles.put_attributes_batch([{"userId": self.ben, "attributes": {"age": 51}}])["accepted"])
        purposes = {"profile": True, "explain": False, "similar": True, "train": False}
        self.assertFalse(self.profiles.put_purposes(self.ada, purposes)["explain"])
        self.assertFalse(self.profiles.get_purposes(self.ada)["train"])
        self.assertEqual(1, self.profiles.put_purposes_batch([{"userId": self.ben, **purposes}])["accepted"])

    def test_export_and_erasure(self):
        sections = [line.get("section") for line in self.profiles.export_user(self.ada)]
        self.assertEqual("end", sections[-1])
        self.assertEqual("end", [line.get("section") for line in self.profiles.export_training()][-1])
        receipt = self.profiles.erase_user(self.ada)
        self.assertEqual(receipt["receipt"], self.profiles.get_erasure(receipt["receipt"])["receipt"])
        self.assertIsNone(self.profiles.get_erasure(str(uuid.uuid4())))
        self.assertEqual(1, self.profiles.erase_users([self.ben])["users"])
        with self.assertRaises(ProfileServiceError):
            list(self.profiles.export_training(erased_after=-1))

    def test_token(self):
        token = self.profiles.create_token(self.ada, 60)
        self.assertLess(token["expiresAt"], self.profiles.create_token(self.ada)["expiresAt"])
        self.assertRegex(token["token"], "^[A-Za-z0-9_-]+$")
        with self.assertRaises(ProfileServiceError) as raised:
            self.profiles.create_token(self.ada, 1)
        self.assertEqual((400, "expiresInSeconds"), (raised.exception.status, raised.exception.field))

    def test_merge(self):
        merged = self.profiles.merge_user(self.ada, self.ben)
        self.assertEqual((self.ada, self.ben), (merged["userId"], merged["from"]))
        self.assertEqual(self.ada, self.profiles.get_profile(self.ben, fresh=True)["userId"])
        with self.assertRaises(ProfileServiceError) as raised:
            self.profiles.merge_user(self.ada, self.ada)
        self.assertEqual(400, raised.exception.status)

    def test_flows(self):
        pages = list(self.profiles.export_profiles(page_size=1))
        rows = {user: row for page in pages for user, row in zip(page.user_ids, page.values)}
        exported = {user: revision for page in pages for user, revision in zip(page.user_ids, page.revisions)}
        numpy.testing.assert_array_equal(self.profiles.get_vector(self.ada), rows[self.ada])
        self.profiles.send_events([event(self.ada, "makeup-031")])
        after, seen = pages[0].cursor, []
        while not any(change.user_id == self.ada and change.revision > exported[self.ada] for change in seen):
            page = self.profiles.follow_profiles(after, wait=30)
            after, seen = page.cursor, seen + page.changes
        self.assertTrue(all(change.vector is not None for change in seen if not change.deleted))
        users = self.profiles.find_users(count=1)["users"]
        self.assertGreater(self.profiles.find_users(count=1, after=users[0])["users"], users)
        with self.assertRaises(ProfileServiceError):
            self.profiles.follow_profiles("nonsense")

    def test_service(self):
        self.assertFalse(self.profiles.get_status()["empty"])
        self.assertEqual(self.profiles.get_status()["model"], self.profiles.get_models()["active"]["model"])
        self.assertTrue(self.profiles.get_access()["scopes"])

    def test_coroutines(self):
        async def use():
            async with AsyncProfileService(URL) as profiles:
                sent = await profiles.send_events([event(self.ben, "makeup-030")])
                read = await asyncio.gather(*(profiles.get_profile(user, fresh=True) for user in (self.ada, self.ben, self.nobody)))
                matrix = await profiles.lookup_vectors([self.ada])
                stored = await profiles.put_items([{"itemId": "yoga-011", "categories": ["yoga"]}])
                lines = [line async for line in profiles.export_user(self.ben)]
                pages = [page async for page in profiles.recommend_pages(self.ada, count=400)]
                return sent, read, matrix, stored, lines, pages
        sent, read, matrix, stored, lines, pages = asyncio.run(use())
        self.assertEqual((1, [3, 2], None), (sent["accepted"], [p["eventCount"] for p in read[:2]], read[2]))
        self.assertEqual((1, 1, "end"), (len(matrix.values), stored["accepted"], lines[-1]["section"]))
        self.assertGreater(len(pages), 2)


if __name__ == "__main__":
    unittest.main()
