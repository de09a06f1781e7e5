namespace ProfileService.Similar;

/// <summary>A row of the index of similar users.</summary>
/// <param name="Model">The model's stamp.</param>
/// <param name="Revision">Revision of the profile that the vector is of.</param>
internal sealed record IndexedVector(string Model, long Revision, float[] Vector);
