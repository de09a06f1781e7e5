"""A profile that a client keeps a copy of."""
from __future__ import annotations

from dataclasses import dataclass

import httpx

from profileservice.answers import UserProfile
from profileservice.call import body_of, or_none


@dataclass(frozen=True)
class ProfileUpdate:
    """not_modified: the caller's copy holds. profile: the profile as it is now; None where the copy holds, or nothing is known of the user.

    etag: what to send at the next call; None where nothing is known of the user.
    """

    not_modified: bool
    profile: UserProfile | None
    etag: str | None


def update_of(answer: httpx.Response) -> ProfileUpdate:
    """The update that an answer to If-None-Match is."""
    if answer.status_code == 304:
        return ProfileUpdate(True, None, answer.headers.get("ETag"))
    return ProfileUpdate(False, or_none(body_of)(answer), answer.headers.get("ETag"))
