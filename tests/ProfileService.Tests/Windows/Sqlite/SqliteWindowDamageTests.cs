using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using ProfileService.Intake;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Sqlite;

public sealed class SqliteWindowDamageTests : WindowDamageContract, IDisposable
{
    private const int NumberBytes = 16; // revision and time before the events

    private readonly TempDirectory _directory = new();
    private readonly TestStores _stores;
    private readonly SqliteConnection _raw;

    public SqliteWindowDamageTests()
    {
        _stores = TestStores.Sqlite(_directory.File("windows.db"), Time, Settings);
        _raw = new SqliteConnection($"Data Source={_directory.File("windows.db")};Pooling=False");
        _raw.Open();
        Execute("PRAGMA synchronous = OFF");
    }

    private protected override TestStores Stores => _stores;

    [Fact]
    public async Task RowOfAFormerVersionIsReadAndGetsAChecksumWithItsNextChange()
    {
        var window = WindowCodec.Encode(new Window("u1", [Event(1), Event(2)]));
        Execute(
            "INSERT INTO windows (user_id, revision, touched_at, events) VALUES ('u1', 1790000000000, 1, $events)", ("$events", window));
        Assert.Equal(1790000000000, await Windows.FindRevisionAsync("u1", Token));
        Assert.Equal(2, (await Windows.FindAsync("u1", Token))!.Window.Events.Count);

        Assert.Equal([Verdict.Duplicate, Verdict.Accepted], await Windows.AppendAsync([Event(2), Event(3)], Token));
        var value = await ReadAsync("u1");
        Assert.Equal(1790000000001, (await Windows.FindAsync("u1", Token))!.Revision);
        await WriteAsync("u1", Flipped(value, 8 * (value.Length - 1)));
        await Assert.ThrowsAsync<UnreadableWindowException>(() => Windows.FindAsync("u1", Token));
    }

    [Theory]
    [InlineData("revision = NULL")]
    [InlineData("revision = 'x'")]
    [InlineData("revision = 1.5")]
    [InlineData("touched_at = 'x'")]
    [InlineData("events = 7")]
    [InlineData("events = 'text'")]
    [InlineData("events = zeroblob(4096)")]
    public async Task ColumnOfAnotherKindIsRefused(string altered)
    {
        await Windows.AppendAsync([Event(1), Event(1, "good")], Token);
        Execute("PRAGMA writable_schema = ON");
        Execute("PRAGMA ignore_check_constraints = ON");
        try
        {
            Execute($"UPDATE windows SET {altered} WHERE user_id = 'u1'");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 19)
        {
            return; // NOT NULL holds
        }

        await Assert.ThrowsAsync<UnreadableWindowException>(() => Windows.FindAsync("u1", Token));
        Assert.Equal([Verdict.Unreadable, Verdict.Accepted], await Windows.AppendAsync([Event(2), Event(2, "good")], Token));
    }

    public void Dispose()
    {
        _raw.Dispose();
        _stores.Dispose();
        _directory.Dispose();
    }

    private protected override Task<byte[]> ReadAsync(string userId)
    {
        using var command = Command("SELECT revision, touched_at, events FROM windows WHERE user_id = $user", ("$user", userId));
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        var value = new byte[NumberBytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, row.GetInt64(0));
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), row.GetInt64(1));
        return Task.FromResult<byte[]>([.. value, .. row.GetFieldValue<byte[]>(2)]);
    }

    /// <summary>What is shorter than the numbers has none of them.</summary>
    private protected override Task WriteAsync(string userId, byte[] value)
    {
        byte[] numbers = [.. value.Take(NumberBytes), .. new byte[Math.Max(0, NumberBytes - value.Length)]];
        Execute(
            "UPDATE windows SET revision = $revision, touched_at = $touched, events = $events WHERE user_id = $user",
            ("$user", userId),
            ("$revision", BinaryPrimitives.ReadInt64LittleEndian(numbers)),
            ("$touched", BinaryPrimitives.ReadInt64LittleEndian(numbers.AsSpan(8))),
            ("$events", value.Skip(NumberBytes).ToArray()));
        return Task.CompletedTask;
    }

    private void Execute(string sql, params (string, object)[] parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params (string Name, object Value)[] parameters)
    {
        var command = _raw.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
