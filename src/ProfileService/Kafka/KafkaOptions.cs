using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using ProfileService.Platform.Settings;

namespace ProfileService.Kafka;

/// <summary>Section <c>Kafka</c>: a topic whose messages are events.</summary>
[Section("Kafka")]
internal sealed class KafkaOptions
{
    /// <summary>Brokers to ask first, as <c>host:port</c>, separated by commas. Default empty: nothing is consumed.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The topic that is consumed. Required with <see cref="BootstrapServers"/>.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Consumer group; processes of one service share the partitions by it. Default <c>profile-service</c>.</summary>
    [Required]
    public string Group { get; set; } = "profile-service";

    /// <summary>
    /// Topic to which messages go that cannot be read or break a rule. Default empty: they are counted, logged by offset and passed over.
    /// </summary>
    public string DeadLetterTopic { get; set; } = "";

    /// <summary>Maximum messages whose events are appended together. 1 to 10,000, default 4,000.</summary>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 4_000;

    /// <summary>
    /// After which the partitions of a process that died are given to others. The brokers have bounds of their own, usually 6 s to 30 min.
    /// 1 s to 30 min, default 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How the brokers are reached: Plaintext, Ssl, SaslPlaintext or SaslSsl. Default Plaintext.</summary>
    public SecurityProtocol Security { get; set; } = SecurityProtocol.Plaintext;

    /// <summary>How <see cref="Username"/> and <see cref="Password"/> are proved: Plain, ScramSha256 or ScramSha512, the default.</summary>
    public KafkaSasl SaslMechanism { get; set; } = KafkaSasl.ScramSha512;

    /// <summary>Required for SaslPlaintext and SaslSsl.</summary>
    public string Username { get; set; } = "";

    /// <summary>Required for SaslPlaintext and SaslSsl.</summary>
    public string Password { get; set; } = "";

    /// <summary>
    /// File in PEM with the certificate authorities that the brokers' certificates may come from, instead of those that the machine trusts.
    /// </summary>
    public string RootCertificate { get; set; } = "";

    /// <summary>File in PEM with the certificate that this process shows the brokers. Needs <see cref="ClientKey"/>.</summary>
    public string ClientCertificate { get; set; } = "";

    /// <summary>File in PEM with the key of <see cref="ClientCertificate"/>.</summary>
    public string ClientKey { get; set; } = "";

    /// <summary>Password of <see cref="ClientKey"/>, if it has one.</summary>
    public string ClientKeyPassword { get; set; } = "";

    public bool IsOn => BootstrapServers.Length > 0;

    public bool UsesTls => Security is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;

    public bool UsesSasl => Security is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;
}
