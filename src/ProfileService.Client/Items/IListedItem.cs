namespace ProfileService.Client;

/// <summary>An item as every list has it, whatever the list is of, so that one view can show them all.</summary>
public interface IListedItem
{
    /// <summary>As events name it.</summary>
    string ItemId { get; }

    /// <summary>For people; null if the catalogue does not have it.</summary>
    string? Title { get; }

    /// <summary>The most specific first; null if the catalogue does not have them.</summary>
    IReadOnlyList<string>? Categories { get; }

    /// <summary>In the unit of the events' values; null if the catalogue does not have it.</summary>
    double? Price { get; }
}
