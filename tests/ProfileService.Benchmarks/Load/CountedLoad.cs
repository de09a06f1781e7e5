using System.Globalization;
using System.Text;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Load;

/// <summary>Lookups under load, and what CPU time each takes: in the server, and in the generator, which has to be the cheaper.</summary>
internal sealed class CountedLoad(Bench bench)
{
    private readonly Dictionary<string, Cpu> _parts = [];

    /// <summary>Requests a second.</summary>
    public async Task<double> RateAsync(string name, ChildProcess server, IReadOnlyList<byte[]> requests)
    {
        var (served, generated) = (server.CpuTime, Environment.CpuUsage.TotalTime);
        var result = await BenchLoad.RunAsync(bench, server.EndPoint, (i, of) => new LookupRequests(requests, 1, i * requests.Count / of));
        _parts[name] = _parts.GetValueOrDefault(name, Cpu.None).And(
            result.Latencies.Count * BenchLoad.WholeByCounted, server.CpuTime - served, Environment.CpuUsage.TotalTime - generated);
        return result.RequestsPerSecond;
    }

    public string Table()
    {
        var table = new StringBuilder("| CPU time of a request, \u00B5s | service or endpoint | load generator |\n|---|---|---|\n");
        foreach (var (name, cpu) in _parts)
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {cpu.Served.TotalMicroseconds / cpu.Requests:0.0} | {cpu.Generated.TotalMicroseconds / cpu.Requests:0.0} |");
        return table.ToString();
    }

    private readonly record struct Cpu(double Requests, TimeSpan Served, TimeSpan Generated)
    {
        public static readonly Cpu None = new(0, TimeSpan.Zero, TimeSpan.Zero);

        public Cpu And(double requests, TimeSpan served, TimeSpan generated) => new(Requests + requests, Served + served, Generated + generated);
    }
}
