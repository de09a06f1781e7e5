"""What is sent and how often, with the answers of a service that is not there."""
import asyncio
import inspect
import json
import struct
import subprocess
import sys
import unittest
from pathlib import Path

import httpx
import numpy

from profileservice import AsyncProfileService, ProfileService, ProfileServiceError, Retry

SUMMARY = {"accepted": 0, "duplicates": 0, "late": 0, "erased": 0, "rejected": 0, "problems": []}
PACKAGE = Path(__file__).resolve().parents[1]


def service(answer, **options):
    """A client whose requests are answered by a function."""
    return ProfileService("http://service", transport=httpx.MockTransport(answer), **options)


class RetryTests(unittest.TestCase):
    def test_temporary_failure_is_retried_until_the_service_answers(self):
        answers = [httpx.ConnectError("refused"), httpx.Response(503, headers={"Retry-After": "0"}), httpx.Response(429),
                   httpx.Response(200, json={"model": "m"})]
        sent = []

        def answer(request):
            sent.append(request)
            one = answers[len(sent) - 1]
            if isinstance(one, Exception):
                raise one
            return one
        self.assertEqual({"model": "m"}, service(answer, retry=Retry(first_delay=.001)).get_status())
        self.assertEqual(4, len(sent))

    def test_the_last_answer_is_the_result(self):
        problem = {"status": 503, "title": "Busy", "detail": "Send it again in 1 s.", "code": "busy"}
        with self.assertRaises(ProfileServiceError) as raised:
            service(lambda _: httpx.Response(503, json=problem), retry=Retry(attempts=2, first_delay=.001)).get_status()
        error = raised.exception
        self.assertEqual((503, "busy", "503: Send it again in 1 s."), (error.status, error.code, str(error)))

    def test_bad_request_is_sent_once(self):
        sent = []

        def answer(request):
            sent.append(request)
            return httpx.Response(400, json={"title": "Bad", "detail": "count is 0.", "code": "out_of_range", "field": "count"})
        with self.assertRaises(ProfileServiceError) as raised:
            service(answer).find_users(count=0)
        self.assertEqual((1, "count"), (len(sent), raised.exception.field))

    def test_too_long_a_wait_is_not_taken(self):
        self.assertIsNone(Retry().wait(1, httpx.Response(503, headers={"Retry-After": "3600"})))
        self.assertLessEqual(2, Retry().wait(1, httpx.Response(503, headers={"Retry-After": "2"})))
        self.assertEqual({10.}, {Retry().wait(1, httpx.Response(503, headers={"Retry-After": "10"})) for _ in range(50)})
        self.assertIsNone(Retry(attempts=1).wait(1, None))

    def test_no_attempts_are_refused(self):
        with self.assertRaises(ValueError):
            Retry(attempts=0)

    def test_unreachable_service_is_an_error(self):
        with self.assertRaises(httpx.TransportError):
            ProfileService("http://127.0.0.1:9", retry=Retry(attempts=1)).get_status()

    def test_answer_of_another_program_is_an_error(self):
        for status in (200, 404, 500):
            with self.assertRaises(ProfileServiceError) as raised:
                service(lambda _: httpx.Response(status, text="<html>")).get_profile("ada")
            self.assertIn("is the address", str(raised.exception))

    def test_redirect_is_not_followed_and_named(self):
        sent = []

        def answer(request):
            sent.append(request)
            return httpx.Response(301, headers={"Location": "https://service/v1/events"})
        with self.assertRaisesRegex(ProfileServiceError, "refers to https://service/v1/events"):
            service(answer).send_events([{"userId": "u"}])
        self.assertEqual(1, len(sent))

    def test_wrong_address_is_an_error_not_an_unknown_user(self):
        problem = {"title": "Not Found", "detail": "Nothing is served at this address.", "code": "not_found"}
        with self.assertRaises(ProfileServiceError) as raised:
            service(lambda _: httpx.Response(404, json=problem)).get_profile("ada")
        self.assertEqual("not_found", raised.exception.code)
        self.assertIsNone(service(lambda _: httpx.Response(404, json={**problem, "code": "unknown_user"})).get_profile("ada"))


