using Microsoft.Data.Sqlite;

namespace ProfileService.Tests.Privacy;

/// <summary>Alters windows in SQLite.</summary>
internal static class DamagedWindows
{
    public static void Damage(this TestService service, string userId)
    {
        using var connection = new SqliteConnection($"Data Source={service.DataFolder}/windows.db;Pooling=False");
        connection.Open();
        using var command = new SqliteCommand("UPDATE windows SET events = zeroblob(length(events)) WHERE user_id = $user", connection);
        command.Parameters.AddWithValue("$user", userId);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
