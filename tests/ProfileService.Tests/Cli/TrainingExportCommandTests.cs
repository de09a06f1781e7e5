using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class TrainingExportCommandTests
{
    [Fact]
    public async Task FilesAreThoseThatTrainingTakes()
    {
        using var service = new TestService();
        using var folder = new TempDirectory();
        await service.AcceptAsync(Event(1, user: "ada"), Event(2, user: "ada"), Event(1, user: "ben"));
        await service.PutAsync("/v1/users/ada/attributes", """{ "age": 34, "name": "Ada" }""");
        var receipt = (await service.SendAsync(HttpMethod.Delete, "/v1/users/ben", [])).Json.GetProperty("receipt").GetString();
        await Eventually.IsTrueAsync(async () =>
            await service.GetAsync($"/v1/erasures/{receipt}") is { Status: 200 } reply && reply.Json.GetProperty("state").GetString() != "pending"); // the ledger has it

        var file = folder.File("shop.ndjson");
        string[] url = ["--url", service.Client.BaseAddress!.ToString()];
        var (exitCode, output) = await CliProcess.RunAsync(["export", "--purpose", "train", "--output", file, "--attributes", "age", "--erased-after", "0", .. url]);
        Assert.Equal(0, exitCode);
        Assert.Contains("2 events of 1 users", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        string[] names = ["shop.attributes.ndjson", "shop.forget.txt", "shop.ledger.json", "shop.ndjson"];
        Assert.Equal(names, Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        var hashes = service.Services.GetRequiredService<UserHash>();
        Assert.All(File.ReadLines(file), line => Assert.Equal(hashes.Of("ada"), JsonElement.Parse(line).GetProperty("userId").GetString()));
        Assert.Equal("""{"age":34}""", JsonElement.Parse(File.ReadLines(folder.File(names[0])).Single()).GetProperty("attributes").GetRawText());
        Assert.Equal([hashes.Of("ben")], File.ReadLines(folder.File(names[1])));
        Assert.Equal(1, JsonElement.Parse(await File.ReadAllTextAsync(folder.File(names[2]), TestContext.Current.CancellationToken)).GetProperty("ledgerSequence").GetInt32());
    }

    [Theory]
    [InlineData("Name a USER, or write --purpose train or --profiles FOLDER.", "export")]
    [InlineData("--profiles goes with --format and --url alone.", "export", "u1", "--profiles", "f")]
    [InlineData("--profiles goes with --format and --url alone.", "export", "--ids", "--profiles", "f")]
    [InlineData("USER and --purpose exclude each other.", "export", "ada", "--purpose", "train", "--output", "x")]
    [InlineData("--purpose train needs --output FILE: it writes several files side by side.", "export", "--purpose", "train")]
    [InlineData("belong to --purpose train", "export", "ada", "--ids")]
    [InlineData("'sell' not recognized", "export", "--purpose", "sell")]
    public async Task WrongCommandLineIsExplained(string said, params string[] arguments)
    {
        var (exitCode, output) = await CliProcess.RunAsync(arguments);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(said, output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}
