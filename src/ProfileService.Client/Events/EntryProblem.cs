namespace ProfileService.Client;

/// <summary>Why the service rejected one of many events, items or users.</summary>
/// <param name="Index">Its position in what was sent, from 0.</param>
/// <param name="Code">For programs, such as <c>missing_field</c> or <c>timestamp_in_future</c>.</param>
/// <param name="Detail">For people: what is wrong, and what would be right.</param>
/// <param name="Field">The field at fault; null if it is the entry as a whole.</param>
public sealed record EntryProblem(long Index, string Code, string Detail, string? Field = null);
