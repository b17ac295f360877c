using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>The published binary with an account, whose clients come with its password or with an API key of it.</summary>
/// <param name="name">What the tables call it.</param>
/// <param name="withKey">Whether they come with a key.</param>
internal sealed class AccountTealServer(string name, bool withKey)
    : TealServer(
        name, "--Store", "Memory", "--Journal:MaximumMemory", "2047 MiB", $"--Accounts:{Account}:Password", AccountPassword,
        $"--Accounts:{Account}:Role", "member")
{
    private const string Account = "load", AccountPassword = "password-of-the-account";

    private string _authorization = $"Authorization: Basic {Encode($"{Account}:{AccountPassword}")}\r\n";

    public override async Task StartAsync(LoadOptions options)
    {
        await base.StartAsync(options);
        if (withKey) _authorization = $"Authorization: Bearer {await MakeKeyAsync()}\r\n";
    }

    public override string Handshake(string topic) => Upgrade("/websocket", _authorization);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private async Task<string> MakeKeyAsync()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Encode($"{Account}:{AccountPassword}"));
        using var wish = new StringContent("""{"label":"load"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri($"http://127.0.0.1:{WebSocketPort}/api/v1/keys"), wish);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{Name} made no key: {text}");

        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("key").GetString()!;
    }
}
