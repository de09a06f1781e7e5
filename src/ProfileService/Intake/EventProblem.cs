namespace ProfileService.Intake;

/// <summary>Why one event, or one item, was rejected.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Code">For programs: <c>missing_field</c>, <c>wrong_type</c>, <c>timestamp_in_future</c>, …</param>
/// <param name="Field">The field at fault, or null where it is the whole.</param>
/// <param name="Detail">For people: what is wrong and what would be right.</param>
internal sealed record EventProblem(long Index, string Code, string? Field, string Detail);
