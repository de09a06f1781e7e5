namespace ProfileService.Client;

/// <summary>What a vector that was read as bytes is.</summary>
/// <param name="Dimension">Length of the vector.</param>
/// <param name="Model">Name and version of the model that computed it. Compare only vectors of one model.</param>
/// <param name="Revision">Revision of the events and attributes that it was computed from; rises with every change.</param>
/// <param name="EventCount">Number of events that it was computed from.</param>
/// <param name="Freshness">How far it is behind the user's events.</param>
/// <param name="Evidence">
/// How much the profile is based on, from 0 to 1: 1/2 at ten events. Says nothing of whether a prediction is right.
/// </param>
/// <param name="ETag">Identifies this state of the profile.</param>
public sealed record VectorInfo(
    int Dimension, string Model, long Revision, int EventCount, Freshness Freshness, double? Evidence = null, string? ETag = null);

/// <summary>A user's vector, and what it is.</summary>
/// <param name="Vector">The vector, of unit length; with some models all zeros if nothing is known of the user.</param>
/// <param name="Info">Model, revision, freshness and evidence.</param>
public sealed record UserVector(float[] Vector, VectorInfo Info);
