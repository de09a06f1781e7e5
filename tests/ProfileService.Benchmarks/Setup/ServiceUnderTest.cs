using System.Net;
using ProfileService.Cli.Load;
using ProfileService.Client;

namespace ProfileService.Benchmarks.Setup;

/// <summary>The service as <c>./run</c> starts it, in Release and as a process of its own, on Redis and PostgreSQL.</summary>
internal sealed class ServiceUnderTest : IDisposable
{
    private static readonly string Program = Repository.Path("artifacts/bin/ProfileService/release/ProfileService.dll");

    private readonly ChildProcess _process;

    private ServiceUnderTest(ChildProcess process, string[] stores)
    {
        (_process, Stores) = (process, stores);
        Client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Settings that name its stores.</summary>
    public string[] Stores { get; }

    public Uri Url => _process.Address;

    public IPEndPoint Server => _process.EndPoint;

    public ChildProcess Process => _process;

    /// <summary>For what is not measured.</summary>
    public HttpClient Client { get; }

    public TimeSpan CpuTime => _process.CpuTime;

    public long WorkingSet => _process.WorkingSet;

    /// <summary>Open files and sockets.</summary>
    public int Handles => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length;

    /// <param name="stores">As <see cref="BenchServers.NewStoresAsync"/> gives them.</param>
    /// <param name="package">Folder of the model package, from the root of the repository.</param>
    /// <param name="settings">More than the defaults, such as <c>--Hosting:Role=Api</c>.</param>
    public static async Task<ServiceUnderTest> StartAsync(string[] stores, string package, params string[] settings)
    {
        Bench.Tell($"starting the service with {package} {string.Join(' ', settings)}");
        return new ServiceUnderTest(
            await ChildProcess.StartAsync(Program, ["--urls=http://127.0.0.1:0", $"--Model:Package={Repository.Path(package)}", .. stores, .. settings]),
            stores);
    }

    /// <summary>Gives users windows of so many events and waits until their profiles are readable.</summary>
    public async Task<IReadOnlyList<string>> FillAsync(int users, int events, CancellationToken cancellationToken, string prefix = "load")
    {
        var names = LoadUsers.Named(users, prefix);
        Bench.Tell($"filling it with {users:N0} users of {events} events");
        await new LoadUsers(ProfileServiceClient.Create(Url), events, TimeProvider.System).PrepareAsync(names, (_, _) => { }, cancellationToken);
        return names;
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
    }
}
