using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>What takes in things of one kind that are posted one at a time, by the array or as a stream: events, items.</summary>
internal interface IIntake<T>
    where T : class
{
    /// <summary>What one of them is called in a message, such as "event".</summary>
    string Noun { get; }

    /// <summary>
    /// Reads the value that <paramref name="json"/> stands on and leaves it on the value's last token; null and why where it breaks a
    /// rule.
    /// </summary>
    /// <param name="unknown">Takes the names of fields that are passed over, where the door passes over any.</param>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    T? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem);

    /// <summary>Stores the batch and counts in the summary what became of it; when it returns what is counted survives a crash.</summary>
    Task StoreAsync(ParsedBatch<T> batch, IngestSummary summary, CancellationToken cancellationToken);
}
