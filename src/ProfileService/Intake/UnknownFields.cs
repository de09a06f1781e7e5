using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Names of fields that were passed over, as far as an answer tells them: a few, each of them short, and never a value.</summary>
internal sealed class UnknownFields
{
    public const int MaxNames = 16;

    private readonly List<string> _names = [];

    /// <summary>In the order in which they came; null where there are none.</summary>
    public IReadOnlyList<string>? Names => _names.Count > 0 ? _names : null;

    public void Add(string name)
    {
        if (_names.Count < MaxNames && ShortText.Of(name) is var text && !_names.Contains(text))
            _names.Add(text);
    }
}
