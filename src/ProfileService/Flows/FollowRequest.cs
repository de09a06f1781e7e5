namespace ProfileService.Flows;

/// <summary>What a follower asks for.</summary>
internal sealed record FollowRequest(TimeSpan Wait, int Limit, VectorForm Vectors);
