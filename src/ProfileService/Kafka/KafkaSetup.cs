using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Kafka;

internal static class KafkaSetup
{
    /// <summary>Consumes events where the API is, if brokers are named.</summary>
    public static WebApplicationBuilder AddKafka(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<KafkaOptions>();
        builder.Services.AddSingleton<IValidateOptions<KafkaOptions>, KafkaRules>();
        if (!builder.Configuration.Read<KafkaOptions>().IsOn || !builder.Configuration.Does(HostingRole.Api))
            return builder;
        builder.Services
            .AddSingleton<TopicConsumer>()
            .AddSingleton<MessageFormat>()
            .AddSingleton<MessageIntake>()
            .AddSingleton<OwnObstacle>()
            .AddSingleton<RefusedUsers>()
            .AddSingleton<DeadLetters>()
            .AddSingleton<KafkaWorker>()
            .AddSingleton<KafkaHealth>()
            .AddHealthChecks().AddCheck<KafkaHealth>("kafka", tags: [HealthTag.Ready]);
        return builder;
    }
}
