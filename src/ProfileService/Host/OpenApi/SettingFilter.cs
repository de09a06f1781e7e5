using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using ProfileService.Beacon;
using ProfileService.Events;
using ProfileService.Events.CloudEvents;
using ProfileService.Intake;
using ProfileService.Lookup;
using ProfileService.Windows;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>Describes limits that are settings, with the values of this process.</summary>
internal sealed class SettingFilter(IOptions<EventOptions> events, IOptions<LookupOptions> lookup, IOptions<IntakeOptions> intake)
    : ISchemaFilter
{
    private static readonly Type[] Events = [typeof(UserEvent), typeof(PageEvent), typeof(CloudEventData)];

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema own || context.MemberInfo is not PropertyInfo { DeclaringType: { } type } property)
            return;
        if (Events.Contains(type) && property.Name == nameof(UserEvent.Kind))
            own.Enum = [.. EventKinds.Known.Concat(events.Value.ExtraKinds).Distinct().Select(kind => JsonValue.Create(kind))];
        if (type == typeof(LookupRequest) || (type == typeof(BatchRankRequest) && property.Name == nameof(BatchRankRequest.UserIds)))
            own.MaxItems = lookup.Value.MaxUsers;
        if (type == typeof(SessionRequest) && property.Name == nameof(SessionRequest.Events))
            own.MaxItems = intake.Value.MaxArrayLength;
    }
}
