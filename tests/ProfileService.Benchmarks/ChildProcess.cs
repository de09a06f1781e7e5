using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ProfileService.Tests.Servers;

namespace ProfileService.Benchmarks;

/// <summary>A .NET program as a process of its own that says where it listens. It ends with the benchmark, however that ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly GuardedFolder _folder = new();
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(string program, string[] arguments)
    {
        _process = new Process { StartInfo = Tool.StartInfo("dotnet", [program, .. arguments], _folder.Path) };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _folder.Guard(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>CPU time of all its threads so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that it has in use.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The most bytes of memory that it ever had in use.</summary>
    public long PeakWorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public Uri Address => _address.Task.Result;

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    /// <exception cref="InvalidOperationException">It ended instead; the message is what it printed.</exception>
    public static async Task<ChildProcess> StartAsync(string program, params string[] arguments)
    {
        var child = new ChildProcess(program, arguments);
        var exited = child._process.WaitForExitAsync();
        if (await Task.WhenAny(child._address.Task, exited) != exited)
            return child;
        var output = string.Join('\n', child._output);
        child.Dispose();
        throw new InvalidOperationException($"{program} did not start:\n{output}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            _address.TrySetResult(new Uri($"{line[(at + Listening.Length)..]}/"));
    }
}
