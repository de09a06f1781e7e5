using System.Text;
using Microsoft.Extensions.Logging;

namespace ProfileService.Tests.Privacy;

/// <summary>All that a service logs, at every level.</summary>
internal sealed class LogText : ILoggerProvider, ILogger
{
    private readonly StringBuilder _text = new();

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }

    /// <summary>What was logged since the last call.</summary>
    public string Take()
    {
        lock (_text)
        {
            var text = _text.ToString();
            _text.Clear();
            return text;
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_text)
            _text.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
    }

    public void Dispose()
    {
    }
}
