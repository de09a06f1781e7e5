using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;

namespace ProfileService.TestServers.Servers;

/// <summary>A server as a process of this machine. Signals go by process id, to it and to the processes it started.</summary>
/// <param name="discard">What ends it when its folder goes with it, so that it need not save; null if that is no other signal than <paramref name="stop"/>.</param>
internal sealed class LocalServer(string program, string[] arguments, GuardedFolder data, UnixSignal stop = UnixSignal.Interrupt, UnixSignal? discard = null) : ITestServer
{
    private const int LinesKept = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public bool HasEnded => _process is not { HasExited: false };

    public Task StartAsync()
    {
        _process?.Dispose();
        _output.Clear();
        _process = new Process { StartInfo = Tool.StartInfo(program, arguments, data.Path) };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        data.Guard(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return Task.CompletedTask;
    }

    public Task StopAsync() => EndAsync(stop);

    // The children of a dead PostgreSQL keep its data locked for as long as they live.
    public async Task KillAsync()
    {
        Signals.Send(UnixSignal.Stop, _process!.Id);
        var children = Children();
        Signals.Send(UnixSignal.Kill, [_process.Id, .. children]);
        await _process.WaitForExitAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(!children.Any(Lives)));
    }

    public Task PauseAsync()
    {
        Signals.Send(UnixSignal.Stop, _process!.Id);
        Signals.Send(UnixSignal.Stop, Children());
        return Task.CompletedTask;
    }

    public Task ResumeAsync()
    {
        Signals.Send(UnixSignal.Continue, [.. Children(), _process!.Id]);
        return Task.CompletedTask;
    }

    public async Task<string> OutputAsync()
    {
        // All lines of a process that has ended are in only after this.
        if (_process is { HasExited: true })
            await _process.WaitForExitAsync();
        return string.Join('\n', _output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            await ResumeAsync();
            await EndAsync(discard ?? stop);
        }
        _process?.Dispose();
        data.Dispose();
    }

    private async Task EndAsync(UnixSignal signal)
    {
        Signals.Send(signal, _process!.Id);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    private int[] Children() =>
        [.. Read($"{_process!.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    // A process that has ended may stay listed as a zombie until someone collects it.
    private static bool Lives(int process) => Read($"{process}/stat") is { Length: > 0 } state && !state.Contains(") Z ", StringComparison.Ordinal);

    // Empty for a process that has ended.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > LinesKept)
            _output.TryDequeue(out _);
    }
}
