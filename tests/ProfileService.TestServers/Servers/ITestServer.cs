namespace ProfileService.TestServers.Servers;

/// <summary>A server that a test can stop, pause and start again at the same address with the same data.</summary>
internal interface ITestServer : IAsyncDisposable
{
    bool HasEnded { get; }

    Task StartAsync();

    /// <summary>Ends the server as an operator would; it saves what it has to.</summary>
    Task StopAsync();

    /// <summary>Ends the server at once, as <c>kill -9</c> does.</summary>
    Task KillAsync();

    /// <summary>Holds the server still; its connections stay open and get no answer.</summary>
    Task PauseAsync();

    Task ResumeAsync();

    /// <summary>The last lines that the server printed.</summary>
    Task<string> OutputAsync();
}
