using System.Net;
using System.Net.Sockets;
using System.Text;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

/// <summary>The command as a shell starts it: what it reads, where it writes, and how it ends when it cannot go on.</summary>
[Needs(Need.Process)]
public sealed class CommandLineTests(TestService service) : IClassFixture<TestService>, IDisposable
{
    private readonly TempDirectory _files = new();

    private string Url => service.Client.BaseAddress!.ToString();

    [Theory]
    [InlineData("profiles replay - --url $url < two", "2 events")]
    [InlineData("cat two | profiles replay - --url $url", "2 events")]
    [InlineData("profiles replay <(cat two) --url $url", "2 events")]
    [InlineData("gzip < two | profiles replay - --url $url", "2 events")]
    [InlineData("gzip < two > a; cat a a > both; profiles replay both --url $url", "4 events")]
    [InlineData("mkfifo named; cat two > named & profiles replay named --url $url", "2 events")]
    [InlineData("(echo [; sed '1s/$/,/' two; echo ]) > array.json; profiles replay array.json --url $url", "2 events")]
    [InlineData("(echo [; sed '1s/$/,/' two; echo ]; echo [; head -n 1 two; echo ']') > arrays.json; profiles replay arrays.json --url $url", "3 events")]
    [InlineData(@"(printf '\xef\xbb\xbf'; cat two; printf '\xef\xbb\xbf'; cat two) > joined; profiles replay joined --url $url", "4 events")]
    [InlineData(@"sed 's/$/\r/' two > crlf; profiles replay crlf --url $url", "2 events")]
    [InlineData("head -c -1 two > unended; profiles replay unended --url $url", "2 events")]
    [InlineData(": > empty; profiles replay empty --url $url", "0 events")]
    [InlineData("profiles replay - --url $url < /dev/null", "0 events")]
    [InlineData("profiles replay two --url $url | cat", "2 events")]
    [InlineData("profiles replay two --url $url; profiles export u1 --output - --url $url > /dev/null; test ! -e ./-", "2 events")]
    public async Task EventsAreReadHoweverTheyCome(string script, string said)
    {
        var (exitCode, output, error) = await RunAsync(script);
        Assert.True(exitCode == 0, output + error);
        Assert.Contains($"\n{said} in ", output, StringComparison.Ordinal);
        Assert.Matches(@"rejected +0\s", output);
    }

