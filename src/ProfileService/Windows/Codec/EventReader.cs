using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using static ProfileService.Windows.Codec.WindowCodec;

namespace ProfileService.Windows.Codec;

/// <summary>
/// Reads the fields that a model uses from a window's bytes, event by event, oldest first. It allocates nothing: texts are UTF-8 bytes of
/// the window, and stay valid until the next event.
/// </summary>
/// <exception cref="InvalidDataException">Thrown by every method if the bytes are not a window of this version.</exception>
internal ref struct EventReader
{
    private ByteReader _events;
    private ReadOnlySpan<byte> _item;
    private UuidText _uuid; // of the item, if its id is one
    private bool _isUuid;

    public EventReader(ReadOnlySpan<byte> window)
    {
        _events = new ByteReader(window);
        CheckVersion(ref _events);
    }

    /// <summary>Index of the kind in <see cref="EventKinds"/>; -1 if it is not known.</summary>
    public int KnownKind { get; private set; }

    /// <summary>The kind if it is not known.</summary>
    public ReadOnlySpan<byte> NamedKind { get; private set; }

    public long Timestamp { get; private set; }

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Item => _isUuid ? _uuid : _item;

    public readonly bool HasCategory => CategoryCount > 0;

    public int CategoryCount { get; private set; }

    /// <summary>All categories as they are stored; equal lists have equal bytes.</summary>
    public ReadOnlySpan<byte> Categories { get; private set; }

    /// <summary>The first category, if there is one.</summary>
    public ReadOnlySpan<byte> Category { get; private set; }

    public readonly ReadOnlySpan<byte> CategoryAt(int index)
    {
        var list = new ByteReader(Categories);
        for (var i = 0; i < index; i++)
            list.ReadBytes();
        return list.ReadBytes();
    }

    public double? Value { get; private set; }

    public bool HasText { get; private set; }

    /// <summary>What the user wrote, if anything.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>What stays of the text if it was removed.</summary>
    public RemovedText? Removed { get; private set; }

    public void Skip(int events)
    {
        for (var i = 0; i < events; i++)
            _events.ReadBytes();
    }

    /// <summary>Moves to the next event; there must be one.</summary>
    public void Read()
    {
        var body = new ByteReader(_events.ReadBytes());
        var has = (Has)body.ReadByte();
        var kind = ReadKind(ref body, has);
        Timestamp = body.ReadSignedVarint() * MicrosecondsIn(has);
        if (IsNamedBehind(kind))
            NamedKind = body.ReadBytes();
        ReadItem(ref body);
        if ((has & Has.GivenId) != 0)
            body.SkipId();
        ReadCategories(ref body, has);
        Value = (has & Has.IntegerValue) != 0 ? body.ReadSignedVarint() : (has & Has.DoubleValue) != 0 ? body.ReadDouble() : null;
        ReadText(ref body, (has & Has.Text) != 0, (kind & WithoutText) != 0);
    }

    /// <summary>Returns the byte of the kind; 0 if it is stored by name here.</summary>
    private byte ReadKind(ref ByteReader body, Has has)
    {
        if ((has & Has.NamedKind) != 0)
        {
            KnownKind = -1;
            NamedKind = body.ReadBytes();
            return 0;
        }

        var kind = body.ReadByte();
        KnownKind = IsNamedBehind(kind) ? -1 : CheckedKind(kind);
        return kind;
    }

    private void ReadText(ref ByteReader body, bool isThere, bool isRemoved)
    {
        HasText = isThere && !isRemoved;
        Text = HasText ? body.ReadBytes() : default;
        Removed = isRemoved ? new RemovedText(isThere ? body.ReadSingle() : null) : null;
    }

    private void ReadItem(ref ByteReader body)
    {
        _item = body.ReadIdBytes(out _isUuid);
        if (_isUuid)
            new Guid(_item, bigEndian: true).TryFormat(_uuid, out _);
    }

    private void ReadCategories(ref ByteReader body, Has has)
    {
        var count = (has & Has.Categories) != 0 ? body.ReadByte() : 0;
        var rest = body.Rest;
        for (var i = 0; i < count; i++)
        {
            var category = body.ReadBytes();
            if (i == 0)
                Category = category;
        }

        CategoryCount = count;
        Categories = rest[..^body.Left];
    }

    [InlineArray(ByteWriter.UuidLength)]
    private struct UuidText
    {
        private byte _first;
    }
}
