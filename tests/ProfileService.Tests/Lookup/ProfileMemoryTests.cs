using Microsoft.Extensions.Options;
using ProfileService.Lookup;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Tests.Lookup;

public sealed class ProfileMemoryTests
{
    private const int Most = 20;
    private static readonly long Bytes = Read("u0000").Encoded.Bytes;

    private readonly UserHash _hashes = new();
    private readonly ErasedUsers _erased;
    private readonly UserAliases _aliases;
    private readonly UserPurposes _purposes;

    public ProfileMemoryTests()
    {
        _hashes.Use(new byte[UserHash.KeyBytes]);
        _erased = new ErasedUsers(_hashes, new UserChanges(), TimeProvider.System);
        _aliases = new UserAliases(_erased);
        _purposes = new UserPurposes(_hashes, _aliases, Options.Create(new PurposeOptions()));
    }

    [Fact]
    public void HoldsNoMoreThanItMayAndKeepsWhatIsLookedUp()
    {
        var memory = MemoryOf(Most);
        for (var i = 0; i < 1_000; i++)
        {
            Keep(memory, i);
            Assert.NotNull(memory.Find("u0000"));
            Assert.Equal(Math.Min(i + 1, Most), memory.Count);
        }
    }

    [Fact]
    public void KeepsAllThatFit()
    {
        var memory = MemoryOf(Most);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < Most; i++)
            {
                Keep(memory, i);
                Assert.All(Enumerable.Range(0, round == 0 ? i + 1 : Most), user => Assert.NotNull(memory.Find($"u{user:D4}")));
            }
        }
    }

    [Fact]
    public void DropsWhatNobodyLookedUpFirst()
    {
        var memory = MemoryOf(Most);
        for (var i = 0; i < Most; i++)
            Keep(memory, i);
        for (var i = 0; i < Most; i += 2)
            memory.Find($"u{i:D4}");
        for (var i = Most; i < Most + (Most / 2); i++)
            Keep(memory, i);
        Assert.All(Enumerable.Range(0, Most), i => Assert.Equal(i % 2 == 0, memory.Find($"u{i:D4}") is not null));
    }

    [Fact]
    public void OneThatIsReplacedCountsOnce()
    {
        var memory = MemoryOf(Most);
        for (var i = 0; i < 10 * Most; i++)
            memory.Keep(Read("u0000", i), (_, _) => false);
        for (var i = 1; i < Most; i++)
            Keep(memory, i);
        Assert.Equal(Most, memory.Count);
        Assert.Equal((10 * Most) - 1, memory.Find("u0000")!.Profile.Revision);
    }

    [Fact]
    public void OneThatStaysIsReturnedAndOneThatDoesNotFitIsNotKept()
    {
        var memory = MemoryOf(Most);
        var first = Keep(memory, 0);
        Assert.Same(first, memory.Keep(Read("u0000"), (_, _) => true));
        Assert.NotNull(MemoryOf(0).Keep(Read("u0000"), (_, _) => false));
        Assert.Equal(0, MemoryOf(0).Count);
    }

    /// <summary>It was read before; what is kept of the user is of a later revision, which is of after the erasure.</summary>
    [Fact]
    public void OneOfBeforeAnErasureIsNotKeptAndTakesNoLaterOneAway()
    {
        var memory = MemoryOf(Most);
        _erased.Forget("u0000", _hashes.Of("u0000"), floor: 5);
        memory.Keep(Read("u0000", 5), (_, _) => false);
        Assert.Null(memory.Find("u0000"));
        memory.Keep(Read("u0000", 6), (_, _) => false);
        memory.Keep(Read("u0000", 5), (former, read) => former.Profile.Revision > read.Profile.Revision);
        Assert.Equal(6, memory.Find("u0000")!.Profile.Revision);
    }

    [Fact]
    public void OneOfAnAliasOrOfAUserWhoAllowsNoneIsNotKept()
    {
        var memory = MemoryOf(Most);
        _aliases.Take("u0001", new UserAlias("u0000", 0));
        _purposes.Take(new PurposesRow
        {
            UserHash = _hashes.Of("u0002"),
            Version = 1,
            Profile = false,
            Explain = true,
            Similar = true,
            Train = true,
            SetAt = DateTime.UnixEpoch,
            IsLatest = true,
            Sequence = 1,
        });
        for (var i = 0; i < 3; i++)
            Keep(memory, i);
        Assert.NotNull(memory.Find("u0000"));
        Assert.Null(memory.Find("u0001"));
        Assert.Null(memory.Find("u0002"));
    }

    [Fact]
    public async Task ReadersAndWritersAtOnceLeaveNoMoreThanFits()
    {
        var memory = MemoryOf(Most);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 20_000; i++)
            {
                var user = random.Next(2 * Most);
                if (memory.Find($"u{user:D4}") is not { } found)
                    Keep(memory, user);
                else
                    Assert.Equal($"u{user:D4}", found.Profile.UserId);
            }
        })));
        Assert.Equal(Most, memory.Count);
    }

    private static CachedProfile Keep(ProfileMemory memory, int user) => memory.Keep(Read($"u{user:D4}"), (_, _) => false);

    private static CachedProfile Read(string user, long revision = 1) => new(
        new Profile
        {
            UserId = user,
            Model = "m/1",
            Digest = "d",
            Revision = revision,
            EventCount = 1,
            EventsThrough = default,
            ComputedAt = default,
            Vector = new byte[16],
        },
        default);

    private ProfileMemory MemoryOf(int profiles) => new(
        Options.Create(new LookupOptions { MemoryBytes = profiles * Bytes }),
        new AvailableMemory(),
        _erased,
        new KeepingRule(_erased, _aliases, _purposes));
}
