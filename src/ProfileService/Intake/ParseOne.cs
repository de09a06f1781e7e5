using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>Parses one entry, as <see cref="IIntake{T}.Parse"/>.</summary>
internal delegate T? ParseOne<out T>(ref Utf8JsonReader json, long index, out EntryProblem? problem)
    where T : class;
