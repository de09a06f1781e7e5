using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Similar;

/// <summary>Section <c>Similar</c>: how users with similar profiles are found.</summary>
[Section("Similar")]
internal sealed class SimilarOptions
{
    /// <summary>
    /// Auto, Exact or Hnsw; default Auto: an HNSW index where profiles are in a Postgres that has pgvector 0.5 or later, in process elsewhere. Hnsw stops the
    /// start where there is none.
    /// </summary>
    [EnumDataType(typeof(SimilarSearch))]
    public SimilarSearch Search { get; set; }

    /// <summary>
    /// Users among whom a process searches exactly, in memory of 4 bytes a dimension and some 200 a user, taken at the first search; an eighth of the process's memory at most. 1 to 10,000,000, default 200,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxUsers { get; set; } = 200_000;

    /// <summary>
    /// How long an exact search may miss what other processes refreshed; then the profiles are read through for it, while searches come. 1 s to 1 hour, default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>How similar users are searched.</summary>
internal enum SimilarSearch
{
    Auto,
    Exact,
    Hnsw,
}
