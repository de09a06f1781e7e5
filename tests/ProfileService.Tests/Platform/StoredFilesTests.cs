using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Profiles;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Platform;

/// <summary>The folder of the SQLite files: of one process, whole, and its two files of one service.</summary>
[Needs(Need.Process)]
public sealed class StoredFilesTests : IDisposable
{
    private readonly TempDirectory _data = new();
    private readonly FakeLogger<StoredFiles> _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecondProcessIsRefusedAndTheFirstGoesOn()
    {
        using var service = await ServiceProcess.StartAsync(_data);
        foreach (var arguments in (string[][])[[], ["--migrate-only"]])
        {
            var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, arguments);
            Assert.Equal(1, exitCode);
            Assert.Contains($"Another process uses {_data.Path}", output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }

        Assert.Equal(202, (int)(await service.PostEventsAsync(Event().Json())).StatusCode);
        await service.KillAsync();
        using var next = await ServiceProcess.StartAsync(_data); // the lock went with the process
    }

    [Fact]
    public void FolderIsFreeWhenItsHolderIsDone()
    {
        using (var first = Folder())
        {
            first.File(StoredFiles.Windows);
            first.File(StoredFiles.Profiles);
            using var second = Folder();
            Assert.Contains("Another process", Assert.Throws<OptionsValidationException>(() => second.File(StoredFiles.Windows)).Message, StringComparison.Ordinal);
        }

        using var third = Folder();
        third.File(StoredFiles.Windows);
    }

    [Theory]
    [InlineData(StoredFiles.Windows)]
    [InlineData(StoredFiles.Profiles)]
    public async Task DamagedFileStopsTheStartAndIsNamed(string file)
    {
        using (var service = await ServiceProcess.StartAsync(_data))
            await service.StopAsync();
        var bytes = await File.ReadAllBytesAsync(_data.File(file), Token);
        bytes.AsSpan(4_096, 2_048).Fill(0x77);
        await File.WriteAllBytesAsync(_data.File(file), bytes, Token);

        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage);
        Assert.Equal(1, exitCode);
        Assert.Contains($"{_data.File(file)} is damaged", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsNoDatabaseIsNamed()
    {
        File.WriteAllText(_data.File(StoredFiles.Windows), new string('x', 10_000));
        using var folder = Folder();
        Assert.Contains("windows.db is damaged", Assert.Throws<OptionsValidationException>(() => folder.File(StoredFiles.Windows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LargeFileIsLookedOverForAWhileOnly()
    {
        Execute(StoredFiles.Windows, """
            CREATE TABLE many (text TEXT);
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
            INSERT INTO many SELECT hex(randomblob(100)) FROM n;
            """);
        using (var whole = Folder(Eventually.Bound))
            whole.File(StoredFiles.Windows);
        Assert.Equal(0, _log.Collector.Count);
        using var folder = Folder(TimeSpan.Zero);
        folder.File(StoredFiles.Windows);
        Assert.Contains("quick_check", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)] // deleted
    [InlineData(false)] // emptied
    public async Task WindowsThatAreGoneBesideProfilesAreNoticed(bool isDeleted)
    {
        using (var service = await ServiceProcess.StartAsync(_data))
        {
            await service.PostEventsAsync(Event().Json());
            await service.GetAsync("/v1/users/u1/profile?fresh=true");
            await service.StopAsync();
        }

        using (var whole = await ServiceProcess.StartAsync(_data))
        {
            await whole.Client.ReadyAsync("files", "Healthy");
            await whole.StopAsync(); // then its output is complete
            Assert.DoesNotContain("WINDOWS ARE MISSING", whole.Output, StringComparison.Ordinal);
        }

        if (isDeleted)
            File.Delete(_data.File(StoredFiles.Windows));
        else
            await File.WriteAllBytesAsync(_data.File(StoredFiles.Windows), [], Token);
        using var again = await ServiceProcess.StartAsync(_data);
        await again.Client.ReadyAsync("files", "Degraded");
        await Eventually.IsTrueAsync(() => Task.FromResult(again.Output.Contains("WINDOWS ARE MISSING", StringComparison.Ordinal)));
    }

    /// <summary>Idle windows are dropped in time, and their users keep the profiles: that is no loss. Nor is a first start.</summary>
    [Theory]
    [InlineData("SELECT 1", "SELECT 1", false)]
    [InlineData("PRAGMA application_id = 7", "PRAGMA application_id = 7; INSERT INTO profiles VALUES ('u1')", false)]
    [InlineData("PRAGMA application_id = 8", "PRAGMA application_id = 7; INSERT INTO profiles VALUES ('u1')", true)] // of another service
    [InlineData("PRAGMA application_id = 8", "INSERT INTO profiles VALUES ('u1')", true)]
    [InlineData("SELECT 1", "INSERT INTO profiles VALUES ('u1')", true)] // of a former version
    [InlineData("INSERT INTO windows VALUES ('u1')", "INSERT INTO profiles VALUES ('u1')", false)]
    [InlineData("SELECT 1", "PRAGMA application_id = 7", false)] // nothing to lose
    public async Task FilesAreOfOneServiceOrNot(string windows, string profiles, bool isParted)
    {
        Execute(StoredFiles.Windows, $"CREATE TABLE windows (user_id TEXT); {windows}");
        Execute(StoredFiles.Profiles, $"CREATE TABLE profiles (user_id TEXT); {profiles}");
        using var folder = Folder();
        foreach (var expected in (bool[])[isParted, false]) // a start takes them as they are
        {
            var pair = new StoredPairStart(folder, new FakeLogger<StoredPairStart>());
            await pair.StartAsync(Token);
            Assert.Equal(expected, pair.IsMismatched);
        }
    }

    public void Dispose() => _data.Dispose();

    private StoredFiles Folder() => new(Options.Create(new DataOptions { Directory = _data.Path }), TimeProvider.System, _log);

    private StoredFiles Folder(TimeSpan checkFor) =>
        new(Options.Create(new DataOptions { Directory = _data.Path }), TimeProvider.System, _log) { CheckFor = checkFor };

    private void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_data.File(file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
