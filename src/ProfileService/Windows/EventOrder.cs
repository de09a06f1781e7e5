using System.Text;

namespace ProfileService.Windows;

/// <summary>The order of events in a window: timestamp, then event id by its UTF-8 bytes, as every store compares them.</summary>
internal sealed class EventOrder : IComparer<WindowEvent>
{
    public static readonly EventOrder Instance = new();

    public int Compare(WindowEvent? x, WindowEvent? y)
    {
        var byTime = x!.Timestamp.CompareTo(y!.Timestamp);
        return byTime != 0 ? byTime : CompareUtf8(x.EventId, y.EventId);
    }

    private static int CompareUtf8(string x, string y) =>
        Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
}
