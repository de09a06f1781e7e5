using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Keeps items that have one of some categories. An item that the catalogue does not know has none.</summary>
internal sealed class CategoryFilter
{
    private const int MaxCategories = 64;

    private readonly HashSet<string> _wanted;
    private readonly ItemCatalogue _catalogue;

    private CategoryFilter(HashSet<string> wanted, ItemCatalogue catalogue) => (_wanted, _catalogue) = (wanted, catalogue);

    /// <param name="asked">As the query has them: several, or comma separated. A category that holds a comma is found by its whole name, too.</param>
    /// <returns>Null where none is asked for.</returns>
    public static CategoryFilter? Of(string[]? asked, ItemCatalogue catalogue) =>
        Names(asked) is { Count: > 0 } wanted ? new CategoryFilter(wanted, catalogue) : null;

    /// <summary>400 that names the field, or null.</summary>
    public static ProblemHttpResult? ProblemOf(string[]? asked) => asked switch
    {
        null or [] => null,
        { Length: > MaxCategories } => Bad($"categories may hold at most {MaxCategories} names."),
        _ when Names(asked) is var names && names.Count > 2 * MaxCategories => Bad($"categories may hold at most {MaxCategories} names."),
        _ when asked.Any(a => a is { Length: > 0 } && !a.Split(',', StringSplitOptions.RemoveEmptyEntries).All(EntityId.IsValid)) =>
            Bad($"categories: a category has 1 to {EntityId.MaxLength} characters and no control characters."),
        _ => null,
    };

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

    private static HashSet<string> Names(string[]? asked) => (asked ?? [])
        .SelectMany(a => (a ?? "").Split(',', StringSplitOptions.TrimEntries).Append(a ?? ""))
        .Where(name => name.Length > 0)
        .ToHashSet(StringComparer.Ordinal);

    private static ProblemHttpResult Bad(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}
