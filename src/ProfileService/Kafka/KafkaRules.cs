using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ProfileService.Kafka;

/// <summary>Checks settings of Kafka that depend on each other. No message repeats a value.</summary>
internal sealed partial class KafkaRules : IValidateOptions<KafkaOptions>
{
    private const string TopicRule = "must be the name of a topic: 1 to 249 letters, digits, points, hyphens and underscores.";

    public ValidateOptionsResult Validate(string? name, KafkaOptions options)
    {
        var problems = (options.IsOn ? Problems(options) : ProblemsOfNothing(options)).Select(p => $"Kafka:{p}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(KafkaOptions options) =>
        ProblemsOfTopics(options).Concat(ProblemsOfSasl(options)).Concat(ProblemsOfTls(options));

    private static IEnumerable<string> ProblemsOfNothing(KafkaOptions options) =>
        from setting in new (string Name, string Value)[]
        {
            (nameof(options.Topic), options.Topic), (nameof(options.DeadLetterTopic), options.DeadLetterTopic),
            (nameof(options.Username), options.Username), (nameof(options.Password), options.Password),
            (nameof(options.RootCertificate), options.RootCertificate), (nameof(options.ClientCertificate), options.ClientCertificate),
            (nameof(options.ClientKey), options.ClientKey), (nameof(options.ClientKeyPassword), options.ClientKeyPassword),
        }
        where setting.Value.Length > 0
        select $"{setting.Name} is set, but Kafka:BootstrapServers is empty, so that nothing would be consumed. "
            + "Name the brokers, or remove it.";

    private static IEnumerable<string> ProblemsOfTopics(KafkaOptions options)
    {
        if (!options.BootstrapServers.Split(',').All(server => Server().IsMatch(server.Trim())))
            yield return "BootstrapServers must be host:port, several of them separated by commas.";
        if (!IsTopic(options.Topic))
            yield return $"Topic {TopicRule}";
        if (options.DeadLetterTopic.Length > 0 && !IsTopic(options.DeadLetterTopic))
            yield return $"DeadLetterTopic {TopicRule}";
        if (options.DeadLetterTopic.Length > 0 && options.DeadLetterTopic == options.Topic)
            yield return "DeadLetterTopic is Kafka:Topic, so that a refused message would come back for ever. Name another topic.";
    }

    private static IEnumerable<string> ProblemsOfSasl(KafkaOptions options)
    {
        foreach (var (name, value) in ((string, string)[])[("Username", options.Username), ("Password", options.Password)])
        {
            if (options.UsesSasl && value.Length == 0)
                yield return $"{name} is required, because Kafka:Security is {options.Security}.";
            if (!options.UsesSasl && value.Length > 0)
                yield return $"{name} is set, but Kafka:Security is {options.Security}, which asks for none. Use SaslSsl.";
        }
    }

    private static IEnumerable<string> ProblemsOfTls(KafkaOptions options)
    {
        foreach (var (name, file) in FilesOf(options))
        {
            if (!options.UsesTls)
                yield return $"{name} is set, but Kafka:Security is {options.Security}, so that nothing would be encrypted.";
            else if (ProblemOf(name, file) is { } problem)
                yield return $"{name} {problem}";
        }

        if (options.ClientCertificate.Length > 0 != options.ClientKey.Length > 0)
            yield return "ClientCertificate and Kafka:ClientKey go together: set both or none.";
        if (options.ClientKeyPassword.Length > 0 && options.ClientKey.Length == 0)
            yield return "ClientKeyPassword is set, but Kafka:ClientKey is not.";
    }

    private static IEnumerable<(string Name, string File)> FilesOf(KafkaOptions options)
    {
        (string, string)[] all =
        [
            (nameof(options.RootCertificate), options.RootCertificate),
            (nameof(options.ClientCertificate), options.ClientCertificate),
            (nameof(options.ClientKey), options.ClientKey),
        ];
        return all.Where(one => one.Item2.Length > 0);
    }

    private static string? ProblemOf(string name, string file)
    {
        try
        {
            if (name == nameof(KafkaOptions.ClientKey))
            {
                var isKey = File.ReadAllText(file).Contains("PRIVATE KEY", StringComparison.Ordinal);
                return isKey ? null : $"names {file}, in which there is no key in PEM.";
            }

            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0 ? null : $"names {file}, in which there is no certificate in PEM.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private static bool IsTopic(string name) => name is not ("." or "..") && Topic().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,249}\z")]
    private static partial Regex Topic();

    [GeneratedRegex(@"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}\z")]
    private static partial Regex Server();
}
