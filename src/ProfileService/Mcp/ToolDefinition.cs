namespace ProfileService.Mcp;

/// <summary>A tool: the operation that it stands for, and what of it an agent sees.</summary>
/// <param name="Name">As agents call it.</param>
/// <param name="Operation">The operation of the API that answers.</param>
/// <param name="Description">When to call it and what it answers, for an agent that sees nothing else.</param>
/// <param name="Arguments">The operation's parameters and fields that it takes.</param>
internal sealed record ToolDefinition(string Name, string Title, string Operation, string Description, params string[] Arguments)
{
    /// <summary>What is added to each request's query.</summary>
    public string Query { get; init; } = "";

    /// <summary>
    /// Fields that are left out of the answer and its schema, by their paths: long, and of no use to an agent.
    /// </summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Whether only those events are listed without which the profile would change most.</summary>
    public bool KeepsTellingEvents { get; init; }
}
