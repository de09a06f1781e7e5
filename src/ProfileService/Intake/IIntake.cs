using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>Parses and stores posted entries of one kind: events, items or attributes. The readers of bodies feed it.</summary>
internal interface IIntake<T>
    where T : class
{
    /// <summary>What one entry is called in a message, such as "event".</summary>
    string Noun { get; }

    /// <summary>
    /// Parses the value at the reader's position and advances to the value's last token; returns null and a problem if it breaks a rule.
    /// </summary>
    /// <param name="unknown">Collects the names of ignored fields, if the endpoint ignores unknown fields.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    T? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem);

    /// <summary>Stores the batch and adds the outcome to the summary. After it returns, the counted entries survive a crash.</summary>
    Task StoreAsync(ParsedBatch<T> batch, IngestSummary summary, CancellationToken cancellationToken);
}
