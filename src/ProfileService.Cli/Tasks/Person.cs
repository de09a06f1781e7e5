using System.Text.Json;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>A user that questions are asked about.</summary>
/// <param name="Known">What vectors are computed from.</param>
/// <param name="Later">What the questions are about.</param>
/// <param name="AskedAt">The moment that divides them, in microseconds since 1970.</param>
/// <param name="Facts">Attributes and labels, never an input.</param>
internal sealed record Person(
    Window Known, IReadOnlyList<WindowEvent> Later, long AskedAt, IReadOnlyDictionary<string, JsonElement> Facts)
{
    /// <summary>Events after the known ones that a question is about.</summary>
    public const int Next = 5;

    public string UserId => Known.UserId;

    public bool HasNext => Later.Count >= Next;

    public IEnumerable<WindowEvent> NextEvents => Later.Take(Next);
}
