"""What a refused request raises."""
from __future__ import annotations

from typing import Any

import httpx


class ProfileServiceError(Exception):
    """The service refused a request, or what answered is not a ProfileService.

    status: 400 and 409: the request is wrong, as detail says. 429 and 503: the service was busy at each attempt.
    title, detail: for people; detail says what would be right.
    code: for programs, such as "missing_field". field: the field, parameter or header at fault.
    problem: the whole answer, with the entries that were rejected as problem["problems"].
    Each is None, and problem is empty, where the answer does not say.
    """

    def __init__(self, message: str, status: int, problem: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem or {}
        self.title: str | None = self.problem.get("title")
        self.detail: str | None = self.problem.get("detail")
        self.code: str | None = self.problem.get("code")
        self.field: str | None = self.problem.get("field")


def error_of(answer: httpx.Response) -> ProfileServiceError:
    """The error that a refusal is."""
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if answer.has_redirect_location:
        return ProfileServiceError(f"{answer.url} answered {answer.status_code} and refers to {answer.headers['Location']}; "
                                   "give the client that address", answer.status_code)
    if not isinstance(problem, dict) or "detail" not in problem:
        return ProfileServiceError(f"{answer.url} answered {answer.status_code}, not as a ProfileService does; is the address right?",
                                   answer.status_code)
    return ProfileServiceError(f"{answer.status_code}: {problem['detail']}", answer.status_code, problem)
