using System.Text.Json;

namespace ProfileService.TestServers.Fuzz;

/// <summary>What every answer has to be, whatever was asked.</summary>
internal static class AnswerRules
{
    private const string Problem = "application/problem+json";

    private static readonly int[] Refusals = [400, 404, 405, 408, 411, 413, 414, 431, 501, 505]; // that Kestrel gives by itself

    /// <summary>What is wrong with an answer; null where nothing is.</summary>
    public static string? Break(FuzzRequest request, Answer answer)
    {
        if (request.MayBeRefused && Refusals.Contains(answer.Status) && answer.Body.Length == 0)
            return null;
        if (answer.Status == 503 && answer.Header("retry-after").Length == 0)
            return "503 without Retry-After";
        if (answer.Status >= 500 && answer.Status != 503)
            return $"{answer.Status}";
        return answer.Status >= 400 && !request.HasNoBody ? BreakOfProblem(answer) : null;
    }

    private static string? BreakOfProblem(Answer answer)
    {
        if (!answer.Header("content-type").StartsWith(Problem, StringComparison.Ordinal))
            return $"{answer.Status} that is no {Problem}";
        try
        {
            var problem = JsonElement.Parse(answer.Body);
            if (!problem.TryGetProperty("code", out var code) || string.IsNullOrEmpty(code.GetString()))
                return $"{answer.Status} without code";
            return problem.TryGetProperty("detail", out var detail) && !string.IsNullOrEmpty(detail.GetString()) ? null
                : $"{answer.Status} without detail";
        }
        catch (JsonException)
        {
            return $"{answer.Status} whose body is no JSON";
        }
    }
}
