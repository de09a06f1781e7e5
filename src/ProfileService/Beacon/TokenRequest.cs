using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ProfileService.Intake;

namespace ProfileService.Beacon;

/// <summary>How long a token is to be valid.</summary>
/// <param name="ExpiresInSeconds">Until it ends; Beacon:TokenLifetime, 3,600 by default, if left out.</param>
internal sealed record TokenRequest([Range(TokenRequest.MinSeconds, TokenRequest.MaxSeconds)] int? ExpiresInSeconds)
{
    public const int MinSeconds = 60;
    public const int MaxSeconds = 86_400;

    private const string Owner = "a token";
    private const string Field = "expiresInSeconds";

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static TokenRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<TokenRequest>(ref json, index, Owner, Read, out problem);

    private static TokenRequest? Read(JsonElement value, out EntryProblem? problem)
    {
        var fields = new JsonFields(value);
        var seconds = fields.WholeNumber(Field, MinSeconds, MaxSeconds);
        problem = JsonObjectReader.ProblemOfNames(value, Owner, [Field]) ?? fields.Problem;
        return problem is null ? new TokenRequest(seconds) : null;
    }
}
