namespace ProfileService.Kafka;

/// <summary>The SASL mechanism that logs in to the brokers.</summary>
internal enum KafkaSasl
{
    Plain,
    ScramSha256,
    ScramSha512,
}
