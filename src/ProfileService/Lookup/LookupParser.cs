using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Intake;

namespace ProfileService.Lookup;

/// <summary>Parses the JSON object of a lookup.</summary>
internal sealed class LookupParser(IOptions<LookupOptions> options)
{
    private const string Owner = "a lookup";

    private readonly int _maxUsers = options.Value.MaxUsers;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public LookupRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<LookupRequest>(ref json, index, Owner, Read, out problem);

    private LookupRequest? Read(JsonElement value, out EntryProblem? problem) =>
        UserIdArray.Read(value, Owner, _maxUsers, " (Lookup:MaxUsers).", out problem) is { } ids ? new LookupRequest(ids) : null;
}
