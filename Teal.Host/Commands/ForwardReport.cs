using System.Text;
using System.Text.Json;
using Teal.Client;
using Teal.Client.Forwarding;

namespace Teal.Host.Commands;

/// <summary>
/// What <c>teal forward</c> prints and remembers: a fact a line on standard output, what concerns people on standard error.
/// </summary>
/// <param name="isJson">Whether the facts are JSON.</param>
/// <param name="file">Remembers how far it came; null: nobody does.</param>
/// <param name="limit">How many events are wanted; null: all.</param>
/// <param name="failsOnGap">Whether missing events end it.</param>
internal sealed class ForwardReport(bool isJson, CursorFile? file, int? limit, bool failsOnGap) : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private string _what = "";
    private int _failed;

    /// <summary>Cancelled once all that was wanted is done.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>How many events the target took.</summary>
    public int Delivered { get; private set; }

    /// <summary>Whether the target did not take an event, or one is missing that may not be.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The fact that the server has confirmed the registration.</summary>
    public static string Ready(Topic topic, ForwardTarget target) => Json("ready", json =>
    {
        json.WriteStartObject("topic");
        json.WriteString("type", topic.Type);
        json.WriteString(topic.Member, topic.Key);
        json.WriteEndObject();
        json.WriteString("target", target.ToString());
    });

    /// <summary>Something happened.</summary>
    public void Tell(ForwardStep step)
    {
        switch (step)
        {
            case ForwardStep.Received(var @event):
                _what = $"{@event.Text("method")} {@event.Text("target")}";
                if (isJson) Print(Json("event", json => Write(json, "event", @event)));
                break;
            case ForwardStep.Answered(var attempt, var status, var duration):
                Print(isJson ? Attempt(attempt, status, null, duration) : $"{_what} {status} ({duration.TotalMilliseconds:0} ms)");
                break;
            case ForwardStep.Unanswered(var attempt, var reason):
                Print(isJson ? Attempt(attempt, null, reason, null) : $"{_what} failed: {EventText.Printable(reason)}");
                break;
            case ForwardStep.Retrying(var wait):
                if (isJson) Print(Json("retry", json => json.WriteNumber("wait", wait.TotalSeconds)));
                else ClientOptions.Notice($"Trying again in {wait.TotalSeconds:0.#} s.");
                break;
            case ForwardStep.TargetAway(var reason):
                ClientOptions.Notice($"The target cannot be reached ({reason}); what comes waits for it.");
                break;
            case ForwardStep.TargetBack:
                ClientOptions.Notice("The target is back.");
                break;
            case ForwardStep.Missing:
                if (isJson) Print(Json("gap", static _ => { }));
                ClientOptions.Notice("Some events are missing here: the server does not keep them any more.");
                if (failsOnGap) Fail();
                break;
            case ForwardStep.Delivered(var cursor):
                Delivered++;
                Keep(cursor);
                break;
            case ForwardStep.Skipped(var cursor):
                HasFailed = true;
                ClientOptions.Notice($"The target did not take the event, which is passed over (cursor {cursor}).");
                _failed++;
                Keep(cursor);
                break;
        }
    }

    /// <summary>Something became of the connection to the dispatcher.</summary>
    public void Hear(ConnectionChange change)
    {
        if (!isJson) return;
        if (change is ConnectionChange.Broken) Print(Json("disconnected", static _ => { }));
        if (change is ConnectionChange.Connected) Print(Json("reconnected", static _ => { }));
    }

    /// <inheritdoc/>
    public void Dispose() => _over.Dispose();

    /// <summary>It ends with a fault.</summary>
    public void Fail()
    {
        HasFailed = true;
        _over.Cancel();
    }

    /// <summary>It is over.</summary>
    public void End()
    {
        if (!isJson) return;

        Print(Json("end", json =>
        {
            json.WriteNumber("delivered", Delivered);
            json.WriteNumber("failed", _failed);
        }));
    }

    private static string Attempt(int attempt, int? status, string? reason, TimeSpan? duration) => Json("attempt", json =>
    {
        json.WriteNumber("attempt", attempt);
        if (status is { } number) json.WriteNumber("status", number);
        if (reason is not null) json.WriteString("reason", reason);
        if (duration is { } time) json.WriteNumber("milliseconds", Math.Round(time.TotalMilliseconds, 1));
    });

    private static void Write(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    private static string Json(string type, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private static void Print(string line) => StandardOutput.WriteLine(line);

    private void Keep(string? cursor)
    {
        if (cursor is not null) file?.Write(cursor);
        if (Delivered + _failed >= limit) _over.Cancel();
    }
}
