using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Why one entry of a batch was rejected.</summary>
/// <param name="Index">Its position in the request, from 0.</param>
/// <param name="Code">For programs, such as missing_field, wrong_type or timestamp_in_future.</param>
/// <param name="Field">The field at fault; left out if it is the entry as a whole.</param>
/// <param name="Detail">For people: what is wrong, and what would be right.</param>
internal sealed record EntryProblem(long Index, [Text(64, "^[a-z_]+$")] string Code, string? Field, string Detail);
