using ProfileService.Platform;

namespace ProfileService.Tests.Platform;

public sealed class DataFolderTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public void FolderThatTheStartMakesIsForItsAccountAlone()
    {
        using var parent = new TempDirectory();
        var made = parent.File("of/two");
        Assert.True(new DataFolder().Validate(null, new DataOptions { Directory = made }).Succeeded);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(made));
    }

    [Fact]
    public void FolderThatWasThereKeepsItsRights()
    {
        using var parent = new TempDirectory();
        var there = Directory.CreateDirectory(parent.File("there")).FullName;
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(there, OwnerOnly | UnixFileMode.GroupRead);
        Assert.True(new DataFolder().Validate(null, new DataOptions { Directory = there }).Succeeded);
        Assert.Equal(OwnerOnly | UnixFileMode.GroupRead, File.GetUnixFileMode(there));
    }
}