class RequestTests(unittest.TestCase):
    def sent_by(self, use, answer=None, **options):
        sent = []

        def take(request):
            sent.append(request)
            return httpx.Response(200, json=answer if answer is not None else SUMMARY)
        use(service(take, **options))
        return sent

    def test_events_go_in_requests_that_the_service_takes(self):
        sent = self.sent_by(lambda s: s.send_events({"userId": str(i)} for i in range(2_500)))
        self.assertEqual([1_000, 1_000, 500], [len(json.loads(r.content)) for r in sent])
        sent = self.sent_by(lambda s: s.send_events({"text": "x" * 100_000} for _ in range(10)))
        self.assertEqual([6, 4], [len(json.loads(r.content)) for r in sent])

    def test_problems_keep_their_position_among_all(self):
        answer = {**SUMMARY, "accepted": 999, "rejected": 1, "problems": [{"index": 3, "code": "c", "detail": "d"}], "unknownFields": ["b"]}
        totals = []
        self.sent_by(lambda s: totals.append(s.send_events({"userId": "u"} for _ in range(2_000))), answer)
        self.assertEqual(([3, 1_003], 1_998, ["b"]),
                         ([p["index"] for p in totals[0]["problems"]], totals[0]["accepted"], totals[0]["unknownFields"]))

    def test_ids_are_written_as_an_address_holds_them(self):
        sent = self.sent_by(lambda s: s.get_profile("a/b ?ü%"))
        self.assertEqual(b"/v1/users/a%2Fb%20%3F%C3%BC%25/profile", sent[0].url.raw_path)
        for user in ("", ".", ".."):
            with self.assertRaisesRegex(ValueError, "user_id"):
                self.sent_by(lambda s: s.get_profile(user))

    def test_values_of_a_parameter_may_hold_commas(self):
        sent = self.sent_by(lambda s: s.get_similar_items("i", categories=["a,b", "c"]), {})
        self.assertEqual(["a,b", "c"], sent[0].url.params.get_list("categories"))
        sent = self.sent_by(lambda s: s.get_profile("ada", include=["vector", "dimensions"]), {})
        self.assertEqual(["vector,dimensions"], sent[0].url.params.get_list("include"))
        self.assertNotIn("fresh", self.sent_by(lambda s: s.get_profile("ada"), {})[0].url.params)

    def test_key_is_asked_for_at_each_attempt(self):
        keys, answers, sent = iter(["one", "two"]), [httpx.Response(503), httpx.Response(200, json={})], []

        def answer(request):
            sent.append(request)
            return answers[len(sent) - 1]
        service(answer, key=lambda: next(keys), retry=Retry(first_delay=.001)).get_status()
        self.assertEqual(["Bearer one", "Bearer two"], [r.headers["Authorization"] for r in sent])

    def test_key_of_the_asyncio_client_may_be_awaited(self):
        sent = []

        def answer(request):
            sent.append(request.headers["Authorization"])
            return httpx.Response(200, json={})

        async def key():
            return "awaited"

        async def use():
            for one in (key, lambda: "plain"):
                await AsyncProfileService("http://service", one, transport=httpx.MockTransport(answer)).get_status()
        asyncio.run(use())
        self.assertEqual(["Bearer awaited", "Bearer plain"], sent)

    def test_numbers_that_json_does_not_have_are_refused(self):
        with self.assertRaises(ValueError):
            self.sent_by(lambda s: s.put_attributes("ada", {"age": float("nan")}))

    def test_request_whose_entries_are_all_rejected_costs_the_others_nothing(self):
        def answer(request):
            entries = json.loads(request.content)
            if entries[0]["userId"] != "bad":
                return httpx.Response(202, json={**SUMMARY, "accepted": len(entries)})
            problems = [{"index": 0, "code": "c", "detail": "d"}]
            return httpx.Response(400, json={"title": "t", "detail": "Every event was rejected.", "code": "all_rejected",
                                             "rejected": len(entries), "problems": problems})
        sent = service(answer).send_events({"userId": "bad" if 1_000 <= i < 2_000 else "good"} for i in range(2_500))
        self.assertEqual((1_500, 1_000, [1_000]), (sent["accepted"], sent["rejected"], [p["index"] for p in sent["problems"]]))

    def test_a_text_is_no_list_of_ids(self):
        for call in ("erase_users", "lookup_vectors", "lookup_profiles"):
            with self.assertRaisesRegex(TypeError, r"user_ids is a text; write \['ada'\]"):
                getattr(service(lambda _: httpx.Response(500)), call)("ada")

    def test_users_who_cannot_be_read_are_not_missing(self):
        nan = float("nan")

        def matrix(*headers):
            content = struct.pack("<4f", nan, nan, .6, .8)
            headers = {"X-Profile-Model": "m/1", "X-Profile-Dimension": "2", **dict(headers)}
            return service(lambda _: httpx.Response(200, content=content, headers=headers))
        self.assertEqual(["a"], matrix().lookup_vectors(["a", "b"]).missing)
        unsure = matrix(("X-Profile-Unavailable", "1"))
        vectors = unsure.lookup_vectors(["a", "b"])
        self.assertEqual((1, 1), (vectors.unavailable, numpy.isnan(vectors.values[:, 0]).sum()))
        with self.assertRaisesRegex(ValueError, "1 profiles cannot be read or computed now"):
            vectors.missing
        self.assertEqual(1, unsure.score_items_of_users(["a", "b"], ["i", "j"]).unavailable)

    def test_flow_without_its_end_is_no_answer(self):
        for call in (lambda s: s.follow_profiles(), lambda s: next(s.export_profiles())):
            with self.assertRaises(httpx.RemoteProtocolError):
                call(service(lambda _: httpx.Response(200, text='{"cursor":"c","model":"m"}\n{"userId":"a","pseudonym":"p"}\n')))

    def test_export_without_its_end_is_an_error(self):
        broken = service(lambda _: httpx.Response(200, text='{"contents":{}}\n{"section":"window"}\n'))
        with self.assertRaises(httpx.RemoteProtocolError):
            list(broken.export_user("ada"))
        with self.assertRaises(ProfileServiceError):
            list(service(lambda _: httpx.Response(200, text="<html>")).export_user("ada"))

    def test_export_without_its_end_is_an_error_of_the_asyncio_client(self):
        async def use():
            broken = httpx.MockTransport(lambda _: httpx.Response(200, text='{"section":"window"}\n'))
            return [line async for line in AsyncProfileService("http://service", transport=broken).export_user("ada")]
        with self.assertRaises(httpx.RemoteProtocolError):
            asyncio.run(use())

    def test_export_is_asked_for_again_while_the_service_is_busy(self):
        def busy_once():
            answers = iter([httpx.Response(503), httpx.Response(200, text='{"section":"end"}\n')])
            return {"transport": httpx.MockTransport(lambda _: next(answers)), "retry": Retry(first_delay=.001)}

        async def use():
            return [line async for line in AsyncProfileService("http://service", **busy_once()).export_training()]
        self.assertEqual([{"section": "end"}], list(ProfileService("http://service", **busy_once()).export_training()))
        self.assertEqual([{"section": "end"}], asyncio.run(use()))

    def test_address_must_be_one(self):
        with self.assertRaisesRegex(ValueError, "http://localhost:8080"):
            ProfileService("localhost:8080")


