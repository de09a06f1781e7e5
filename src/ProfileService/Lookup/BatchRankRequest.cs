using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>The users and the items to score for each of them.</summary>
/// <param name="UserIds">Up to Lookup:MaxUsers ids, 1,000 by default; repeated ids are answered as often as they are asked for.</param>
/// <param name="ItemIds">As events name them. Users times items may be 100,000 at most.</param>
internal sealed record BatchRankRequest(
    [Id] IReadOnlyList<string> UserIds, [Id, MaxLength(RankRequest.MaxItems)] IReadOnlyList<string> ItemIds)
{
    /// <summary>Scores in an answer.</summary>
    public const int MaxPairs = 100_000;
}

/// <summary>Parses the JSON object of a ranking for many users.</summary>
internal sealed class BatchRankParser(IOptions<LookupOptions> options)
{
    private const string Owner = "a ranking for many users";
    private const string Users = "userIds";
    private const string Items = "itemIds";
    private const string MoreRequests = ". Send more in further requests.";

    private readonly int _maxUsers = options.Value.MaxUsers;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public BatchRankRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<BatchRankRequest>(ref json, index, Owner, Read, out problem);

    private BatchRankRequest? Read(JsonElement value, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, Owner, [Users, Items]);
        if (problem is not null
            || IdArray.Read(value, Users, "users", _maxUsers, " (Lookup:MaxUsers).", out problem) is not { } users
            || IdArray.Read(value, Items, "items", RankRequest.MaxItems, MoreRequests, out problem) is not { } items)
            return null;
        if ((long)users.Count * items.Count > BatchRankRequest.MaxPairs)
            problem = new EntryProblem(
                0, "too_many_pairs", Items, $"{Users} times {Items} may be at most {BatchRankRequest.MaxPairs:N0}{MoreRequests}");
        return problem is null ? new BatchRankRequest(users, items) : null;
    }
}
