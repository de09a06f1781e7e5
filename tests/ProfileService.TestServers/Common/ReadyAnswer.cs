using System.Text.Json;

namespace ProfileService.TestServers.Common;

/// <summary>What <c>/health/ready</c> answered.</summary>
internal sealed record ReadyAnswer(int Status, string Body)
{
    /// <summary>The status of a check; null if the answer has no such check, as when the checks did not end in time.</summary>
    public string? StatusOf(string check) => Find(check, "status");

    /// <summary>What a check says; empty if it says nothing.</summary>
    public string DescriptionOf(string check) => Find(check, "description") ?? "";

    private string? Find(string check, string property) =>
        JsonElement.Parse(Body).GetProperty("checks").TryGetProperty(check, out var found) && found.TryGetProperty(property, out var text)
            ? text.GetString()
            : null;
}
