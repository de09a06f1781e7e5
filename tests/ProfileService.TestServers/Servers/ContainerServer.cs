using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace ProfileService.TestServers.Servers;

/// <summary>A server as a container of the Docker engine that answers.</summary>
internal sealed class ContainerServer : ITestServer
{
    private readonly IContainer _container;
    private Task _ended = Task.CompletedTask;

    /// <param name="port">The same on the host as in the container, so that it outlives a restart.</param>
    public ContainerServer(string image, int port, params string[] command) : this(Describe(image, command).WithPortBinding(port, port))
    {
    }

    /// <param name="house">The container whose network, and with it whose ports, this one shares.</param>
    public ContainerServer(string image, IContainer house, params string[] command)
        : this(Describe(image, command).WithCreateParameterModifier(container => container.HostConfig!.NetworkMode = $"container:{house.Id}"))
    {
    }

    private ContainerServer(ContainerBuilder container) => _container = container.Build();

    public bool HasEnded => _ended.IsCompleted;

    public async Task StartAsync()
    {
        await _container.StartAsync();
        _ended = _container.GetExitCodeAsync();
    }

    public async Task StopAsync()
    {
        await _container.ExecAsync(["kill", "-INT", "1"]);
        await _ended;
    }

    public Task KillAsync() => _container.StopAsync();

    public Task PauseAsync() => _container.PauseAsync();

    public Task ResumeAsync() => _container.UnpauseAsync();

    public async Task<string> OutputAsync()
    {
        var (output, errors) = await _container.GetLogsAsync(timestampsEnabled: false);
        return output + errors;
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();

    // To stop a container is to kill it; the gentle way is a signal to its first process.
    private static ContainerBuilder Describe(string image, string[] command) => new ContainerBuilder(image)
        .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "trust")
        .WithCommand(command)
        .WithCreateParameterModifier(container => container.StopSignal = "SIGKILL");
}
