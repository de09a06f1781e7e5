using ProfileService.Hosting;

namespace ProfileService.Events;

internal static class EventsSetup
{
    public static WebApplicationBuilder AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<EventOptions>("Events")
            .Validate(
                o => o.ExtraKinds.All(k => k.Length is >= 1 and <= EventParser.MaxIdLength && !k.Any(char.IsControl)),
                $"Events:ExtraKinds: a kind has 1 to {EventParser.MaxIdLength} characters and no control characters.");
        builder.Services
            .AddSingleton<EventParser>()
            .AddSingleton<IngestLimits>()
            .AddSingleton<EventIngest>()
            .AddSingleton<JsonEventReader>()
            .AddSingleton<NdjsonEventReader>();
        return builder;
    }
}
