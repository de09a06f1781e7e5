using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

/// <summary>Section <c>ConnectionStrings</c>: the servers. What it does not name is kept in SQLite.</summary>
[Section("ConnectionStrings")]
internal sealed class ConnectionOptions
{
    /// <summary>Redis for the windows, as StackExchange.Redis reads it.</summary>
    [MinLength(1)]
    public string? Redis { get; set; }

    /// <summary>Postgres for the profiles, as Npgsql reads it.</summary>
    [MinLength(1)]
    public string? Postgres { get; set; }
}
