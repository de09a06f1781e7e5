using System.Text.Json;
using ProfileService.Tests.Host;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Platform;

/// <summary>What holds for the query and the path of every route, whichever there are.</summary>
public sealed class RequestRulesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task ParameterThatARouteDoesNotKnowIs400ThatNamesItAndWhatThereIs()
    {
        var routes = await Route.AllAsync(service);
        Assert.True(routes.Count >= 17, $"{routes.Count} routes"); // health takes what a probe adds
        foreach (var route in routes)
        {
            foreach (var query in new[] { "?bogus=1", "?bogus", "?bogus=", "?b%6Fgus=1", "?bogus=1&bogus=2" })
            {
                var problem = (await route.SendAsync(service, query)).Problem(400);
                Assert.Equal(("unknown_parameter", "bogus"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
                var detail = problem.GetProperty("detail").GetString()!;
                Assert.StartsWith("bogus is not a parameter of this address", detail, StringComparison.Ordinal);
                Assert.All(route.Parameters, name => Assert.Contains(name, detail, StringComparison.Ordinal));
                Assert.Equal(route.Parameters.Count == 0, detail.Contains("no query parameters", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task ParameterThatARouteKnowsIsTakenInAnyCaseAndOnce()
    {
        foreach (var route in await Route.AllAsync(service))
        {
            foreach (var name in route.Parameters)
            {
                foreach (var written in new[] { name, name.ToUpperInvariant(), $"%{(int)name[0]:X2}{name[1..]}" })
                    Assert.NotEqual(400, (await route.SendAsync(service, $"?{written}={GoodValue(route, name)}")).Status);
                var twice = await route.SendAsync(service, $"?{name}={GoodValue(route, name)}&{name.ToUpperInvariant()}={GoodValue(route, name)}");
                if (name is not ("categories" or "attributes")) // which are many
                    Assert.Equal(("repeated_parameter", name), CodeAndField(twice.Problem(400)));
            }
        }
    }

    [Fact]
    public async Task ValueThatIsNotEncodedUtf8Is400ThatNamesItsParameter()
    {
        foreach (var route in await Route.AllAsync(service))
        {
            foreach (var name in route.Parameters.Except(["fresh", "excludeSeen", "ids", "texts", "count", "limit", "wait", "erasedAfter"]))
            {
                foreach (var value in new[] { "%FF", "caf%E9", "a%C3", "%ED%A0%80" })
                {
                    var problem = (await route.SendAsync(service, $"?{name}={value}")).Problem(400);
                    Assert.Equal(("invalid_text", name), CodeAndField(problem));
                }

                foreach (var value in new[] { "%zz", "100%", "%2" })
                {
                    var answer = await RawRequest.SendAsync(service.Client.BaseAddress!, $"{route.Method} {route.Path}?{name}={value} HTTP/1.1", "{}");
                    Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
                    Assert.Contains($"\"code\":\"invalid_text\",\"field\":\"{name}\"", answer, StringComparison.Ordinal);
                }
            }
        }

        Assert.Equal(200, (await service.GetAsync("/v1/items?query=100%25+%C3%A9+%F0%9F%98%80+%25")).Status);
    }

    [Fact]
    public async Task AnswerNamesNoMoreThanEightWrongParameters()
    {
        var query = string.Join('&', Enumerable.Range(0, 100).Select(i => $"bogus{i}"));
        var detail = (await service.GetAsync($"/v1/users?{query}")).Problem(400).GetProperty("detail").GetString()!;
        Assert.Equal(8, detail.Split("is not a parameter").Length - 1);
    }

    [Theory]
    [InlineData("/v1/users/u1/profile?fresh=1", "wrong_type", "fresh", "fresh must be true or false.")]
    [InlineData("/v1/users/u1/profile?fresh=yes", "wrong_type", "fresh", "fresh must be true or false.")]
    [InlineData("/v1/users/u1/profile?fresh", "wrong_type", "fresh", "fresh is empty. It must be true or false; leave it out for the default.")]
    [InlineData("/v1/users/u1/profile?fresh=%00", "wrong_type", "fresh", "fresh must be true or false.")]
    [InlineData("/v1/users/u1/profile?include=vektor", "unknown_part", "include", "include takes vector, dimensions and explanation, separated by commas.")]
    [InlineData("/v1/users?count=abc", "wrong_type", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("/v1/users?count=1.5", "wrong_type", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("/v1/users?count=", "wrong_type", "count", "count is empty. It must be a whole number, 1 to 1,000; leave it out for the default.")]
    [InlineData("/v1/users?count=0", "out_of_range", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("/v1/users?count=5000000000", "out_of_range", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("/v1/users?count=5000000000000000000000", "wrong_type", "count", "count must be a whole number, 1 to 1,000.")]
    [InlineData("/v1/users?prefix=a%01", "control_character", "prefix", "prefix must not contain control characters.")]
    [InlineData("/v1/users/u1/recommendations?category=yoga", "unknown_parameter", "category", "category is not a parameter of this address, which has categories, count, include, excludeSeen.")]
    [InlineData("/v1/users/u1/recommendations?exclude_seen=", "unknown_parameter", "exclude_seen", "exclude_seen is not a parameter of this address, which has excludeSeen, include, categories, count.")]
    [InlineData("/v1/users/u1/recommendations?excludeSeen=", "wrong_type", "excludeSeen", "excludeSeen is empty. It must be true or false; leave it out for the default.")]
    [InlineData("/v1/users/u1/similar?cuont=3", "unknown_parameter", "cuont", "cuont is not a parameter of this address, which has count.")]
    [InlineData("/v1/users/u1/window?=1", "unknown_parameter", "", "A parameter without a name is not a parameter of this address, which has no query parameters.")]
    [InlineData("/v1/users/u1/recommendations?top=3&excludeSeen=0", "unknown_parameter", "top", "top is not a parameter of this address, which has count, include, categories, excludeSeen. excludeSeen must be true or false.")]
    public async Task BadQueryIsToldWholeAndInPlainWords(string path, string code, string field, string detail)
    {
        await service.PostAsync("/v1/events", Event(1).Json());
        var problem = (await service.GetAsync(path)).Problem(400);
        Assert.Equal((code, field), CodeAndField(problem));
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task LongNameIsShownShort()
    {
        var problem = (await service.GetAsync($"/v1/users?{new string('x', 2_000)}=1")).Problem(400);
        Assert.Equal(64, problem.GetProperty("field").GetString()!.Length);
        Assert.True(problem.GetProperty("detail").GetString()!.Length < 200);
    }

    [Theory]
    [InlineData("/?utm_source=x")]
    [InlineData("/console/icon.svg?v=1")]
    [InlineData("/swagger/index.html?x=1")]
    [InlineData("/swagger/v1/swagger.json?x=1")]
    public async Task PagesAndTheirFilesTakeAnyQuery(string path) => Assert.Equal(200, (await service.GetAsync(path)).Status);

    [Theory]
    [InlineData("/v1/users?")]
    [InlineData("/v1/users?&")]
    [InlineData("/v1/users?prefix=")]
    public async Task EmptyQueryIsNone(string path) => Assert.Equal(200, (await service.GetAsync(path)).Status);

    [Fact]
    public async Task WrongMethodAndWrongAddressComeBeforeTheQuery()
    {
        Assert.Equal("method_not_allowed", CodeAndField((await service.GetAsync("/v1/events?bogus=1")).Problem(405)).Code);
        Assert.Equal("not_found", CodeAndField((await service.GetAsync("/v1/nothing?bogus=1")).Problem(404)).Code);
        Assert.Equal("unsupported_media_type", CodeAndField((await service.PostAsync("/v1/events?bogus=1", "{}", "text/plain")).Problem(415)).Code);
    }

    private static string GoodValue(Route route, string name) => name switch
    {
        "fresh" or "excludeSeen" or "ids" or "texts" => "true",
        "count" or "limit" => "5",
        "wait" => "0",
        "after" => "1.0.0.0.0", // a cursor, and a user's id
        "vectors" => "floats",
        "by" => "vectors",
        "erasedAfter" => "0", // no more than were erased
        "include" => route.Path.EndsWith("/recommendations", StringComparison.Ordinal) ? "reason" : "vector",
        _ => "a",
    };

    private static (string? Code, string? Field) CodeAndField(JsonElement problem) =>
        (problem.GetProperty("code").GetString(), problem.TryGetProperty("field", out var field) ? field.GetString() : null);
}
