using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>An event, and its bytes as they are in a window: length, then body.</summary>
internal sealed record SampleEvent(WindowEvent Event, byte[] Record)
{
    private const int VersionBytes = 1;

    /// <summary>The record without its length, for layouts that keep lengths themselves.</summary>
    public byte[] Body => new ByteReader(Record).ReadBytes().ToArray();

    /// <summary>The given id as it lies in the record, its length included; empty where there is none.</summary>
    public byte[] GivenId
    {
        get
        {
            if (Event.GivenId is not { } id)
                return [];
            var output = new ByteWriter(stackalloc byte[64]);
            output.WriteId(id);
            return output.Written.ToArray();
        }
    }

    public static SampleEvent Of(WindowEvent e) => new(e, WindowCodec.Encode(new Window(e.UserId, [e]))[VersionBytes..]);

    /// <summary>Stands for the rules, which are left out: drops the first event of a full window and adds this one at the end.</summary>
    public EncodedWindow PushInto(EncodedWindow full)
    {
        var fallen = WindowCodec.LengthOfFirst(full.Bytes.AsSpan(VersionBytes));
        return new EncodedWindow(full.Revision + 1, [.. full.Bytes.AsSpan(0, VersionBytes), .. full.Bytes.AsSpan(VersionBytes + fallen), .. Record]);
    }
}
