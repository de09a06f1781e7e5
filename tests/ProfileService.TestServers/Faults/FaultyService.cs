using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;
using ProfileService.TestServers.Servers;

namespace ProfileService.TestServers.Faults;

/// <summary>The built service as a process that is killed, stopped, paused and started again at the same address with the same
/// data.</summary>
internal sealed class FaultyService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly LocalServer _process;
    private readonly HttpClient _probe;
    private volatile bool _isStopping;

    private FaultyService(int port, GuardedFolder folder, FakeClock? clock, string[] settings)
    {
        Address = new Uri($"http://127.0.0.1:{port}/");
        (Folder, Clock) = (folder.Path, clock);
        _probe = new HttpClient { BaseAddress = Address, Timeout = Patience };
        string[] command =
        [
            "dotnet",
            Repository.Program("ProfileService", "ProfileService.dll"),
            $"--urls={Address}",
            $"--Data:Directory={folder.Path}",
            $"--Model:Package={Repository.TinyPackage}",
            "--Hosting:DrainFor=00:00:01",
            .. settings,
        ];
        command = clock is null ? command : clock.Command(command[0], command[1..]);
        _process = new LocalServer(command[0], command[1..], folder, UnixSignal.Terminate);
    }

    public Uri Address { get; }

    /// <summary>Where its SQLite files lie, if it has any.</summary>
    public string Folder { get; }

    /// <summary>Null where its clock is the machine's.</summary>
    public FakeClock? Clock { get; }

    /// <summary>Whether it was asked to stop and was not started since: a drain is red on purpose while events are still taken.</summary>
    public bool IsStopping => _isStopping;

    public static async Task<FaultyService> StartAsync(GuardedFolder folder, FakeClock? clock, params string[] settings)
    {
        var service = new FaultyService(FreePort.Take(), folder, clock, settings);
        return await ServerStart.OrEndAsync(service, service.StartAgainAsync());
    }

    public async Task StartAgainAsync()
    {
        await ServerStart.UntilItAnswersAsync(_process, () => AnswersAsync("health/live"));
        _isStopping = false;
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary><c>kill -TERM</c>, and its end.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _process.StopAsync();
    }

    public Task PauseAsync() => _process.PauseAsync();

    public Task ResumeAsync() => _process.ResumeAsync();

    public Task<string> OutputAsync() => _process.OutputAsync();

    /// <summary>Whether a GET of the path is answered 200.</summary>
    public async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var response = await _probe.GetAsync(new Uri(path, UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _probe.Dispose();
        Clock?.Dispose();
    }
}