class SurfaceTests(unittest.TestCase):
    def test_both_clients_have_the_same_calls(self):
        def calls(client):
            return {name: (str(inspect.signature(call)).replace("AsyncIterator", "Iterator"), inspect.getdoc(call))
                    for name, call in inspect.getmembers(client, inspect.isfunction) if not name.startswith("_")}
        self.assertEqual(calls(ProfileService), calls(AsyncProfileService))

    def test_types_are_those_of_the_api(self):
        command = [sys.executable, PACKAGE / "generate.py", PACKAGE / "../../docs/openapi.json"]
        made = subprocess.run(command, capture_output=True, check=True)
        self.assertEqual((PACKAGE / "src/profileservice/answers.py").read_text(), made.stdout.decode())

    def test_every_operation_has_a_call(self):
        paths = json.loads((PACKAGE / "../../docs/openapi.json").read_text())["paths"]
        operations = {operation["operationId"] for path in paths.values() for operation in path.values()}
        operations.remove("postBeacon")  # pages send it, with a token
        renamed = {"postEvents": "send_events", "postItems": "put_items", "postAttributes": "put_attributes_batch",
                   "postPurposes": "put_purposes_batch", "postRecommendations": "recommend", "getRecommendations": "recommend",
                   "exportAnyUser": "export_user"}
        snake = {renamed.get(o) or "".join(f"_{c.lower()}" if c.isupper() else c for c in o) for o in operations}
        self.assertEqual(set(), {name for name in snake if not hasattr(ProfileService, name)})


if __name__ == "__main__":
    unittest.main()
