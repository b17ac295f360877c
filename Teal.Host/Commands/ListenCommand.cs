using System.CommandLine;
using System.Text;
using System.Text.Json;
using Teal.Client;

namespace Teal.Host.Commands;

/// <summary><c>teal listen webhook</c>, <c>ciba</c> and <c>powens</c>: shows the events of a webhook, a request or a domain.</summary>
internal static class ListenCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("listen", "Shows the webhooks or the OpenID CIBA notifications that arrive.")
    {
        Create("ciba", "Shows the OpenID CIBA notifications for a request.", "request-id", "The auth_req_id", Topic.OpenIdCiba, "Request"),
        Create("webhook", "Shows what comes to a webhook.", "name", "Its name, such as github-prod", Topic.Webhook, "Webhook"),
        Create("powens", "Shows the webhooks of a Powens domain.", "domain", "The domain, such as budgea.biapi.pro or budgea",
            Topic.Powens, "Domain"),
    };

    private static Command Create(
        string name, string description, string argument, string argumentDescription, Func<string, Topic> topicOf, string title)
    {
        var key = new Argument<string>(argument) { Description = argumentDescription };
        var command = new Command(name, description) { key };
        ClientOptions.AddTo(command);
        command.SetAction((result, _) =>
        {
            var topic = topicOf(result.GetRequiredValue(key));
            return topic.Key.Length == 0
                ? ClientOptions.FailAsync($"the {argument} must not be empty.")
                : ClientOptions.RunAsync(
                    result,
                    (client, from, cancellationToken) => client.ListenAsync(topic, from, cancellationToken),
                    _ => $"Listening.\n\n* {title}: {EventText.Printable(topic.Key)}",
                    _ => Ready(topic));
        });
        return command;
    }

    // What --json prints once the registration is confirmed.
    private static string Ready(Topic topic)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("type", "ready");
            json.WriteString(topic.Member, topic.Key);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
