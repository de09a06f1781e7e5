using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Tests.Privacy;

/// <summary>Which of a user's purposes hold in a process, in whatever order it takes its own changes and reads all of them.</summary>
public sealed class UserPurposesTests
{
    private const string All = "profile,explain,similar,train";

    private readonly UserHash _hashes = new();
    private readonly UserPurposes _purposes;

    public UserPurposesTests()
    {
        _hashes.Use(new byte[UserHash.KeyBytes]);
        var erased = new ErasedUsers(_hashes, new UserChanges(), TimeProvider.System);
        _purposes = new UserPurposes(_hashes, new UserAliases(erased), Options.Create(new PurposeOptions()));
    }

    [Theory]
    [InlineData("", All)] // all is the default
    [InlineData(All, "")]
    [InlineData("explain", "profile")]
    public void ChangeThatIsReadLateDoesNotReplaceALaterOne(string one, string other)
    {
        var (first, second) = (PurposeNames.Parse(one)!.Value, PurposeNames.Parse(other)!.Value);
        _purposes.Take(Row(2, second));
        _purposes.TakeRead([Row(1, first)]);
        Assert.Equal(second, _purposes.Of("ada"));
        _purposes.TakeRead([Row(2, second), Row(3, first)]);
        Assert.Equal(first, _purposes.Of("ada"));
    }

    [Theory]
    [InlineData("", All)]
    [InlineData(All, "")]
    public void ChangeOfThisProcessThatIsTakenLateDoesNotReplaceALaterOne(string one, string other)
    {
        var (first, second) = (PurposeNames.Parse(one)!.Value, PurposeNames.Parse(other)!.Value);
        _purposes.Take(Row(2, second));
        _purposes.Take(Row(1, first));
        Assert.Equal(second, _purposes.Of("ada"));
        _purposes.TakeRead([Row(1, first), Row(2, second)]);
        _purposes.Take(Row(1, first));
        Assert.Equal(second, _purposes.Of("ada"));
    }

    [Fact]
    public void ChangesOfOthersAreTakenAsTheyAreRead()
    {
        _purposes.Take(Row(5, Purpose.None));
        _purposes.TakeRead([Row(1, Purpose.None, "ben"), Row(4, Purpose.Profile, "ben")]);
        Assert.Equal((Purpose.None, Purpose.Profile), (_purposes.Of("ada"), _purposes.Of("ben")));
        Assert.Equal(4, _purposes.LastRead);
    }

    private PurposesRow Row(long sequence, Purpose purposes, string user = "ada") => new()
    {
        UserHash = _hashes.Of(user),
        Version = (int)sequence,
        Profile = purposes.HasFlag(Purpose.Profile),
        Explain = purposes.HasFlag(Purpose.Explain),
        Similar = purposes.HasFlag(Purpose.Similar),
        Train = purposes.HasFlag(Purpose.Train),
        SetAt = DateTime.UnixEpoch,
        IsLatest = true,
        Sequence = sequence,
    };
}
