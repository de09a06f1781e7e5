using System.CommandLine;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Load;

/// <summary>The options of <c>profiles load</c>, and what they may be.</summary>
internal sealed class LoadOptions
{
    private readonly Option<Uri> _url = ServiceUrl.Option();
    private readonly Option<int> _connections = NumberOption.Create("--connections", 32, 1, 4_096, "Concurrent connections.");
    private readonly Option<double> _duration =
        NumberOption.Create("--duration", 5, .1, 3_600, "Measuring time of each kind of request, in seconds.");

    private readonly Option<int> _users = NumberOption.Create(
        "--users", 10_000, 100, 1_000_000, "Number of users, named load-000001 and so on. Events are sent for users without a profile.");

    private readonly Option<int> _events = NumberOption.Create("--events", 50, 1, 1_000, "Events per user.");

    private readonly Option<double?> _rate = NumberOption.Create(
        "--rate",
        .1,
        100_000,
        "Open loop: requests per second of all connections together, evenly spaced; latencies count from the scheduled time. "
            + "Without it each connection sends the next request when it has the last response.");

    private readonly Option<string[]> _paths = new("--path")
    {
        Description = $"Kinds of requests to measure: {string.Join(", ", LoadPath.Keys)}; all unless named.",
        AllowMultipleArgumentsPerToken = true,
    };

    // Read as text, because the parser would treat other words than true and false as separate arguments.
    private readonly Option<string> _saturation = new("--saturation")
    {
        Description = "Whether to find the saturation point of each kind of request, true or false; false with --rate.",
        DefaultValueFactory = _ => "true",
    };

    public LoadOptions()
    {
        _saturation.Validators.Add(result =>
        {
            if (!bool.TryParse(result.GetValueOrDefault<string>(), out var finds))
                result.AddError("--saturation must be true or false.");
            else if (finds && !result.Implicit && result.GetResult(_rate) is not null)
                result.AddError("--saturation true cannot be combined with --rate: it looks for the highest rate, in a closed loop.");
        });
        _paths.Validators.Add(result =>
        {
            foreach (var unknown in result.Tokens.Select(t => t.Value).Except(LoadPath.Keys))
                result.AddError($"--path {unknown}: there are {string.Join(", ", LoadPath.Keys)}.");
        });
    }

    public Option<Uri> Url => _url;

    public IEnumerable<Option> All => [_url, _connections, _duration, _users, _events, _rate, _paths, _saturation];

    /// <exception cref="CommandException">There are fewer users than connections that send events.</exception>
    public LoadSettings Read(ParseResult parsed)
    {
        var (connections, users) = (parsed.GetValue(_connections), parsed.GetValue(_users));
        var paths = parsed.GetValue(_paths) is { Length: > 0 } named ? named : LoadPath.Keys;
        if (connections > users && paths.Contains(LoadPath.IngestKey))
        {
            throw new CommandException(
                $"--connections {connections} is more than --users {users}: each connection sends events of users of its own.");
        }

        return new(
            parsed.GetValue(_url)!, connections, TimeSpan.FromSeconds(parsed.GetValue(_duration)), users, parsed.GetValue(_events),
            parsed.GetValue(_rate), paths, parsed.GetValue(_rate) is null && bool.Parse(parsed.GetValue(_saturation)!));
    }
}

/// <summary>What the options say.</summary>
/// <param name="Rate">Requests per second of an open loop; null for a closed one.</param>
/// <param name="Paths">Keys of the paths to measure.</param>
internal sealed record LoadSettings(
    Uri Url, int Connections, TimeSpan Duration, int Users, int Events, double? Rate, IReadOnlyList<string> Paths, bool FindsSaturation);
