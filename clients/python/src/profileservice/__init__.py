"""Client of ProfileService: events in; profiles, vectors and recommendations out."""
from profileservice.aio import AsyncProfileService
from profileservice.client import ProfileService
from profileservice.errors import ProfileServiceError
from profileservice.flows import ExportedProfiles, ProfileChange, ProfileChanges
from profileservice.retry import Retry
from profileservice.updates import ProfileUpdate
from profileservice.vectors import ScoreMatrix, VectorMatrix

__all__ = [
    "AsyncProfileService", "ExportedProfiles", "ProfileChange", "ProfileChanges", "ProfileService", "ProfileServiceError", "ProfileUpdate",
    "Retry", "ScoreMatrix", "VectorMatrix",
]
