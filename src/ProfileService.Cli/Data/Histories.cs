using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Cli.CommandLine;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Windows;
using Spectre.Console;

namespace ProfileService.Cli.Data;

/// <summary>The users' whole histories from an event file. Lines that the service would reject are left out, as in training.</summary>
internal sealed class Histories
{
    private const int ShownProblems = 5;
    private const int LinesPerProblem = 100; // a file with more than one problem in this many lines is probably the wrong file
    private const int EventsPerReport = 1_000;
    private static readonly TimeSpan AnyTime = TimeSpan.FromDays(365 * 1_000); // timestamps of a file are not compared with the clock

    // The order of ids in windows and in training. .NET's ordinal order of strings differs above U+FFFF.
    private static readonly Comparer<string> Utf8Order =
        Comparer<string>.Create((x, y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y)));

    private readonly EventParser _parser = new(Options.Create(new EventOptions { MaxFuture = AnyTime }), TimeProvider.System);
    private readonly OrderedDictionary<string, (List<WindowEvent> Events, HashSet<string> Ids)> _users = [];
    private readonly UnknownFields _unknown = new(); // an evaluation ignores unknown fields
    private readonly List<string> _problems = [];
    private long _read;
    private long _leftOut;

    /// <summary>The first problems of the file, and the number of events that were left out; empty if there are none.</summary>
    public IReadOnlyList<string> Problems => _leftOut > 0 ? [.. _problems, $"{_leftOut:N0} of {_read:N0} events were left out."] : [];

    /// <summary>
    /// The history of each user, oldest event first: ordered by timestamp, then by the given id, then by position in the file. Of several
    /// events with the same id, the first in the file is kept.
    /// </summary>
    public IEnumerable<Window> OfUsers() => _users.Select(u => new Window(u.Key, InOrder(u.Value.Events)));

    /// <summary>Reads a data set under a progress bar and shows its problems.</summary>
    /// <exception cref="InvalidDataException">Too many lines are invalid.</exception>
    public static Histories Read(DataSource data, ProgressContext progress, CancellationToken cancellationToken)
    {
        var file = EventFile.Open(data.Format, data.Path);
        var reading = progress.AddTask("Reading", maxValue: Math.Max(1, file.Length ?? 1)).IsIndeterminate(file.Length is null);
        var histories = Read(file, () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            reading.Value = file.Read();
        });
        reading.Value = reading.MaxValue;
        foreach (var problem in histories.Problems)
            Terminal.Warn(problem);
        return histories;
    }

    /// <param name="progress">Called after every 1,000 events.</param>
    /// <exception cref="InvalidDataException">Too many lines are invalid.</exception>
    public static Histories Read(EventFile file, Action progress)
    {
        var histories = new Histories();
        foreach (var (number, json) in file.Lines)
        {
            histories.Add(number, json);
            if (histories._read % EventsPerReport == 0)
                progress();
        }

        return histories._leftOut * LinesPerProblem > histories._read
            ? throw new InvalidDataException(string.Join('\n', histories.Problems))
            : histories;
    }

    private void Add(long number, string json)
    {
        _read++;
        if (Parse(json, out var problem) is { } e)
        {
            var (events, ids) = UserOf(e);
            if (ids.Add(e.EventId))
                events.Add(e);
        }
        else if (_leftOut++ < ShownProblems)
        {
            _problems.Add($"line {number}: {problem}");
        }
    }

    private (List<WindowEvent> Events, HashSet<string> Ids) UserOf(WindowEvent e)
    {
        if (!_users.TryGetValue(e.UserId, out var user))
            _users.Add(e.UserId, user = ([], []));
        return user;
    }

    private WindowEvent? Parse(string line, out string? problem)
    {
        try
        {
            var json = JsonText.Reader(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(line)));
            json.Read();
            var e = _parser.Parse(ref json, 0, _unknown, out var found);
            json.Read(); // throws if something follows the object
            problem = found is null ? null : $"{found.Code}: {found.Detail}";
            return e;
        }
        catch (JsonException e)
        {
            problem = $"malformed_json: {e.Message}";
            return null;
        }
    }

    private static List<WindowEvent> InOrder(List<WindowEvent> events) =>
        [.. events.OrderBy(e => e.Timestamp).ThenBy(e => e.GivenId ?? "", Utf8Order)]; // a stable sort
}
