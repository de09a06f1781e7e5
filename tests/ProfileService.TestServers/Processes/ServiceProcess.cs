using System.Globalization;
using System.Text;
using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Processes;

/// <summary>The built service as a process of its own, on a free port of loopback; ended by its process id.</summary>
internal sealed class ServiceProcess : IDisposable
{
    // A machine under load is slow, not wrong: an answer comes when its work is done, not when a second is over.
    private static readonly string[] Patient =
        ["--Lookup:FreshTimeout=00:01:00", "--Hosting:RequestTimeout=00:05:00", "--Hosting:MinDataRate=240"];

    private readonly ChildProcess _process;

    private ServiceProcess(string dataDirectory, string package, string[] arguments, (string Name, string Value)[] environment, string limits = "")
    {
        // Whoever runs the tests in the background has them, and their children, ignore Ctrl+C and a closed terminal; env takes that back.
        string[] command =
        [
            "-c", $"{limits} exec env --default-signal=INT,HUP dotnet \"$@\"", "bash", Repository.Program("ProfileService", "ProfileService.dll"),
            "--urls=http://127.0.0.1:0", "--Hosting:DrainFor=00:00:00", $"--Data:Directory={dataDirectory}", $"--Model:Package={package}", .. Patient, .. arguments,
        ];
        _process = new ChildProcess("bash", command, dataDirectory, environment);
    }

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromMinutes(30) };

    public int Id => _process.Id;

    public string Output => _process.Output;

    public bool HasExited => _process.HasExited;

    /// <summary>Memory that the process holds and that no file stands behind: nothing but its end gives it back to the machine.</summary>
    public long AnonymousBytes =>
        long.Parse(File.ReadLines($"/proc/{Id}/status").Single(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ')[^2], CultureInfo.InvariantCulture) << 10; // kB

    /// <summary>Starts the service and waits until it listens.</summary>
    public static Task<ServiceProcess> StartAsync(TempDirectory data, params string[] arguments) => StartAsync(data, [], arguments);

    /// <summary>Starts the service within limits that a line of shell sets, such as <c>ulimit -n 1024;</c>, and waits until it listens.</summary>
    public static Task<ServiceProcess> StartWithinAsync(string limits, TempDirectory data, params string[] arguments) =>
        ListeningAsync(new ServiceProcess(data.Path, Repository.TinyPackage, arguments, [], limits));

    /// <summary>Starts the service with these environment variables and waits until it listens.</summary>
    public static Task<ServiceProcess> StartAsync(TempDirectory data, (string Name, string Value)[] environment, params string[] arguments) =>
        ListeningAsync(new ServiceProcess(data.Path, Repository.TinyPackage, arguments, environment));

    /// <summary>Starts a service that must not come up; returns its exit code and what it printed.</summary>
    public static Task<(int ExitCode, string Output)> StartInVainAsync(TempDirectory data, string package, params string[] arguments) =>
        StartInVainAsync(data, package, [], arguments);

    public static async Task<(int ExitCode, string Output)> StartInVainAsync(TempDirectory data, string package, (string Name, string Value)[] environment, params string[] arguments)
    {
        using var service = new ServiceProcess(data.Path, package, arguments, environment);
        if (await service._process.StartsAsync())
            throw new InvalidOperationException($"The service started:\n{service.Output}");
        return (await service.ExitedAsync(), service.Output);
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync()
    {
        Signals.Send(UnixSignal.Kill, Id);
        return ExitedAsync();
    }

    /// <summary><c>kill -TERM</c>; returns the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signals.Send(UnixSignal.Terminate, Id);
        return ExitedAsync();
    }

    /// <summary>Waits for the end of the process; returns its exit code.</summary>
    public Task<int> ExitedAsync() => _process.ExitedAsync();

    public Task<HttpResponseMessage> PostEventsAsync(string json, string type = "application/json") =>
        Client.PostAsync(new Uri("/v1/events", UriKind.Relative), new StringContent(json, Encoding.UTF8, type));

    public Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative));

    public void Dispose()
    {
        _process.Dispose();
        Client.Dispose();
    }

    private static async Task<ServiceProcess> ListeningAsync(ServiceProcess service)
    {
        if (await service._process.StartsAsync())
        {
            service.Client.BaseAddress = service._process.Address;
            return service;
        }

        service.Dispose();
        throw new InvalidOperationException($"The service did not start:\n{service.Output}");
    }
}
