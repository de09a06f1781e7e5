namespace ProfileService.Platform;

/// <summary>What one request of a route counts against <see cref="ReadLimits"/>.</summary>
/// <param name="Users">As many users of a lookup would take as much.</param>
internal sealed record ReadCost(int Users)
{
    public const int AnswerBytes = 64 << 10; // of a route that names a cost, about

    public static readonly ReadCost OfARow = new(10);
    public static readonly ReadCost OfAWindow = new(25);
    public static readonly ReadCost OfAQuery = new(250);

    /// <summary>Of running the model, or of comparing with every user.</summary>
    public static readonly ReadCost OfAComputation = new(1_000);
}

internal static class ReadCostSetup
{
    private static readonly OverloadAnswer TooMany = new(ReadLimits.TooMany);

    /// <summary>Makes requests of the route count against <see cref="ReadLimits"/>; what is beyond these is answered 503.</summary>
    public static RouteHandlerBuilder Costs(this RouteHandlerBuilder route, ReadCost cost) =>
        route.WithMetadata(cost);

    /// <summary>Takes turns for the routes that name a cost; a turn ends where the answer begins, for then the work is done.</summary>
    public static void UseReadLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<ReadLimits>();
        app.Use(next => context =>
            context.GetEndpoint()?.Metadata.GetMetadata<ReadCost>() is { } cost ? InTurnAsync(context, cost, limits, next) : next(context));
    }

    private static async Task InTurnAsync(HttpContext context, ReadCost cost, ReadLimits limits, RequestDelegate next)
    {
        using var turn = await limits.TryTakeTurnAsync(cost.Users, context.RequestAborted);
        if (turn is null)
        {
            await TooMany.WriteAsync(context);
            return;
        }

        limits.HoldAnswer(context, ReadCost.AnswerBytes);
        context.Response.OnStarting(() =>
        {
            turn.Dispose();
            return Task.CompletedTask;
        });
        await next(context);
        if (context.RequestAborted.IsCancellationRequested)
            context.Abort(); // an answer that Hosting:RequestTimeout cut off must not look whole
    }
}
