using System.ComponentModel;
using System.Data.Common;
using System.Reflection;
using Npgsql;

namespace ProfileService.Platform;

/// <summary>What is wrong with a connection string of Postgres. Its client stops at the first fault.</summary>
internal static class PostgresKeywords
{
    private static readonly IReadOnlyList<string> Known =
        [.. typeof(NpgsqlConnectionStringBuilder).GetProperties().Select(p => p.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName).OfType<string>()];

    public static IEnumerable<string> Problems(string connectionString)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return ["it is not of the form Host=…;Database=…;Username=…. A URL must be written so; a value with ; or quotes stands in quotes."];
        }

        var wrong = given.Keys.Cast<string>().Select(keyword => Problem(keyword, given[keyword])).OfType<string>().ToList();
        if (wrong.Count == 0 && string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host))
            wrong.Add("it names no Host.");
        return wrong;
    }

    private static string? Problem(string keyword, object value)
    {
        var one = new NpgsqlConnectionStringBuilder();
        if (!one.ContainsKey(keyword))
            return $"'{keyword}' is no keyword of it; the nearest is '{Nearest.First(keyword, Known).First()}'.";
        try
        {
            one[keyword] = value;
            return null;
        }
        catch (ArgumentException)
        {
            return $"the value of '{keyword}' is of another kind.";
        }
    }
}
