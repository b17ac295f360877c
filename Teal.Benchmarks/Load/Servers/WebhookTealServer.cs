using Teal.Benchmarks.Floor;

namespace Teal.Benchmarks.Load.Servers;

/// <summary>The published binary, to which webhooks come.</summary>
/// <param name="name">What the tables call it.</param>
/// <param name="settings">Its settings beside the webhook's.</param>
internal sealed class WebhookTealServer(string name, params string[] settings)
    : TealServer(
        name,
        [
            "--Webhooks:load:Path", "load", "--Webhooks:load:Provider", "github", "--Webhooks:load:Secrets", FloorServer.WebhookSecret,
            "--Webhooks:MaximumPerMinute", "2147483647", "--Webhooks:MaximumPerMinuteOfTeam", "2147483647", .. settings,
        ])
{
    public override IReadOnlyList<string> Registration(string topic, bool isFirst) => [];

    public override string Request(string topic) => WebhookRequest.To("/hook/load", Query(topic));
}