    [Theory]
    [InlineData("(cat two; echo {broken; echo 7) > some; profiles replay some --url $url", "2 of 4 events were rejected.")]
    [InlineData("echo {broken > none; profiles replay none --url $url", "1 of 1 events were rejected.")]
    [InlineData("(yes '' | head -n 2000; echo {broken) > late; profiles replay late --url $url", "line 2001: malformed_json: It is not valid JSON at byte 2")]
    [InlineData("(echo [; head -n 1 two) > open.json; profiles replay open.json --url $url", "has no ]")]
    [InlineData("head -c 100000 /bin/sh > binary; profiles replay binary --url $url", "binary is not UTF-8 text")]
    [InlineData("profiles replay /dev/zero --url $url", "/dev/zero line 1: a record has more than 16,777,216 characters")]
    [InlineData("profiles replay . --url $url", ". is a folder")]
    [InlineData("profiles replay nothing --url $url", "There is no file nothing.")]
    [InlineData("profiles replay /proc/self/mem --url $url", "/proc/self/mem")]
    [InlineData("seq 99999 | gzip | head -c 999 > cut; profiles replay cut --format sequences --url $url", "cut is a gzip file that is damaged or incomplete")]
    [InlineData("seq 99999 | gzip | head -c 999 > cut; profiles replay cut --format sequences --url $url", " on.\n")] // without the words of .NET
    [InlineData("(gzip < two; printf '\\0'; gzip < two) > apart; profiles replay apart --url $url", "apart is a gzip file with data after its end that is not gzip")]
    [InlineData("gzip < two > a; (cat a; printf '\\0'; tail -c +2 a) > flipped; profiles replay flipped --url $url", "flipped is a gzip file with data after its end that is not gzip")]
    [InlineData("gzip < two > a; (cat a; printf '\\0'; tail -c +2 a) | profiles erase - --url $url", "Nothing was erased.")]
    [InlineData("gzip < two > a; (head -c 20 a; printf 'zz'; tail -c +23 a) > spoilt; profiles replay spoilt --url $url", "spoilt is a gzip file that is damaged or incomplete from line 1 on.")]
    [InlineData("profiles replay two --format sequences --url $url", "two is JSON and no sequences: it begins with {. Give it as events")]
    [InlineData("echo '[1]' | profiles replay - --format sequences --url $url", "standard input is JSON and no sequences")]
    [InlineData("profiles replay - --url $url <&-", "Standard input is closed.")]
    [InlineData("profiles erase - --url $url <&-", "Standard input is closed.")]
    [InlineData(@"printf 'u1\nj\xfcrgen\n' | profiles erase - --wait --url $url", "standard input is not UTF-8 text from line 1 on. Convert it to UTF-8 first, for example with iconv. Nothing was erased.")]
    [InlineData(@"profiles erase $'j\xfcrgen' --wait --url $url", "An argument is not UTF-8 text")]
    [InlineData(@"printf 'j\xfcrgen\n' > forgotten; profiles model tasks . --data events:two --forgotten forgotten", "forgotten is not UTF-8 text")]
    [InlineData(@"printf '{""userId"":""j\xfcrgen"",""a"":1}\n' > labels; profiles model tasks . --data events:two --labels labels", "labels is not UTF-8 text")]
    [InlineData("profiles model tasks . --data events:two --forgotten nothing", "There is no file nothing.")]
    [InlineData("profiles model tasks . --data events:two --forgotten two --labels two", "--forgotten asks no questions: --labels does not go with it.")]
    [InlineData("profiles erase - u6 --url $url", "- reads the ids from standard input, and stands alone")]
    [InlineData("profiles erase u6 - --url $url", "- reads the ids from standard input, and stands alone")]
    [InlineData("cat two | profiles replay - --items - --url $url", "Standard input can be read once, and - names it twice.")]
    [InlineData("profiles export --purpose train --output - --url $url", "--purpose train needs --output FILE: it writes several files side by side.")]
    [InlineData("profiles replay '' --url $url", "FILE is empty.")]
    [InlineData("profiles erase '' --url $url", "USER is empty.")]
    [InlineData("profiles rebuild-windows --users ,", "--users names nothing.")]
    [InlineData("profiles rebuild-windows --users ada --users ' , '", "--users names nothing.")]
    [InlineData("profiles export --purpose train --output x --attributes , --url $url", "--attributes names nothing.")]
    [InlineData("profiles export '' --url $url", "USER is empty.")]
    [InlineData("profiles export u1 --output '' --url $url", "--output is empty.")]
    [InlineData("profiles export u1 --format npy --url $url", "--format belongs to --profiles.")]
    [InlineData("profiles export --purpose train --output x --format npy --url $url", "--format belongs to --profiles.")]
    [InlineData("PROFILES_KEY_FILE=/nothere profiles export u1 --url $url", "PROFILES_KEY_FILE names /nothere, which cannot be read: There is no such file.")]
    [InlineData("PROFILES_KEY_FILE=/ profiles export u1 --url $url", "PROFILES_KEY_FILE names /, which cannot be read: It is a folder.")]
    [InlineData("ASPNETCORE_HTTP_PORTS=abc profiles health", "ASPNETCORE_HTTP_PORTS is 'abc', and must be a port of 1 to 65535")]
    [InlineData("ASPNETCORE_HTTP_PORTS=99999 profiles health", "ASPNETCORE_HTTP_PORTS is '99999', and must be a port")]
    [InlineData("ASPNETCORE_URLS=nonsense profiles health", "ASPNETCORE_URLS is 'nonsense', and must be an address such as http://*:8080")]
    [InlineData("ASPNETCORE_URLS='http://a b:1' profiles health", "ASPNETCORE_URLS is 'http://a b:1', and must be an address")]
    [InlineData("Hosting__ManagementUrls=ftp://a:1 profiles health", "Hosting__ManagementUrls is 'ftp://a:1', and must be an address")]
    [InlineData("profiles model tasks . --data events:two --json /nowhere/x", "There is no folder /nowhere.")]
    [InlineData("profiles model evaluate . --data events:two --top-ten .", " is a folder. Name a file in it.")]
    [InlineData("profiles replay two --format movielens-100k --url $url", "There is no folder two")]
    [InlineData("profiles replay two --url ${url}swagger", "is not the address of a ProfileService")]
    [InlineData("profiles replay two --url ${url/http/https}", "cannot be reached by https: the server does not answer in TLS. If")]
    [InlineData("profiles replay two --url http://127.0.0.1:1", "No service responds at http://127.0.0.1:1/")]
    [InlineData("profiles replay", "Required argument missing for command: 'replay'")]
    [InlineData("profiles replay two --ulr $url", "--url")]
    [InlineData("profiles relpay two", "replay")]
    [InlineData("profiles", "Commands:")]
    [InlineData("profiles foo", "There is no command profiles foo. profiles has: replay, demo, ")]
    [InlineData("profiles model foo", "There is no command profiles model foo. profiles model has: ")]
    [InlineData("profiles export u1 --output /nowhere/x --url $url", "There is no folder /nowhere.")]
    [InlineData("profiles export u1 --output . --url $url", " is a folder. Name a file in it.")]
    [InlineData("profiles export --profiles two --url $url", "two is a file. Name a folder.")]
    [InlineData("mkdir empty; profiles replay empty --format movielens-100k --url $url", "There is no file empty/u.")]
    [InlineData("profiles load --users 5 --url $url", "--users must be a whole number, 100 to 1,000,000.")]
    [InlineData("profiles load --users 100 --connections 101 --url $url", "--connections 101 is more than --users 100")]
    [InlineData("profiles load --users 100 --connections 101 --path lookup-json-1 --url http://127.0.0.1:1", "No service responds")]
    [InlineData("profiles load --duration soon --url $url", "--duration must be a number, 0.1 to 3,600.")]
    [InlineData("profiles load --saturation maybe --url $url", "--saturation must be true or false.")]
    [InlineData("profiles load --rate 1,5 --url $url", "--rate must be a number, 0.1 to 100,000.")]
    [InlineData("profiles load --rate 0 --url $url", "--rate must be a number, 0.1 to 100,000.")]
    [InlineData("profiles load --rate NaN --url $url", "--rate must be a number, 0.1 to 100,000.")]
    [InlineData("profiles load --rate 5 --saturation true --url $url", "--saturation true cannot be combined with --rate")]
    [InlineData("profiles load --path lookup --url $url", "--path lookup: there are lookup-json-1, ")]
    [InlineData("profiles load --url http://127.0.0.1:1", "No service responds")]
    [InlineData("profiles model verify two", "DIR must name the folder")]
    [InlineData("profiles demo nothing --url $url", "There is no file nothing.")]
    [InlineData("echo 7 > number; profiles demo number --url $url", "does not begin with an event")]
    [InlineData("echo '{\"userId\":null}' > null; profiles demo null --url $url", "does not begin with an event")]
    [InlineData("profiles replay two --url $url > /dev/full", "The output cannot be written: No space left on device.")]
    [InlineData("profiles replay two --url $url >&-", "The output cannot be written: Bad file descriptor.")]
    [InlineData("profiles --help > /dev/full", "The output cannot be written")]
    [InlineData("profiles replay nothing --url $url 2> /dev/full", "")]
    [InlineData("profiles replay two --url $url >&- 2>&-", "")]
    public async Task WhatCannotBeDoneIsSaidPlainlyAndIsNotZero(string script, string said)
    {
        var (exitCode, output, error) = await RunAsync(script);
        Assert.True(exitCode == 1, $"{exitCode}: {output}{error}");
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9\r\n", "does not use http")]
    [InlineData("", "does not use http")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "is not a ProfileService")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "is not a ProfileService")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "is not the address of a ProfileService")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: https://elsewhere/v1/status\r\nContent-Length: 0\r\n\r\n", "refers to https://elsewhere/v1/status.")]
    public async Task OtherServiceIsNotTakenForOne(string answer, string said)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var answering = AnswerAllAsync(other, answer);
        foreach (var command in (string[])["replay two", "load"])
        {
            var (exitCode, output, error) = await RunAsync($"profiles {command} --url http://{other.LocalEndpoint}");
            Assert.True(exitCode == 1, output + error);
            Assert.Contains(said, error, StringComparison.Ordinal);
        }

        other.Stop();
        await answering;
    }

    [Theory]
    [InlineData("200 OK", "Content-Type: application/x-ndjson", "{\"section\":\"window\"}\n", "The export broke off before its end. Run this again")]
    [InlineData("503 Busy", "Retry-After: 60\r\nContent-Type: application/problem+json", "{\"detail\":\"Another model.\"}", "returned 503: Another model. Check")]
    [InlineData("429 Busy", "Retry-After: 60", "", "returned 429. Check")]
    public async Task FailureOfTheServiceIsToldAsItIs(string status, string headers, string body, string said)
    {
        using var service = new TcpListener(IPAddress.Loopback, 0);
        service.Start();
        var answering = AnswerAllAsync(service, $"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var (exitCode, _, error) = await RunAsync($"profiles export u1 --url http://{service.LocalEndpoint}");
        Assert.Equal(1, exitCode);
        Assert.Contains(said, error, StringComparison.Ordinal);
        service.Stop();
        await answering;
    }

    [Theory]
    [InlineData("profiles foo")]
    [InlineData("profiles model foo")]
    public async Task UnknownCommandIsToldOnce(string script)
    {
        var (_, output, error) = await RunAsync(script);
        Assert.Equal("", output);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task InterruptedCommandSaysSo(string signal, int status)
    {
        // It reads the event that it is given, and then waits for more, which never comes.
        var (exitCode, _, error) = await RunAsync($"""
            mkfifo more; exec 9<> more; head -n 1 two >&9
            env --default-signal=INT,HUP dotnet '{Repository.Program("ProfileService.Cli", "profiles.dll")}' replay more --url $url 9>&- &
            until readlink /proc/$!/exe | grep -q dotnet && ls -l /proc/$!/fd 2> /dev/null | grep -q '/more$'; do [ -d /proc/$! ] || exit 9; done
            kill -{signal} $!; wait $!
            """);
        Assert.Equal(status, exitCode);
        Assert.Contains("Stopped before the end.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("demo")]
    [InlineData("load")]
    [InlineData("health")]
    [InlineData("model verify")]
    [InlineData("model evaluate")]
    [InlineData("model tasks")]
    [InlineData("rebuild-windows")]
    public async Task HelpIsGiven(string command)
    {
        var (exitCode, output, error) = await RunAsync($"profiles {command} --help");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"profiles {command}", output, StringComparison.Ordinal);
    }

    public void Dispose() => _files.Dispose();

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string script)
    {
        File.WriteAllLines(_files.File("two"), [Event(1).Json(), Event(2).Json()]);
        return CliProcess.ShellAsync($"url={Url}\n{script}", _files.Path);
    }

    private static async Task AnswerAllAsync(TcpListener listener, string answer)
    {
        try
        {
            for (var all = new List<Task>(); ;)
                all.Add(AnswerAsync(await listener.AcceptTcpClientAsync(), answer)); // side by side: a client may come again before it goes
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private static async Task AnswerAsync(TcpClient accepted, string answer)
    {
        using var client = accepted;
        try
        {
            _ = await client.GetStream().ReadAsync(new byte[1 << 12]);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
        catch (IOException)
        {
            // the command has seen enough
        }
    }
}
