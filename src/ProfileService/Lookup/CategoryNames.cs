using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Reads the query parameter <c>categories</c>: names that are repeated or separated by commas.</summary>
internal static class CategoryNames
{
    private const string Field = "categories";

    /// <param name="asked">Values of the query, each one name or several with commas. A name that has a comma itself is found too.</param>
    /// <returns>Null if the query names no category.</returns>
    public static IReadOnlyList<string>? Of(string[]? asked) => asked is not { Length: > 0 } ? null :
    [
        .. asked.SelectMany(a => Split(a) is var names && names.Length > 0 ? [.. names, a] : names).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>What is left of the names without those that <see cref="Of"/> added because a query holds several with commas.</summary>
    public static IReadOnlyList<string>? Single(IReadOnlyList<string>? names) => names is null ? null :
    [
        .. names.Where(name => Split(name) is not { Length: > 1 } parts || !parts.All(names.Contains)),
    ];

    /// <summary>400 that names the field, or null.</summary>
    public static ProblemHttpResult? ProblemOf(string[]? asked)
    {
        // An empty filter would admit every item, which is probably not intended.
        if (asked is { Length: > 0 } && Array.Exists(asked, a => Split(a).Length == 0))
            return Problems.Bad(ErrorCodes.InvalidLength, Field, $"{Field} is empty. Name a category, or leave {Field} out.");
        var names = (asked ?? []).SelectMany(Split).ToList();
        if (names.Count > ItemFilter.MaxNames)
            return Problems.Bad("too_many_categories", Field, $"{Field} may hold at most {ItemFilter.MaxNames} names.");
        return names.Select(name => EntityId.ProblemOfName(Field, name)).FirstOrDefault(p => p is not null) is var (code, detail)
            ? Problems.Bad(code, Field, detail)
            : null;
    }

    private static string[] Split(string? asked) =>
        (asked ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
