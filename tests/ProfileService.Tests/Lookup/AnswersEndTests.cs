using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>Every answer ends, whatever its length: around the edge of each buffer that it goes through, and on a connection that is kept.</summary>
public sealed class AnswersEndTests(AnswersEndTests.Fixture fixture) : IClassFixture<AnswersEndTests.Fixture>
{
    private const int MostUsers = 10_000;
    private const string Bytes = "application/octet-stream";
    private const string EmptyJson = """{"profiles":[],"missing":[]}""";

    private static readonly int[] Edges = [1 << 12, 1 << 14, 1 << 16, 1 << 17, 1 << 18];
    private static readonly TimeSpan NoHang = Eventually.Bound;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The tiny model's rows are 64 bytes long, so that the answers are a row less, as long and a row more than each buffer.</summary>
    public static TheoryData<int> Rows => new(Edges.SelectMany(edge => new[] { (edge / 64) - 1, edge / 64, (edge / 64) + 1 }).Concat([1, 5_000, MostUsers]));

    /// <summary>Bytes of the whole answer.</summary>
    public static TheoryData<int> Lengths => new(Edges.Append(1 << 20).SelectMany(edge => new[] { edge - 1, edge, edge + 1 }));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task MatrixOfAnyLengthEnds(int users)
    {
        string[] ids = [.. Enumerable.Range(0, users).Select(i => i % 3 == 0 ? $"u{i % Fixture.Known}" : $"nobody-{i}")];
        for (var again = 0; again < 2; again++) // the second one on the connection of the first
        {
            var reply = await LookUpAsync(ids, Bytes);
            Assert.Equal((200, users * fixture.Dimension * sizeof(float)), (reply.Status, reply.Body.Length));
            Assert.Equal(ids.Select(id => id[0] == 'n'), reply.Floats.Chunk(fixture.Dimension).Select(row => row.All(float.IsNaN)));
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task JsonOfAnyLengthEnds(int length)
    {
        var ids = IdsFor(length);
        var reply = await LookUpAsync(ids, "application/json");
        Assert.Equal((200, length), (reply.Status, reply.Body.Length));
        Assert.Equal(ids, reply.Json.GetProperty("missing").EnumerateArray().Select(id => id.GetString()!));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Fixture.Known)]
    [InlineData(1_000)] // over half a megabyte
    public async Task JsonOfKnownUsersEnds(int users)
    {
        var reply = await LookUpAsync([.. Enumerable.Range(0, users).Select(i => $"u{i % Fixture.Known}")], "application/json");
        Assert.Equal((200, users), (reply.Status, reply.Json.GetProperty("profiles").GetArrayLength()));
    }

    [Theory]
    [InlineData("profile", "application/json")]
    [InlineData("profile", Bytes)]
    [InlineData("profile?include=vector,dimensions,explanation", "application/json")]
    [InlineData("window", "application/json")] // over 256 KiB
    [InlineData("explanation", "application/json")]
    [InlineData("recommendations?count=1000", "application/json")]
    public async Task AnswersOfOneUserEnd(string address, string accept)
    {
        for (var again = 0; again < 2; again++)
        {
            var reply = await fixture.Service.GetAsync($"/v1/users/long/{address}", ("Accept", accept)).WaitAsync(NoHang, TimeProvider.System, Token);
            Assert.Equal(200, reply.Status);
            if (accept == Bytes)
                Assert.Equal(fixture.Dimension, reply.Floats.Length);
            else
                Assert.Equal("long", reply.Json.GetProperty("userId").GetString());
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/v1/users/u1/profile")]
    [InlineData("/v1/users/u1/window")]
    public async Task HeadEndsToo(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await fixture.Service.Client.SendAsync(request, Token).WaitAsync(NoHang, TimeProvider.System, Token);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(200, (await fixture.Service.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task OldClientsWithoutChunksGetAllOfIt()
    {
        var body = LookUp(IdsFor(1 << 17));
        using var client = await ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/profiles/lookup HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Token);
        await using var stream = new NetworkStream(client);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Token).WaitAsync(NoHang, TimeProvider.System, Token);
        Assert.Equal(1 << 17, answer.Length - answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4);
    }

    [Theory]
    [InlineData(Bytes)]
    [InlineData("application/json")]
    public async Task ClientsThatLeaveEarlyLeaveNothingBehind(string accept)
    {
        var body = LookUp([.. Enumerable.Range(0, MostUsers).Select(i => $"u{i % Fixture.Known}")]);
        for (var i = 0; i < 20; i++)
        {
            using var client = await ConnectAsync();
            await client.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/profiles/lookup HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Token);
            Assert.Equal(1, await client.ReceiveAsync(new byte[1], Token));
        }

        var limits = fixture.Service.Services.GetRequiredService<ReadLimits>();
        await Eventually.IsTrueAsync(() => Task.FromResult(limits.AnswerBytes == 0));
        Assert.Equal(200, (await LookUpAsync(["u1"], accept)).Status);
    }

    private Task<Reply> LookUpAsync(string[] ids, string accept) =>
        fixture.Service.PostAsync("/v1/profiles/lookup", LookUp(ids), headers: ("Accept", accept)).WaitAsync(NoHang, TimeProvider.System, Token);

    private static string LookUp(string[] ids) => JsonSerializer.Serialize(new { userIds = ids });

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(IPAddress.Loopback, fixture.Service.Client.BaseAddress!.Port, Token);
        return client;
    }

    /// <summary>Unknown ids whose answer has exactly this many bytes: each takes three more than it has characters, the first two.</summary>
    private static string[] IdsFor(int length)
    {
        const int Each = 123;
        var rest = length - EmptyJson.Length + 1;
        var ids = Enumerable.Range(0, (rest / Each) - 1).Select(i => $"{i:D120}").ToList();
        rest -= ids.Count * Each;
        ids.Add(new string('a', (rest / 2) - 3));
        ids.Add(new string('b', rest - (rest / 2) - 3));
        return [.. ids];
    }

    /// <summary>Some users that are known, and one with a long window.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public const int Known = 100;

        public TestService Service { get; } = new(("Lookup:MaxUsers", "10000"));

        public int Dimension { get; } = 16;

        public async ValueTask InitializeAsync()
        {
            await Service.AcceptAsync([.. Enumerable.Range(0, Known).Select(i => Event(i, $"u{i}"))]);
            await Service.AcceptAsync([.. Enumerable.Range(0, 100).Select(i => Event(i, "long", text: new string('x', 4_000)))]);
            await Service.Client.NobodyIsDueAsync();
        }

        public ValueTask DisposeAsync()
        {
            Service.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
