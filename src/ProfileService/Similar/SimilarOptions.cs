using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Similar;

/// <summary>Section <c>Similar</c>: how users with similar profiles are found.</summary>
[Section("Similar")]
internal sealed class SimilarOptions
{
    /// <summary>
    /// Auto, Exact or Hnsw; default Auto. Auto searches an HNSW index if the profiles are in a Postgres with pgvector 0.5 or later, and in
    /// process otherwise. With Hnsw, the service does not start without such a Postgres.
    /// </summary>
    [EnumDataType(typeof(SimilarSearch))]
    public SimilarSearch Search { get; set; }

    /// <summary>
    /// Maximum number of users that a process searches exactly. From the first search on, a user takes 4 bytes per dimension and about 200
    /// more; all users together at most an eighth of the process's memory. 1 to 10,000,000, default 200,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxUsers { get; set; } = 200_000;

    /// <summary>
    /// How long an exact search may miss profiles that other processes refreshed. After that time, the next search reads their changes.
    /// 1 second to 1 hour, default 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>How similar users are found.</summary>
internal enum SimilarSearch
{
    Auto,
    Exact,
    Hnsw,
}
