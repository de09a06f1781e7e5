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

    /// <summary>
    /// File in PEM with the certificate authorities that Redis's certificate may come from, instead of those that the machine trusts. Needs
    /// <c>ssl=true</c> in <see cref="Redis"/>. For Postgres, its connection string has <c>Root Certificate</c>.
    /// </summary>
    [MinLength(1)]
    public string? RedisRootCertificate { get; set; }

    /// <summary>Postgres server for the profiles, in the format of Npgsql.</summary>
    [MinLength(1)]
    public string? Postgres { get; set; }
}
