using Microsoft.Playwright;
using ProfileService.Platform;
using ProfileService.Tests.Auth;
using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>What is changed and chosen on the page of a user.</summary>
[Needs(Need.Browser)]
public sealed class ConsoleEditTests(TestService service, KeyedService keyed, Browser browser)
    : IClassFixture<TestService>, IClassFixture<KeyedService>
{
    private const string Summary = "What is known of the user besides the events";

    [Fact]
    public async Task AttributesAreChangedWithTheirKindsAndTheProfileFollows()
    {
        await service.AcceptAsync(Event(1, "edited"));
        await service.FreshAsync("edited");
        await using var view = await OpenAsync("edited");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        await AddAsync(card, "age", "number", "41,5");
        await AddAsync(card, "code", "text", "007");
        await AddAsync(card, "member", "yes or no", "Yes");
        await AddAsync(card, "wrong", "text", "x");
        await card.GetByRole(AriaRole.Button, new() { Name = "Remove the new attribute" }).Last.ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await view.SaysAsync("The attributes are stored.");
        await Expect(view.Card("Attributes")).ToContainTextAsync("memberyes");
        Assert.Equal(
            """{"age":41.5,"code":"007","member":true}""",
            (await service.GetAsync("/v1/users/edited/attributes")).Json.GetProperty("attributes").GetRawText());
        await Expect(card.GetByLabel("Value of age")).ToHaveValueAsync("41.5");
        await Expect(card.GetByLabel("Kind of member")).ToHaveValueAsync("boolean");
        await card.GetByRole(AriaRole.Button, new() { Name = "Remove code" }).ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(card.GetByLabel("Value of code")).ToHaveCountAsync(0);
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task CommaIsADecimalSignUnlessItIsBetweenThousands()
    {
        await service.AcceptAsync(Event(1, "counted"));
        await service.FreshAsync("counted");
        await using var view = await OpenAsync("counted");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        string[] written = ["1,000", "-12,345,678.5", "0,125", "12,5", "1234,567"];
        foreach (var (i, number) in written.Index())
            await AddAsync(card, $"n{i}", "number", number);
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await view.SaysAsync("The attributes are stored.");
        Assert.Equal("""{"n0":1000,"n1":-12345678.5,"n2":0.125,"n3":12.5,"n4":1234.567}""", await AttributesAsync("counted"));
    }

    [Fact]
    public async Task WhatIsNotTouchedStaysAsItIsAndWhatOthersPutMeanwhileToo()
    {
        await service.AcceptAsync(Event(1, "kept"));
        await PutAsync("kept", """{" spaced ":" a ","age":34,"gone":1,"lines":"a\nb","other":"x","taken":1}""");
        await service.FreshAsync("kept");
        await using var view = await OpenAsync("kept");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        await card.GetByLabel("Value of age").FillAsync("35");
        await card.GetByRole(AriaRole.Button, new() { Name = "Remove gone" }).ClickAsync();
        await PutAsync("kept", """{" spaced ":" a ","age":36,"gone":1,"late":true,"lines":"a\nb","other":"y"}""");
        await card.GetByLabel("Name", new() { Exact = true }).Nth(3).FillAsync("renamed"); // that of the attribute other
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await view.SaysAsync("The attributes are stored.");
        Assert.Equal(
            """{" spaced ":" a ","age":35,"late":true,"lines":"a\nb","renamed":"y"}""", await AttributesAsync("kept"));
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task TextIsStoredWithoutSpacesAtItsEndsUnlessItHadThem()
    {
        await service.AcceptAsync(Event(1, "trimmed"));
        await PutAsync("trimmed", """{"before":" a","behind":"a ","lines":"a\nb","none":"a"}""");
        await service.FreshAsync("trimmed");
        await using var view = await OpenAsync("trimmed");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        foreach (var name in (string[])["before", "behind", "none"])
            await card.GetByLabel($"Value of {name}").FillAsync("  gold  ");
        await card.GetByLabel("Value of lines").FillAsync("a\n\nb ");
        await AddAsync(card, "zest", "text", " new ");
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await view.SaysAsync("The attributes are stored.");
        Assert.Equal(
            """{"before":"  gold","behind":"gold  ","lines":"a\n\nb","none":"gold","zest":"new"}""", await AttributesAsync("trimmed"));
    }

    [Fact]
    public async Task AttributesAreReadAgainEachTimeTheyAreOpenedUnlessSomethingWasWritten()
    {
        await service.AcceptAsync(Event(1, "opened"));
        await PutAsync("opened", """{"age":34}""");
        await service.FreshAsync("opened");
        await using var view = await OpenAsync("opened");
        var card = view.Card("Edit attributes");
        await view.Page.RouteAsync("**/attributes", route => route.FulfillAsync(new() { Status = 500 }), new() { Times = 1 });
        await card.GetByText(Summary).ClickAsync();
        await Expect(card.Locator(".note")).ToHaveTextAsync("The service answered 500.");
        await card.GetByText(Summary).ClickAsync();
        await card.GetByText(Summary).ClickAsync();
        await Expect(card.GetByLabel("Value of age")).ToHaveValueAsync("34");

        await PutAsync("opened", """{"age":35}""");
        await card.GetByText(Summary).ClickAsync();
        await card.GetByText(Summary).ClickAsync();
        await Expect(card.GetByLabel("Value of age")).ToHaveValueAsync("35");
        await card.GetByLabel("Value of age").FillAsync("36");
        var reads = Reads();
        await card.GetByText(Summary).ClickAsync();
        await card.GetByText(Summary).ClickAsync();
        await view.HasReadAsync();
        Assert.Equal(reads, Reads());
        await Expect(card.GetByLabel("Value of age")).ToHaveValueAsync("36");
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await view.SaysAsync("The attributes are stored.");
        Assert.Equal("""{"age":36}""", await AttributesAsync("opened"));

        int Reads() => view.Requests.Count(url => url.EndsWith("/attributes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FieldsWaitForTheSaveAndTheFocusStays()
    {
        await service.AcceptAsync(Event(1, "saving"));
        await PutAsync("saving", """{"age":34}""");
        await service.FreshAsync("saving");
        await using var view = await OpenAsync("saving");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        var held = new TaskCompletionSource<IRoute>();
        await view.Page.RouteAsync("**/attributes", async route =>
        {
            if (route.Request.Method == "PUT")
                held.SetResult(route);
            else
                await route.ContinueAsync();
        });
        await card.GetByLabel("Value of age").FillAsync("35");
        await card.GetByLabel("Value of age").PressAsync("Enter");

        var put = await held.Task;
        await Expect(card.GetByLabel("Value of age")).ToBeDisabledAsync();
        await put.ContinueAsync();
        await view.SaysAsync("The attributes are stored.");
        await Expect(card.GetByLabel("Value of age")).ToBeEnabledAsync();
        await Expect(card.GetByLabel("Value of age")).ToBeFocusedAsync();
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task ProfileThatCannotBeHadAfterTheSaveIsSaidToBeSo()
    {
        await service.AcceptAsync(Event(1, "unread"));
        await PutAsync("unread", """{"age":34}""");
        await service.FreshAsync("unread");
        await using var view = await OpenAsync("unread");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        await view.Page.RouteAsync("**/profile?*fresh=true", route => route.FulfillAsync(new() { Status = 503 }));
        await card.GetByLabel("Value of age").FillAsync("35");
        await card.GetByLabel("Value of age").PressAsync("Enter");
        await Expect(card.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("The attributes are stored, but the new profile is not shown yet: The service answered 503.");
        Assert.Equal("""{"age":35}""", await AttributesAsync("unread"));
    }

    [Theory]
    [InlineData("", "An attribute has no name.")]
    [InlineData("b", "Two attributes have the name b.")]
    public async Task NameThatNoAttributeCanHaveIsNotSent(string name, string said)
    {
        var user = $"misnamed-{name}";
        await service.AcceptAsync(Event(1, user));
        await PutAsync(user, """{"a":1,"b":2}""");
        await service.FreshAsync(user);
        await using var view = await OpenAsync(user);
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        await card.GetByLabel("Name", new() { Exact = true }).First.FillAsync(name);
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert)).ToHaveTextAsync(said);
        Assert.Equal("""{"a":1,"b":2}""", await AttributesAsync(user));
    }

    [Fact]
    public async Task ValueOfAnotherKindIsNotSent()
    {
        await service.AcceptAsync(Event(1, "mistyped"));
        await service.FreshAsync("mistyped");
        await using var view = await OpenAsync("mistyped");
        var card = view.Card("Edit attributes");
        await card.GetByText(Summary).ClickAsync();
        await AddAsync(card, "age", "number", "old");
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert)).ToHaveTextAsync("age: “old” is not a number.");
        Assert.Equal(404, (await service.GetAsync("/v1/users/mistyped/attributes")).Status);
    }

    [Fact]
    public async Task RecommendationsKeepToTheFilter()
    {
        const string Items = """
            [{"itemId":"yoga-001","categories":["mat"],"price":10},{"itemId":"yoga-002","categories":["mat"],"price":90}]
            """;
        Assert.Equal(200, (await service.PostAsync("/v1/items", Items)).Status);
        await service.AcceptAsync(Event(1, "filtered", "yoga-003"));
        await service.FreshAsync("filtered");
        await using var view = await OpenAsync("filtered");
        var card = view.Card("Recommendations");
        await card.Locator("summary").ClickAsync();
        await card.GetByLabel("Only categories").FillAsync("mat, rug");
        await Expect(card.Locator(".bars > li").Nth(2)).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(card.Locator(".bars > li")).ToHaveCountAsync(2);
        await card.GetByLabel("Price up to").FillAsync("20");
        await card.GetByLabel("Price up to").PressAsync("Enter");
        await Expect(card.Locator(".bars > li")).ToHaveCountAsync(1);
        await Expect(card.Locator(".bars > li")).ToContainTextAsync("yoga-001");
        await Expect(card.Locator("summary")).ToHaveTextAsync("Filters: 2 fields in use");

        await card.GetByLabel("Price up to").FillAsync("cheap");
        await card.GetByLabel("Price up to").PressAsync("Enter");
        await Expect(card.GetByRole(AriaRole.Alert)).ToContainTextAsync("maxPrice");
        await card.GetByRole(AriaRole.Button, new() { Name = "Without filters" }).ClickAsync();
        await Expect(card.Locator(".bars > li").Nth(2)).ToBeVisibleAsync();
        await Expect(card.Locator("summary")).ToHaveTextAsync("Filters");
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task AnswerToFormerFiltersComesToNothing()
    {
        await service.AcceptAsync(Event(1, "hasty", "yoga-003"));
        await service.FreshAsync("hasty");
        await using var view = await OpenAsync("hasty");
        var card = view.Card("Recommendations");
        var held = new TaskCompletionSource<IRoute>();
        await view.Page.RouteAsync("**/recommendations", held.SetResult, new() { Times = 1 });
        await card.Locator("summary").ClickAsync();
        await card.GetByLabel("Price up to").FillAsync("0.01");
        await card.GetByLabel("Price up to").PressAsync("Enter");
        var slow = await held.Task;
        await card.GetByRole(AriaRole.Button, new() { Name = "Without filters" }).ClickAsync();
        await Expect(card.Locator(".bars > li").Nth(2)).ToBeVisibleAsync();

        await view.AnswerLateAsync(slow, new() { ContentType = "application/json", Body = """{"items":[]}""" });
        await Expect(card.Locator(".bars > li").Nth(2)).ToBeVisibleAsync();
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task CategoryWithACommaStaysOne()
    {
        const string Items = """[{"itemId":"yoga-001","categories":["Shoes, Men","12\" pans","a"],"price":10}]""";
        Assert.Equal(200, (await service.PostAsync("/v1/items", Items)).Status);
        await service.PostAsync(
            "/v1/events",
            """
            {"userId":"comma","kind":"view","itemId":"yoga-001","timestamp":"2026-11-01T00:00:01Z","categories":["Shoes, Men","12\" pans","a"]}
            """);
        await service.FreshAsync("comma");
        await using var view = await OpenAsync("comma");
        await view.Find("#send-itemId").FillAsync("");
        await view.Find("#send-itemId").FillAsync("yoga-001");
        await Expect(view.Find("#send-categories")).ToHaveValueAsync("\"Shoes, Men\", \"12\"\" pans\", a");
        await view.Send.ClickAsync();
        await Expect(view.Find(".event")).ToHaveCountAsync(2);
        var events = (await service.GetAsync("/v1/users/comma/window")).Json.GetProperty("events");
        Assert.All(
            events.EnumerateArray(),
            e => Assert.Equal(["Shoes, Men", "12\" pans", "a"], e.GetProperty("categories").EnumerateArray().Select(c => c.GetString())));

        var card = view.Card("Recommendations");
        await card.Locator("summary").ClickAsync();
        await card.GetByLabel("Leave out").SelectOptionAsync("never");
        await card.GetByLabel("Only categories").FillAsync("\"Shoes, Men\" , no such");
        await card.GetByLabel("Only categories").PressAsync("Enter");
        await Expect(card.Locator(".bars > li")).ToHaveCountAsync(1);
        Assert.Empty(view.Errors);
    }

    [Fact]
    public async Task KeyThatMayNotWriteAttributesIsToldSo()
    {
        var all = await keyed.KeyAsync();
        await keyed.Service.PostAsync("/v1/events", Event(1, "kept").Json(), "application/json", KeyedService.Bearer(all));
        await keyed.Service.GetAsync("/v1/users/kept/profile?fresh=true", KeyedService.Bearer(all));
        await using var view = await browser.OpenAsync(keyed.Service.Client.BaseAddress!, BrowserView.UserAddress("kept"));
        await view.Find("#sign-in-key").FillAsync(await keyed.KeyAsync(Scopes.ProfilesRead));
        await view.Find("#sign-in-key").PressAsync("Enter");
        await Expect(view.Card("Edit attributes")).ToContainTextAsync("lacks attributes:write");
    }

    private static async Task AddAsync(ILocator card, string name, string kind, string value)
    {
        await card.GetByRole(AriaRole.Button, new() { Name = "Add an attribute" }).ClickAsync();
        await card.GetByLabel("Name", new() { Exact = true }).Last.FillAsync(name);
        await card.GetByLabel("Kind of the new attribute").Last.SelectOptionAsync(kind);
        await card.GetByLabel("Value of the new attribute").Last.FillAsync(value);
    }

    private async Task PutAsync(string userId, string attributes) =>
        Assert.Equal(200, (await service.PutAsync($"/v1/users/{userId}/attributes", attributes)).Status);

    private async Task<string> AttributesAsync(string userId) =>
        (await service.GetAsync($"/v1/users/{userId}/attributes")).Json.GetProperty("attributes").GetRawText();

    private Task<BrowserView> OpenAsync(string userId) => browser.OpenAsync(service.Client.BaseAddress!, BrowserView.UserAddress(userId));
}
