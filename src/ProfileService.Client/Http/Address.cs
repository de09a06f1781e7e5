using System.Globalization;
using System.Text;

namespace ProfileService.Client;

/// <summary>Paths of the API.</summary>
internal static class Address
{
    public static string OfUser(string userId, string resource) => $"v1/users/{Id(userId, nameof(userId))}/{resource}";

    public static string OfUser(string userId) => $"v1/users/{Id(userId, nameof(userId))}";

    public static string OfErasure(string receipt)
    {
        ArgumentException.ThrowIfNullOrEmpty(receipt);
        return $"v1/erasures/{Escape(receipt)}";
    }

    public static string OfItem(string itemId) => $"v1/items/{Id(itemId, nameof(itemId))}";

    public static string OfCategory(string category) => $"v1/categories/{Id(category, nameof(category))}";

    /// <param name="values">Those that are null are left out.</param>
    public static string Query(string path, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var query = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in values)
        {
            if (value is null)
                continue;
            var text = value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            query.Append(separator).Append(name).Append('=').Append(Escape(text));
            separator = '&';
        }

        return query.ToString();
    }

    /// <summary>A text as an address holds it.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(WellFormedText.Check(text));

    private static string Id(string id, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(id, parameter);
        if (id is "." or "..")
            throw new ArgumentException("An address cannot name the ids . and .. for they mean a place in it.", parameter);
        return Escape(id);
    }
}
