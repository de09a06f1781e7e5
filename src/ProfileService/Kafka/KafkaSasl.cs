namespace ProfileService.Kafka;

/// <summary>How a user and a password are proved to brokers.</summary>
internal enum KafkaSasl
{
    Plain,
    ScramSha256,
    ScramSha512,
}
