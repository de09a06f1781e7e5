using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ProfileService.Benchmarks.Setup;
using ProfileService.Storage;

namespace ProfileService.Benchmarks.Limits;

/// <summary>
/// The store work that a refresh cannot do without, and nothing else: a window read by one GET, a profile written as one row of a bulk
/// upsert. As a process of its own, so that its CPU time is told apart.
/// </summary>
internal sealed class BareStore : IDisposable
{
    private const string CommandName = "bare-store";
    private const string Model = "bare/1"; // its rows are beside the service's
    private const int BatchSize = 64; // users of one bulk upsert, a fixed yardstick

    private readonly Process _process;

    public BareStore(string[] stores, int users, int dimension) =>
        _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareStore).Assembly.Location, CommandName, $"{users}", $"{dimension}", .. stores])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>CPU time of a user's read and write, in µs.</summary>
    public async Task<double> CpuPerUserAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return double.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare store work ended."), CultureInfo.InvariantCulture);
    }

    public static Command Command()
    {
        var (users, dimension) = (new Argument<int>("USERS"), new Argument<int>("DIMENSION"));
        var stores = new Argument<string[]>("STORES");
        var command = new Command(CommandName, "Reads windows and writes profiles whenever a line comes in; the benchmarks start it.") { users, dimension, stores };
        command.Hidden = true;
        command.SetAction((parsed, _) => WorkAsync(parsed.GetValue(users), parsed.GetValue(dimension), parsed.GetValue(stores)!));
        return command;
    }

    public void Dispose()
    {
        _process.StandardInput.Close(); // which ends it
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task WorkAsync(int users, int dimension, string[] settings)
    {
        await using var stores = new ServiceStores(settings);
        var names = Cli.Load.LoadUsers.Named(users);
        while (await Console.In.ReadLineAsync() is not null)
        {
            var before = Environment.CpuUsage.TotalTime;
            foreach (var some in names.Chunk(BatchSize))
                await ReadAndWriteAsync(stores, some, dimension);
            Console.WriteLine(((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / users).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task ReadAndWriteAsync(ServiceStores stores, string[] users, int dimension)
    {
        var windows = await Task.WhenAll(users.Select(user => stores.Redis.StringGetAsync(stores.Keys.Window(user))));
        if (windows.Any(w => w.IsNull))
            throw new InvalidOperationException("A window is missing.");
        var now = TimeProvider.System.GetUtcNow();
        await using var db = await stores.Profiles.CreateDbContextAsync();
        await db.UpsertAsync(
            [
                .. users.Select(user => new Profile
                {
                    UserId = user, Model = Model, Digest = "", Revision = now.Ticks, EventCount = Bench.WindowLength,
                    EventsThrough = now.UtcDateTime, ComputedAt = now.UtcDateTime, Vector = new byte[sizeof(float) * dimension],
                }),
            ],
            [.. users.Select(_ => "")],
            CancellationToken.None);
    }
}
