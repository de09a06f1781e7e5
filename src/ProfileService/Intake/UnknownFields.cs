using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Collects the names of ignored fields for the response: a limited number of shortened names, never values.</summary>
internal sealed class UnknownFields
{
    public const int MaxNames = 16;

    private readonly List<string> _names = [];

    /// <summary>The names in order of first occurrence; null if there are none.</summary>
    public IReadOnlyList<string>? Names => _names.Count > 0 ? _names : null;

    public void Add(string name)
    {
        if (_names.Count < MaxNames && ShortText.Of(name) is var text && !_names.Contains(text))
            _names.Add(text);
    }
}
