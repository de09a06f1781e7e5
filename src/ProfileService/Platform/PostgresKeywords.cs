using System.ComponentModel;
using System.Data.Common;
using System.Reflection;
using Npgsql;

namespace ProfileService.Platform;

/// <summary>Finds all errors in a Postgres connection string. Npgsql itself stops at the first one.</summary>
internal static class PostgresKeywords
{
    private static readonly IReadOnlyList<string> Known =
    [
        .. typeof(NpgsqlConnectionStringBuilder).GetProperties()
            .Select(p => p.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName).OfType<string>(),
    ];

    private const string NoKeywords =
        "it does not have the form Host=…;Database=…;Username=…. Rewrite a URL in this form; quote values that contain ; or quotes.";

    public static IEnumerable<string> Problems(string connectionString)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return [NoKeywords];
        }

        var wrong = given.Keys.Cast<string>().Select(keyword => Problem(keyword, given[keyword])).OfType<string>().ToList();
        if (wrong.Count == 0 && string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host))
            wrong.Add("Host is missing.");
        return wrong;
    }

    private static string? Problem(string keyword, object value)
    {
        var one = new NpgsqlConnectionStringBuilder();
        if (!one.ContainsKey(keyword))
            return $"'{keyword}' is not a keyword; the most similar one is '{Nearest.InOrder(keyword, Known).First()}'.";
        try
        {
            one[keyword] = value;
            return null;
        }
        catch (ArgumentException)
        {
            return $"the value of '{keyword}' has the wrong type.";
        }
    }
}
