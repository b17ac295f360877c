using Teal.Benchmarks.Floor;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>The published binary, to which webhooks come.</summary>
/// <param name="name">What the tables call it.</param>
/// <param name="settings">Its settings beside the webhook's.</param>
internal sealed class WebhookTealServer(string name, params string[] settings)
    : TealServer(
        name,
        [
            .. Enumerable.Range(0, Webhooks).SelectMany(static i => (string[])
            [
                $"--Webhooks:load{i}:Path", $"load{i}", $"--Webhooks:load{i}:Provider", "github",
                $"--Webhooks:load{i}:Secrets", FloorServer.WebhookSecret,
            ]),
            "--Webhooks:MaximumPerMinute", "2147483647", "--Webhooks:MaximumPerMinuteOfTeam", "2147483647", .. settings,
        ])
{
    // None of them gets as many as it keeps.
    private const int Webhooks = 50;

    private int _next;

    public override IReadOnlyList<string> Registration(string topic, bool isFirst) => [];

    public override string Request(string topic) => WebhookRequest.To($"/hook/load{_next++ % Webhooks}", Query(topic));
}
