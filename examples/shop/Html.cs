using System.Net;
using ProfileService.Client;

namespace Shop;

/// <summary>The parts of page.html. All text is encoded.</summary>
internal static class Html
{
    public const string Checkout = """<form method="post" action="/checkout"><button>Buy</button></form>""";

    private static readonly string Template = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "page.html"));

    public static IResult Page(string? title, params string[] parts) =>
        Results.Content(Template.Replace("{title}", Text(title)).Replace("{main}", string.Concat(parts)), "text/html; charset=utf-8");

    /// <param name="from">The recommendations that the items are of, for their links; null if they are of none.</param>
    public static string List(string title, IEnumerable<IListedItem>? items, string? from = null)
    {
        var entries = (items ?? []).Select(item =>
            $"""<li><a href="/items/{Uri.EscapeDataString(item.ItemId)}{Query(from)}">{Text(item.Title)}</a><br>{item.Price:0.00}</li>""");
        return $"<section><h2>{Text(title)}</h2><ul>{string.Concat(entries)}</ul></section>";
    }

    public static string Interests(IEnumerable<Interest>? interests) => interests is null
        ? ""
        : $"""<p>You like {Text(string.Join(", ", interests.Select(interest => interest.Category)))}.</p>""";

    /// <param name="from">The recommendations that led to the item; null if none did.</param>
    public static string Product(CatalogueItem item, string? from) =>
        $"""
        <p>{Text(string.Join(", ", item.Categories ?? []))}, {item.Price:0.00}</p>
        <form method="post" action="/basket/{Uri.EscapeDataString(item.ItemId)}{Query(from)}"><button>Add to basket</button></form>
        """;

    private static string Query(string? from) => from is null ? "" : $"?from={Uri.EscapeDataString(from)}";

    private static string Text(string? text) => WebUtility.HtmlEncode(text) ?? "";
}
