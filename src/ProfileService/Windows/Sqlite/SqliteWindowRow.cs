using ProfileService.Windows.Codec;

namespace ProfileService.Windows.Sqlite;

/// <summary>A window as its row has it.</summary>
/// <param name="Touched">Time of the last change, in Unix ms.</param>
internal readonly record struct SqliteWindowRow(EncodedWindow Window, long Touched);
