namespace ProfileService.Client;

/// <summary>What a user's data may be used for.</summary>
/// <param name="Profile">Computing a profile, and answering with it: vector, dimensions, recommendations, predictions.</param>
/// <param name="Explain">Showing which events and attributes made the profile.</param>
/// <param name="Similar">Naming the user among those that are like another, and finding those that are like this one.</param>
/// <param name="Train">Training models.</param>
public sealed record PurposesRequest(bool Profile, bool Explain, bool Similar, bool Train);

/// <summary>What a user's data may be used for, as one of many users.</summary>
/// <param name="UserId">Whose data it is.</param>
/// <param name="Profile">See <see cref="PurposesRequest.Profile"/>.</param>
/// <param name="Explain">See <see cref="PurposesRequest.Explain"/>.</param>
/// <param name="Similar">See <see cref="PurposesRequest.Similar"/>.</param>
/// <param name="Train">See <see cref="PurposesRequest.Train"/>.</param>
public sealed record PurposesEntry(string UserId, bool Profile, bool Explain, bool Similar, bool Train);

/// <summary>The purposes of a user that are in force.</summary>
/// <param name="UserId">Whose data it is.</param>
/// <param name="Profile">See <see cref="PurposesRequest.Profile"/>.</param>
/// <param name="Explain">See <see cref="PurposesRequest.Explain"/>.</param>
/// <param name="Similar">See <see cref="PurposesRequest.Similar"/>.</param>
/// <param name="Train">See <see cref="PurposesRequest.Train"/>.</param>
/// <param name="Version">Rises by one with each change; 0 if it is the service's default.</param>
/// <param name="SetAt">Since when it holds; null if it is the default.</param>
public sealed record PurposesResponse(
    string UserId, bool Profile, bool Explain, bool Similar, bool Train, int Version, DateTimeOffset? SetAt = null);
