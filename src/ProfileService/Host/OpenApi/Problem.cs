using System.ComponentModel.DataAnnotations;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Host.OpenApi;

// Platform.Problems and the framework write it.
/// <summary>
/// Why a request failed (RFC 9457). The counts and problems are those of a batch of which every entry was rejected; line and byte say
/// where a body stops being JSON.
/// </summary>
/// <param name="Type">A link to what the status means.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">For people: what is wrong, and what to do.</param>
/// <param name="Code">For programs, such as unknown_user or missing_field. A code keeps its meaning.</param>
/// <param name="Field">The field, parameter or header at fault; left out if there is none.</param>
/// <param name="Line">Line of the body, from 1.</param>
/// <param name="Byte">Byte in that line, from 1.</param>
/// <param name="Accepted">Number of entries stored.</param>
/// <param name="Duplicates">Number of events already known.</param>
/// <param name="Late">Number of events too old for their window.</param>
/// <param name="Erased">Number of events of a time before their user was erased.</param>
/// <param name="Rejected">Number of entries that broke a rule.</param>
/// <param name="Problems">One for each rejected entry; the first 1,000.</param>
/// <param name="UnknownFields">Names of fields that nothing reads; the first 16.</param>
/// <param name="TraceId">Names the request in the log.</param>
internal sealed record Problem(
    string? Type,
    string Title,
    [Range(400, 599)] int Status,
    string Detail,
    [Text(64, "^[a-z_]+$")] string Code,
    string? Field,
    [Range(1d, double.PositiveInfinity)] long? Line,
    [Range(1d, double.PositiveInfinity)] long? Byte,
    long? Accepted,
    long? Duplicates,
    long? Late,
    long? Erased,
    long? Rejected,
    [MaxLength(IngestSummary.MaxProblems)] IReadOnlyList<EntryProblem>? Problems,
    [MaxLength(UnknownFields.MaxNames)] IReadOnlyList<string>? UnknownFields,
    string? TraceId);
