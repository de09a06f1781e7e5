using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

/// <summary>Section <c>ConnectionStrings</c>: the database servers. SQLite replaces each server that is not set.</summary>
[Section("ConnectionStrings")]
internal sealed class ConnectionOptions
{
    /// <summary>Redis server for the windows, in the format of StackExchange.Redis.</summary>
    [MinLength(1)]
    public string? Redis { get; set; }

    /// <summary>Postgres server for the profiles, in the format of Npgsql.</summary>
    [MinLength(1)]
    public string? Postgres { get; set; }
}
