using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ProfileService.Tests.Servers;

namespace ProfileService.Tests;

/// <summary>The built service as a process of its own, on a free port of loopback; ended by its process id.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listening = "Now listening on: ";
    private const string Started = "Application started."; // only then readiness is true

    // As in TestService: a machine under load is slow, not wrong.
    private static readonly string[] Patient = ["--Lookup:FreshTimeout=00:01:00", "--Hosting:RequestTimeout=00:05:00"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private volatile string? _listening;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(string dataDirectory, string package, string[] arguments, (string Name, string Value)[] environment, string limits = "")
    {
        // Whoever runs the tests in the background has them, and their children, ignore Ctrl+C; env takes that back.
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = dataDirectory };
        foreach (var argument in (string[])["-c", $"{limits} exec env --default-signal=INT dotnet \"$@\"", "bash", Repository.Program("ProfileService", "ProfileService.dll"), "--urls=http://127.0.0.1:0", "--Hosting:DrainFor=00:00:00", $"--Data:Directory={dataDirectory}", $"--Model:Package={package}", .. Patient, .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromMinutes(5) };

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the service and waits until it listens.</summary>
    public static Task<ServiceProcess> StartAsync(TempDirectory data, params string[] arguments) => StartAsync(data, [], arguments);

    /// <summary>Starts the service within limits that a line of shell sets, such as <c>ulimit -n 1024;</c>, and waits until it listens.</summary>
    public static Task<ServiceProcess> StartWithinAsync(string limits, TempDirectory data, params string[] arguments) =>
        ListeningAsync(new ServiceProcess(data.Path, Repository.TinyPackage, arguments, [], limits));

    /// <summary>Starts the service with these environment variables and waits until it listens.</summary>
    public static Task<ServiceProcess> StartAsync(TempDirectory data, (string Name, string Value)[] environment, params string[] arguments) =>
        ListeningAsync(new ServiceProcess(data.Path, Repository.TinyPackage, arguments, environment));

    private static async Task<ServiceProcess> ListeningAsync(ServiceProcess service)
    {
        var exited = service._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(service._address.Task, exited) == exited)
            throw new InvalidOperationException($"The service did not start:\n{service.Output}");
        service.Client.BaseAddress = new Uri(await service._address.Task);
        return service;
    }

    /// <summary>Starts a service that must not come up; returns its exit code and what it printed.</summary>
    public static Task<(int ExitCode, string Output)> StartInVainAsync(TempDirectory data, string package, params string[] arguments) =>
        StartInVainAsync(data, package, [], arguments);

    public static async Task<(int ExitCode, string Output)> StartInVainAsync(TempDirectory data, string package, (string Name, string Value)[] environment, params string[] arguments)
    {
        using var service = new ServiceProcess(data.Path, package, arguments, environment);
        var exited = service._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(service._address.Task, exited) != exited)
            throw new InvalidOperationException($"The service started:\n{service.Output}");
        await exited;
        return (service._process.ExitCode, service.Output);
    }

    /// <summary>Memory that the process holds and that no file stands behind: nothing but its end gives it back to the machine.</summary>
    public long AnonymousBytes =>
        long.Parse(File.ReadLines($"/proc/{Id}/status").Single(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)).Split(' ')[^2], CultureInfo.InvariantCulture) << 10; // kB

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary><c>kill -TERM</c>; returns the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signals.Send(Signal.Terminate, _process.Id);
        return ExitedAsync();
    }

    /// <summary>Waits for the end of the process; returns its exit code.</summary>
    public async Task<int> ExitedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public Task<HttpResponseMessage> PostEventsAsync(string json, string type = "application/json") =>
        Client.PostAsync(new Uri("/v1/events", UriKind.Relative), new StringContent(json, Encoding.UTF8, type), TestContext.Current.CancellationToken);

    public Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        Client.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            _listening ??= line[(at + Listening.Length)..];
        else if (_listening is not null && line.Contains(Started, StringComparison.Ordinal))
            _address.TrySetResult(_listening);
    }
}
