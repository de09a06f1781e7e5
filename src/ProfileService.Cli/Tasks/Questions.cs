using System.Text.Json;
using ProfileService.Model;

namespace ProfileService.Cli.Tasks;

/// <summary>What people can be asked: what comes next, whether they come back, and who they are. As questions.py in training.</summary>
internal static class Questions
{
    private const long Day = 86_400_000_000; // microseconds
    private const int Horizon = 14; // days within which somebody comes back or does not
    private const double MinOfValue = 0.15; // share of the people that a value of many must have

    public static IReadOnlyList<Question> Of(People people)
    {
        var all = people.Asked.Index().Select(p => (Row: p.Index, Person: p.Item)).ToList();
        var next = all.Where(p => p.Person.HasNext).ToList();
        Question?[] asked =
        [
            Question.Among(
                $"categories of the next {Person.Next}",
                Answers(next, p => p.NextEvents.SelectMany(e => e.Categories ?? []).ToHashSet())),
            Question.Number(
                $"mean rating of the next {Person.Next}",
                Answers([.. next.Where(p => RatingsOf(p.Person).Any())], p => RatingsOf(p).Average())),
            Question.YesOrNo("comes back after a day", Answers(next, p => p.Later[^1].Timestamp - p.Known.Events[^1].Timestamp > Day)),
            Question.YesOrNo(
                $"comes back within {Horizon} days",
                Answers([.. all.Where(p => p.Person.AskedAt + (Horizon * Day) <= people.End)], ComesBackSoon)),
            Question.YesOrNo($"buys in the next {Person.Next}", Answers(next, p => p.NextEvents.Any(e => e.Kind == "purchase"))),
            .. all.SelectMany(p => p.Person.Facts.Keys).Distinct().Order(StringComparer.Ordinal).Select(name => OfFact(name, all)),
        ];
        return [.. asked.OfType<Question>()];
    }

    private static IEnumerable<double> RatingsOf(Person person) => KnownCounts.Ratings(person.NextEvents);

    private static bool ComesBackSoon(Person person) =>
        person.Later.Any(e => e.Timestamp - person.AskedAt is > Day and <= Horizon * Day);

    /// <summary>A number, a list, one of two, or one of several.</summary>
    private static Question? OfFact(string name, List<(int Row, Person Person)> all)
    {
        var known = all.Where(p => p.Person.Facts.ContainsKey(name)).ToList();
        if (known.TrueForAll(p => p.Person.Facts[name].ValueKind == JsonValueKind.Array))
            return Question.Among(name, Answers(all, p => p.Facts.TryGetValue(name, out var list) ? TextsOf(list) : []));
        if (known.TrueForAll(p => p.Person.Facts[name].ValueKind == JsonValueKind.Number))
            return Question.Number(name, Answers(known, p => p.Facts[name].GetDouble()));
        var values = known.Select(p => AttributeText.Of(p.Person.Facts[name])).Distinct().Order(StringComparer.Ordinal).ToList();
        return values.Count == 2
            ? Question.YesOrNo(name, Answers(known, p => AttributeText.Of(p.Facts[name]) == values[1]))
            : Question.Among(
                name,
                Answers(all, p => p.Facts.TryGetValue(name, out var value) ? [AttributeText.Of(value)] : new HashSet<string>()),
                MinOfValue);
    }

    private static HashSet<string> TextsOf(JsonElement list) => [.. list.EnumerateArray().Select(AttributeText.Of)];

    private static List<(int Row, T Answer)> Answers<T>(List<(int Row, Person Person)> people, Func<Person, T> answer) =>
        [.. people.Select(p => (p.Row, answer(p.Person)))];
}
