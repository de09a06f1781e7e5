using System.Buffers.Binary;
using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>
/// The packed value with room behind the newest event. An append writes its event there and a new head, and leaves the fallen event's
/// bytes where they are; where no room is left the value is written anew. The head: revision, touched, where the events begin and end.
/// </summary>
internal sealed class RoomyLayout(LayoutContext context) : IWindowLayout
{
    private const int BeginAt = RedisWindowValue.TouchedEnd;
    private const int EndAt = BeginAt + sizeof(int);
    private const int HeadBytes = EndAt + sizeof(int);
    private const int RoomShare = 8; // an eighth of the events' bytes
    private const int LeastRoom = 128;

    public string Name => "packed with room";

    /// <summary>Each user has another part of its room used up, so that they do not write their values anew at the same time.</summary>
    public Task FillAsync(string userId, IReadOnlyList<SampleEvent> events)
    {
        var value = ValueOf(LayoutContext.Revision, [.. events.SelectMany(e => e.Record)]);
        var (end, room) = (Read(value, EndAt), value.Length - Read(value, EndAt));
        var used = (int)(StableHash.Of(userId) % (uint)room);
        value.AsSpan(HeadBytes, end - HeadBytes).CopyTo(value.AsSpan(HeadBytes + used));
        Head(LayoutContext.Revision, HeadBytes + used, end + used).CopyTo(value, 0);
        return context.Database.StringSetAsync(context.Key(userId), value, TimeSpan.FromMilliseconds(LayoutContext.Ttl));
    }

    public async Task AppendAsync(string userId, SampleEvent added)
    {
        var key = context.Key(userId);
        byte[] value = (await context.Database.StringGetAsync(key))!;
        var (revision, begin, end) = (BinaryPrimitives.ReadInt64LittleEndian(value), Read(value, BeginAt), Read(value, EndAt));
        begin += SampleEvent.LengthOfFirst(value.AsSpan(begin));
        if (end + added.Record.Length <= value.Length)
        {
            await context.RunAsync(
                LayoutScripts.Roomy, userId, [key],
                value[..RedisWindowValue.RevisionEnd], Head(revision + 1, begin, end + added.Record.Length), end, added.Record);
        }
        else
        {
            byte[] events = [.. value.AsSpan(begin, end - begin), .. added.Record];
            await context.RunAsync(LayoutScripts.Whole, userId, [key], value[..RedisWindowValue.RevisionEnd], ValueOf(revision + 1, events));
        }
    }

    public async Task<int> ReadAsync(string userId)
    {
        byte[] value = (await context.Database.StringGetAsync(context.Key(userId)))!;
        return WindowCodec.CountEvents(value.AsSpan(Read(value, BeginAt) - 1, Read(value, EndAt) - Read(value, BeginAt) + 1));
    }

    public RedisKey[] KeysOf(string userId) => [context.Key(userId)];

    private static byte[] ValueOf(long revision, byte[] events) =>
        [.. Head(revision, HeadBytes, HeadBytes + events.Length), .. events, .. new byte[Math.Max(LeastRoom, events.Length / RoomShare)]];

    private static byte[] Head(long revision, int begin, int end)
    {
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteInt64LittleEndian(head, revision);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(RedisWindowValue.RevisionEnd), LayoutContext.Now);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(BeginAt), begin);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(EndAt), end);
        return head;
    }

    private static int Read(byte[] value, int at) => BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(at));
}
