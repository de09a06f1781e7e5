using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace ProfileService.TestServers.Processes;

/// <summary>A web server of .NET as a process of its own, on the address that it says it listens on. It ends with whoever started it, however that ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const string Listening = "Now listening on: ";
    private const string Started = "Application started."; // only then the service is ready

    private readonly GuardedFolder _guard = new();
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Uri? _address;

    /// <param name="folder">Where it runs; null for a folder of its own.</param>
    /// <param name="environment">Variables besides those of this process.</param>
    public ChildProcess(string program, string[] arguments, string? folder, params (string Name, string Value)[] environment)
    {
        _process = new Process { StartInfo = Tool.StartInfo(program, arguments, folder ?? _guard.Path) };
        foreach (var (name, value) in environment)
            _process.StartInfo.Environment[name] = value;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _guard.Guard(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All lines that it printed so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>CPU time of all its threads so far.</summary>
    public TimeSpan CpuTime => Refreshed.TotalProcessorTime;

    /// <summary>Bytes of memory that it has in use.</summary>
    public long WorkingSet => Refreshed.WorkingSet64;

    /// <summary>The most bytes of memory that it ever had in use.</summary>
    public long PeakWorkingSet => Refreshed.PeakWorkingSet64;

    public Uri Address => _address ?? throw new InvalidOperationException("It listens nowhere.");

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    private Process Refreshed
    {
        get
        {
            _process.Refresh();
            return _process;
        }
    }

    /// <exception cref="InvalidOperationException">It ended instead; the message is what it printed.</exception>
    public static async Task<ChildProcess> StartAsync(string program, params string[] arguments)
    {
        var child = new ChildProcess("dotnet", [program, .. arguments], folder: null);
        if (await child.StartsAsync())
            return child;
        var output = child.Output;
        child.Dispose();
        throw new InvalidOperationException($"{program} did not start:\n{output}");
    }

    /// <summary>Waits until it has started, or has ended instead; tells which.</summary>
    public async Task<bool> StartsAsync()
    {
        var exited = ExitedAsync();
        return await Task.WhenAny(_started.Task, exited) != exited;
    }

    /// <summary>Waits for its end and its last line; returns its exit code.</summary>
    public async Task<int> ExitedAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _guard.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            _address ??= new Uri($"{line[(at + Listening.Length)..]}/");
        else if (_address is not null && line.Contains(Started, StringComparison.Ordinal))
            _started.TrySetResult();
    }
}
