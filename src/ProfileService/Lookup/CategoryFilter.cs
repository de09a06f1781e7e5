using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Keeps items that have one of some categories. An item that the catalogue does not know has none.</summary>
internal sealed class CategoryFilter
{
    public const int MaxCategories = 64;

    private const string Field = "categories";

    private readonly HashSet<string> _wanted;
    private readonly ItemCatalogue _catalogue;

    private CategoryFilter(HashSet<string> wanted, ItemCatalogue catalogue) => (_wanted, _catalogue) = (wanted, catalogue);

    /// <param name="asked">Values of the query, each one name or several with commas. A name that has a comma itself is found too.</param>
    /// <returns>Null if the query names no category.</returns>
    public static CategoryFilter? Of(string[]? asked, ItemCatalogue catalogue) =>
        Names(asked) is { Count: > 0 } wanted ? new CategoryFilter(wanted, catalogue) : null;

    /// <summary>400 that names the field, or null.</summary>
    public static ProblemHttpResult? ProblemOf(string[]? asked)
    {
        // An empty filter would admit every item, which is probably not intended.
        if (asked is { Length: > 0 } && Array.Exists(asked, a => Split(a).Length == 0))
            return Problems.Bad("invalid_length", Field, $"{Field} is empty. Name a category, or leave {Field} out.");
        var names = (asked ?? []).SelectMany(Split).ToList();
        if (names.Count > MaxCategories)
            return Problems.Bad("too_many_categories", Field, $"{Field} may hold at most {MaxCategories} names.");
        return names.Select(name => EntityId.ProblemOfName(Field, name)).FirstOrDefault(p => p is not null) is var (code, detail)
            ? Problems.Bad(code, Field, detail)
            : null;
    }

    public bool Admits(string itemId)
    {
        if (_catalogue.Find(itemId) is not { } item)
            return false;
        foreach (var category in item.Categories)
        {
            if (_wanted.Contains(category))
                return true;
        }

        return false;
    }

    private static HashSet<string> Names(string[]? asked) =>
        (asked ?? []).SelectMany(a => Split(a) is var names && names.Length > 0 ? [.. names, a!] : names).ToHashSet(StringComparer.Ordinal);

    private static string[] Split(string? asked) =>
        (asked ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
