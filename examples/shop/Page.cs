using System.Globalization;
using System.Net;
using ProfileService.Client;

namespace Shop;

/// <summary>The shop's HTML. Everything that is no markup is encoded.</summary>
internal static class Page
{
    public const string Checkout = """<form method="post" action="/checkout"><button>Buy</button></form>""";

    public static IResult Of(string title, params string[] parts) => Results.Content(
        $$"""
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{Text(title)}}</title>
        <style>
        body { font: 16px system-ui; max-width: 60rem; margin: 1rem auto; padding: 0 1rem }
        ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 1rem; padding: 0; list-style: none }
        li { border: 1px solid #ccc; border-radius: .5rem; padding: 1rem }
        </style>
        <header><a href="/">Shop</a> · <a href="/basket">Basket</a>
        <form action="/search"><input name="q" aria-label="Search"> <button>Search</button></form></header>
        <main><h1>{{Text(title)}}</h1>{{string.Concat(parts)}}</main></html>
        """,
        "text/html; charset=utf-8");

    /// <param name="from">The recommendations that the items are of, for their links; null if they are of none.</param>
    public static string List(string title, IEnumerable<CatalogueItem> items, string? from = null) =>
        $"<section><h2>{Text(title)}</h2><ul>{string.Concat(items.Select(item => Entry(item, from)))}</ul></section>";

    public static string Interests(IReadOnlyList<string> categories) =>
        categories is [] ? "" : $"""<p class="interests">You care for {Text(string.Join(", ", categories))}.</p>""";

    public static string Product(CatalogueItem item) =>
        $"""
        <p>{Text(string.Join(", ", item.Categories ?? []))}, {Price(item)}</p>
        <form method="post" action="/basket/{Uri.EscapeDataString(item.ItemId)}"><button>Add to basket</button></form>
        """;

    private static string Entry(CatalogueItem item, string? from) =>
        $"""<li><a href="/items/{Uri.EscapeDataString(item.ItemId)}{Query(from)}">{Text(item.Title)}</a><br>{Price(item)}</li>""";

    private static string Query(string? from) => from is null ? "" : $"?from={Uri.EscapeDataString(from)}";

    private static string Price(CatalogueItem item) => item.Price?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private static string Text(string? text) => WebUtility.HtmlEncode(text) ?? "";
}
