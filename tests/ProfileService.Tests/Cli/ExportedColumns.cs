using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ProfileService.Client;

namespace ProfileService.Tests.Cli;

/// <summary>What <c>eng/node/columns.mjs</c> reads in a file of columns, and what should be there.</summary>
internal static class ExportedColumns
{
    public static async Task<(FileOfColumns About, List<ColumnsRow> Rows)> ReadAsync(string path)
    {
        await Tool.RunAsync(Repository.Path("eng/npm"));
        using var process = Process.Start(Tool.StartInfo("node", [Repository.Path("eng/node/columns.mjs"), path]))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (Parse<FileOfColumns>(lines[0]), [.. lines.Skip(1).Select(Parse<ColumnsRow>)]);
    }

    /// <summary>What <c>GET /v1/profiles/export</c> says.</summary>
    public static async Task<List<ColumnsRow>> OfServiceAsync(TestService service)
    {
        var lines = Encoding.UTF8.GetString((await service.GetAsync("/v1/profiles/export?vectors=base64")).Body)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. lines[1..^1].Select(line => JsonElement.Parse(line)).Select(line => new ColumnsRow(
                line.GetProperty("userId").GetString()!,
                line.GetProperty("pseudonym").GetString()!,
                $"{line.GetProperty("revision")}",
                Microseconds(line.GetProperty("computedAt").GetDateTimeOffset()),
                line.GetProperty("vector").GetString()!)),
        ];
    }

    public static ColumnsRow Row(ExportedVector profile) => new(
        profile.UserId,
        profile.Pseudonym,
        $"{profile.Revision}",
        Microseconds(profile.ComputedAt),
        Convert.ToBase64String(MemoryMarshal.AsBytes(profile.Vector.Span)));

    /// <summary>The columns, as the readers call them.</summary>
    public static string[] Types(string format, int dimension) => format == "arrow"
        ?
        [
            "user_id: Utf8", "pseudonym: Utf8", "revision: Int64", "computed_at: Timestamp<MICROSECOND, UTC>",
            $"vector: FixedSizeList[{dimension}]<Float32>",
        ]
        :
        [
            "schema ", "user_id STRING", "pseudonym STRING", "revision INT64", "computed_at TIMESTAMP MICROS UTC", "vector LIST", "list ",
            "element FLOAT",
        ];

    private static string Microseconds(DateTimeOffset time) => $"{(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10}";

    private static T Parse<T>(string line) => JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)!;
}

/// <param name="Groups">Numbers of rows.</param>
internal sealed record FileOfColumns(string[] Types, Dictionary<string, string> Metadata, int[] Groups);

/// <param name="Microseconds">Since 1970, of computed_at.</param>
/// <param name="Vector">The base64 of its float32.</param>
internal sealed record ColumnsRow(string UserId, string Pseudonym, string Revision, string Microseconds, string Vector);
