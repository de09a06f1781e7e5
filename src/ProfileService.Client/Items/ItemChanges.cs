using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>What changes of an item. What is null, and not named in <see cref="Remove"/>, stays as it is.</summary>
public sealed record ItemChanges
{
    /// <summary>The most specific first: up to 8, each of 1 to 128 characters.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Finite, in the unit of the events' values.</summary>
    public double? Price { get; init; }

    /// <summary>For people, up to 256 characters.</summary>
    public string? Title { get; init; }

    /// <summary>Your own words: up to 64, each of 1 to 128 characters.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>An embedding of the item: as many finite numbers as the service's <c>Items:ContentDimension</c>.</summary>
    public float[]? Content { get; init; }

    /// <summary>Whether the item may be recommended.</summary>
    public bool? Available { get; init; }

    /// <summary>From when on the item is not available.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Fields whose values are removed, by their names in the API, such as <c>price</c> or <c>expiresAt</c>.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>As JSON Merge Patch.</summary>
    internal JsonObject Patch()
    {
        var patch = JsonSerializer.SerializeToNode(this, ClientJson.Default.ItemChanges)!.AsObject();
        foreach (var field in Remove)
            patch[field] = null;
        return patch;
    }
}
