using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>A user whose profile cannot be read now is not taken for one without a profile.</summary>
public sealed class UnavailableUsersTests
{
    private static readonly string[] Users = ["a", "b"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RowWithoutAVectorSaysNothingWhileSomeCannotBeRead()
    {
        var matrix = await ClientOf(unavailable: "1").LookupVectorsAsync(Users, Token);
        Assert.Equal((1, false, true), (matrix.Unavailable, matrix.HasVector(0), matrix.HasVector(1)));
        Assert.False(matrix.IsMissing(1));
        Assert.Contains("1 profiles cannot be read", Assert.Throws<InvalidOperationException>(() => matrix.IsMissing(0)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => matrix.Missing);
        Assert.Equal([null, [.6f, .8f]], matrix.ToRows());
    }

    [Fact]
    public async Task RowWithoutAVectorIsThatOfAUserWithoutAProfileWhereAllCanBeRead()
    {
        var matrix = await ClientOf(unavailable: null).LookupVectorsAsync(Users, Token);
        Assert.Equal((0, true), (matrix.Unavailable, matrix.IsMissing(0)));
        Assert.Equal(["a"], matrix.Missing);
    }

    [Fact]
    public async Task ScoresSayHowManyUsersCannotBeRead()
    {
        Assert.Equal(1, (await ClientOf(unavailable: "1").ScoreItemsOfUsersAsync(Users, ["i", "j"], Token)).Unavailable);
        Assert.Equal(0, (await ClientOf(unavailable: null).ScoreItemsOfUsersAsync(Users, ["i", "j"], Token)).Unavailable);
    }

    private static ProfileServiceClient ClientOf(string? unavailable)
    {
        var server = new StubServer(() =>
        {
            var bytes = MemoryMarshal.AsBytes<float>([float.NaN, float.NaN, .6f, .8f]).ToArray();
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) };
            answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            answer.Headers.Add("X-Profile-Model", "m/1");
            answer.Headers.Add("X-Profile-Dimension", "2");
            if (unavailable is not null)
                answer.Headers.Add("X-Profile-Unavailable", unavailable);
            return answer;
        });
        return new(new HttpClient(server) { BaseAddress = new Uri("http://service") });
    }
}
