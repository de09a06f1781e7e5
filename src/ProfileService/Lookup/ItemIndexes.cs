using ProfileService.Items;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>Keeps the index of the items up to date: a change of the catalogue is in it within a second.</summary>
internal sealed class ItemIndexes(ItemCatalogue catalogue, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private Look? _last;

    public ItemIndex Of(ItemVectors items)
    {
        var last = Volatile.Read(ref _last);
        if (last?.Items != items)
            _looking.Enter();
        else if (IsFresh(last) || !_looking.TryEnter())
            return last.Index; // also while another request looks, which may take long in a large catalogue

        try
        {
            if (_last is { } other && !ReferenceEquals(other, last) && other.Items == items)
                return other.Index; // another request has looked meanwhile
            var (version, at) = (catalogue.Version, time.GetTimestamp());
            return (_last = new Look(items, version, at, ItemIndex.Of(items, catalogue, time))).Index;
        }
        finally
        {
            _looking.Exit();
        }
    }

    private bool IsFresh(Look look) => look.Version == catalogue.Version || time.GetElapsedTime(look.At) < LookEvery;

    /// <param name="Version">Version of the catalogue.</param>
    private sealed record Look(ItemVectors Items, long Version, long At, ItemIndex Index);
}
