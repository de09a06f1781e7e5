using System.Net;

namespace ProfileService.Client;

/// <summary>The service refused a request, or what answered is no ProfileService.</summary>
public sealed class ProfileServiceException : Exception
{
    internal ProfileServiceException(string message, HttpStatusCode status, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>400 and 409: the request is wrong, as <see cref="Detail"/> says. 429 and 503: the service is busy, and was each time it was asked.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The problem's short name; null where the answer has none.</summary>
    public string? Title { get; internal init; }

    /// <summary>For people: what is wrong and what would be right.</summary>
    public string? Detail { get; internal init; }

    /// <summary>For programs, such as <c>missing_field</c>.</summary>
    public string? Code { get; internal init; }

    /// <summary>The field at fault.</summary>
    public string? Field { get; internal init; }

    /// <summary>How long the service asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Why each of the entries sent was rejected, where that is the reason.</summary>
    public IReadOnlyList<EntryProblem> Problems { get; internal init; } = [];
}
