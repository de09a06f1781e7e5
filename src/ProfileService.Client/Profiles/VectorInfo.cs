namespace ProfileService.Client;

/// <summary>What a vector read as bytes is.</summary>
/// <param name="Dimension">Numbers of the vector.</param>
/// <param name="Model">Name and version of the model that computed it. Compare only vectors of one model.</param>
/// <param name="Revision">Rises with every change of the user's events or attributes.</param>
/// <param name="EventCount">Events that it was computed from.</param>
/// <param name="Freshness">How far it is behind the user's events.</param>
/// <param name="Confidence">How much is known of the user, from 0 to 1.</param>
/// <param name="ETag">Names this state of the profile.</param>
public sealed record VectorInfo(
    int Dimension, string Model, long Revision, int EventCount, Freshness Freshness, double? Confidence = null, string? ETag = null);

/// <summary>A user's vector and what it is.</summary>
public sealed record UserVector(float[] Vector, VectorInfo Info);
