namespace ProfileService.Flows;

/// <summary>A profile as an export reads it.</summary>
/// <param name="Vector">[D] float32, little-endian.</param>
internal sealed record ExportedRow(string UserId, long Revision, DateTime ComputedAt, byte[] Vector);

/// <summary>The first line of an export.</summary>
/// <param name="Cursor">
/// Where to follow the changes from. Of an export that was continued, that of the first answer holds: what changed while it was read is
/// told after it.
/// </param>
/// <param name="Model">Name and version of the model of all vectors.</param>
/// <param name="Digest">Tells the model from another package of the same name and version.</param>
/// <param name="Dimension">The length of a vector; of a model that this process does not have, left out.</param>
/// <param name="ExportedAt">When this answer was begun.</param>
internal sealed record ProfileExportHead(string Cursor, string Model, string Digest, int? Dimension, DateTime ExportedAt);

/// <summary>The last line of an export.</summary>
/// <param name="Profiles">Number of lines between the first and this one.</param>
/// <param name="Next">Where to go on, with after; left out if there are no more profiles.</param>
internal sealed record ProfileExportTail(long Profiles, string? Next);
