namespace ProfileService.Platform;

/// <summary>What one request of a route counts against <see cref="ReadLimits"/>.</summary>
/// <param name="Users">The cost, as the number of users in a lookup that would cost the same.</param>
internal sealed record ReadCost(int Users)
{
    public const int AnswerBytes = 64 << 10; // typical response size of a route that has a cost

    public static readonly ReadCost Row = new(10);
    public static readonly ReadCost Window = new(25);
    public static readonly ReadCost Query = new(250);

    /// <summary>Cost of a comparison with every user.</summary>
    public static readonly ReadCost Comparison = new(1_000);

    /// <summary>Cost of comparing a text with up to 100,000 others, which the store reads: some 0.3 s of a processor.</summary>
    public static readonly ReadCost Search = new(ReadLimits.UsersPerProcessor);

    /// <summary>Cost of running the model once for each event of a window: all that a processor takes on at a time.</summary>
    public static readonly ReadCost Explanation = new(ReadLimits.UsersPerProcessor);
}

internal static class ReadCostSetup
{
    private static readonly OverloadAnswer TooMany = new(ReadLimits.TooMany);

    /// <summary>
    /// Makes requests of the route count against <see cref="ReadLimits"/>. Requests beyond the limits are answered with 503.
    /// </summary>
    public static RouteHandlerBuilder Costs(this RouteHandlerBuilder route, ReadCost cost) =>
        route.WithMetadata(cost);

    /// <summary>
    /// Acquires a lease for each request of a route that has a cost. The lease ends when the response starts, because the work is done by
    /// then.
    /// </summary>
    public static void UseReadLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<ReadLimits>();
        app.Use(next => context =>
            context.GetEndpoint()?.Metadata.GetMetadata<ReadCost>() is { } cost
                ? RunLimitedAsync(context, cost, limits, next)
                : next(context));
    }

    private static async Task RunLimitedAsync(HttpContext context, ReadCost cost, ReadLimits limits, RequestDelegate next)
    {
        using var lease = await limits.TryAcquireAsync(cost.Users, context.RequestAborted);
        if (lease is null)
        {
            await TooMany.WriteAsync(context);
            return;
        }

        limits.HoldAnswer(context, ReadCost.AnswerBytes);
        context.Response.OnStarting(() =>
        {
            lease.Dispose();
            return Task.CompletedTask;
        });
        await next(context);
        if (context.RequestAborted.IsCancellationRequested)
            context.Abort(); // a response that Hosting:RequestTimeout cut off must not look complete
    }
}
