using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Teal.Core.Configuration;
using Teal.Core.Events;
using Teal.Core.Identities;
using Teal.Core.Journal;
using Teal.Core.Kinds;
using Teal.Core.Records;
using Teal.Webhooks.Directory;

namespace Teal.Webhooks.Management;

/// <summary>
/// The one place where webhooks of the store are made, shown, changed and ended (specification 9.2, 8.5): those of one's own team, and
/// for administrators those of any. Members throw when the store or the journal fails. Any thread may call them.
/// </summary>
public sealed class WebhookService(
    IRecordStore store, WebhookDirectory directory, IEventJournal journal, Live<WebhookOptions> live, TimeProvider clock)
{
    // 128 random bits and more.
    private const int AddressLength = 22;
    private const string AddressCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly WebhookFault NotAllowed = new(
        WebhookFaultCode.NotAllowed,
        "The account may not make, change or delete this webhook; it needs a permission such as create webhook:*.");

    private static readonly WebhookFault PathNotAllowed = new(
        WebhookFaultCode.NotAllowed, "A path is chosen by administrators; without one the webhook gets 22 random characters.");

    private static readonly WebhookFault NotFound = new(WebhookFaultCode.NotFound, "There is no such webhook, or it is another team's.");

    private static readonly WebhookFault OfSettings = new(
        WebhookFaultCode.OfSettings, "The webhook stands in the settings, and is changed there.");

    private static readonly WebhookFault Conflict = new(
        WebhookFaultCode.Conflict, "Somebody else changed the webhook at the same time; look at it and try again.");

    /// <summary>Makes a webhook, or has the one of that name be as is wished; its address stays unless another one is wished.</summary>
    public async ValueTask<WebhookResult> PutAsync(Identity by, string team, WebhookWish wish, CancellationToken cancellationToken)
    {
        if (!WebhookName.IsOne(wish.Name)) return Invalid("Name", $"must be {WebhookName.Form}");
        if (FaultOf(by, team, wish.Name) is { } fault) return fault;

        var former = await ReadAsync(team, wish.Name, cancellationToken);
        if (wish.Path is not null && wish.Path != former?.Address && !by.Permissions.May(Act.Admin))
            return PathNotAllowed;

        var webhook = new Webhook
        {
            Team = team,
            Name = wish.Name,
            Address = wish.Path ?? former?.Address ?? MakeAddress(),
            Provider = wish.Provider,
            Secrets = wish.Secrets,
            VerifyToken = wish.VerifyToken,
            Tolerance = wish.Tolerance,
            Enforces = wish.Enforces,
            TakesSubpaths = wish.TakesSubpaths,
            Methods = wish.Methods ?? Webhook.UsualMethods,
            IsEnabled = wish.IsEnabled,
            CreatedAt = former?.CreatedAt ?? clock.GetUtcNow().UtcDateTime,
            Version = former?.Version ?? 0,
        };
        return await KeepAsync(webhook, former, cancellationToken);
    }

    /// <summary>
    /// Has a webhook take what is signed with another secret, too, or be at another address. The other secret comes first; of the former
    /// ones as many go on to count as is wished.
    /// </summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="team">Whose webhook it is.</param>
    /// <param name="name">The webhook.</param>
    /// <param name="secret">The other secret; null: the secrets stay.</param>
    /// <param name="kept">How many of the former secrets stay, the newest ones; 0 ends all of them.</param>
    /// <param name="hasNewAddress">Whether it gets another random address, and leaves its own at once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<WebhookResult> RotateAsync(
        Identity by, string team, string name, string? secret, int kept, bool hasNewAddress, CancellationToken cancellationToken)
    {
        if (FaultOf(by, team, name) is { } fault) return fault;
        if (secret is null && !hasNewAddress)
            return new WebhookFault(WebhookFaultCode.Invalid, "There must be a \"secret\", or a \"url\" that is true.");
        if (await ReadAsync(team, name, cancellationToken) is not { } former) return NotFound;

        var webhook = former with
        {
            Address = hasNewAddress ? MakeAddress() : former.Address,
            Secrets = secret is null ? former.Secrets : [secret, .. former.Secrets.Where(known => known != secret).Take(kept)],
        };
        return await KeepAsync(webhook, former, cancellationToken);
    }

    /// <summary>
    /// Has a webhook be as it was before <see cref="PutAsync"/>, unless somebody changed it since. Never throws: where the store is away,
    /// it stays as it is, or its team tries again.
    /// </summary>
    public async ValueTask TakeBackAsync(WebhookResult change)
    {
        var (webhook, _, former) = change;
        try
        {
            var found = await ReadAsync(webhook!.Team, webhook.Name, CancellationToken.None);
            if (found is null || !WebhookRecord.Write(found).AsSpan().SequenceEqual(WebhookRecord.Write(webhook))) return;

            if (former is not null) await KeepAsync(former with { Version = found.Version }, found, CancellationToken.None);
            else await RemoveAsync(found, CancellationToken.None);
        }
        catch (Exception)
        {
            // Whoever asked is told of the fault that this is done for.
        }
    }

    /// <summary>A webhook as it is now; null: there is none, or whoever asks may not see it.</summary>
    public async ValueTask<Webhook?> FindAsync(Identity by, string team, string name, CancellationToken cancellationToken) =>
        MaySee(by, team, name) && WebhookName.IsOne(name)
            ? OfSettingsOf(team, name) ?? await ReadAsync(team, name, cancellationToken) : null;

    /// <summary>The webhooks of a team that one may see, in no order that means anything.</summary>
    public async IAsyncEnumerable<Webhook> ListAsync(Identity by, string team, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var open in live.Now.Webhooks)
        {
            if (open.Webhook.Team == team && MaySee(by, team, open.Webhook.Name)) yield return open.Webhook;
        }

        await foreach (var record in store.ListAsync(WebhookRecord.Collection, Webhook.KeyOf(team, ""), cancellationToken))
        {
            var webhook = WebhookRecord.Read(record);
            if (MaySee(by, team, webhook.Name) && OfSettingsOf(team, webhook.Name) is null) yield return webhook;
        }
    }

    /// <summary>Deletes a webhook, and the events that are kept of it. Cannot be taken back.</summary>
    public async ValueTask<WebhookResult> DeleteAsync(Identity by, string team, string name, CancellationToken cancellationToken)
    {
        if (FaultOf(by, team, name) is { } fault) return fault;
        if (await ReadAsync(team, name, cancellationToken) is not { } webhook) return NotFound;

        await RemoveAsync(webhook, cancellationToken);
        await journal.DeleteAsync(webhook.Topic, cancellationToken);
        return new WebhookResult(webhook, null);
    }

    private async Task RemoveAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(WebhookRecord.Collection, webhook.Key, cancellationToken);
        await store.DeleteAsync(WebhookRecord.Addresses, webhook.Address, cancellationToken);
        directory.Forget(webhook);
    }

    private static string MakeAddress() => RandomNumberGenerator.GetString(AddressCharacters, AddressLength);

    private static WebhookFault Invalid(string member, string fault) =>
        new(WebhookFaultCode.Invalid, $"\"{JsonNamingPolicy.SnakeCaseLower.ConvertName(member)}\" {fault}.");

    private static bool MaySee(Identity by, string team, string name) => May(by, Act.Read, team, name) || May(by, Act.Create, team, name);

    private static bool May(Identity by, Act act, string team, string name) =>
        (team == by.Team || by.Permissions.May(Act.Admin)) && by.May(act, new Topic(EventKinds.Webhook, Webhook.KeyOf(team, name)));

    private Webhook? OfSettingsOf(string team, string name) => live.Now.ByKey.GetValueOrDefault(Webhook.KeyOf(team, name))?.Webhook;

    private WebhookFault? FaultOf(Identity by, string team, string name) =>
        !May(by, Act.Create, team, name) ? NotAllowed : OfSettingsOf(team, name) is not null ? OfSettings : null;

    private async ValueTask<Webhook?> ReadAsync(string team, string name, CancellationToken cancellationToken) =>
        await store.FindAsync(WebhookRecord.Collection, Webhook.KeyOf(team, name), cancellationToken) is { } record
            ? WebhookRecord.Read(record) : null;

    private async ValueTask<WebhookResult> KeepAsync(Webhook webhook, Webhook? former, CancellationToken cancellationToken)
    {
        if (WebhookForm.FaultOf(webhook) is var (member, fault)) return Invalid(member, fault);
        if (former is null && await FindLimitAsync(webhook.Team, cancellationToken) is { } limit) return limit;

        // The address first: without its webhook it leads nowhere.
        var isMoved = webhook.Address != former?.Address;
        if (isMoved && await TakeAddressAsync(webhook, cancellationToken) is { } taken) return taken;

        var result = await store.PutAsync(
            WebhookRecord.Collection, webhook.Key, WebhookRecord.Write(webhook), null, webhook.Version, cancellationToken);
        if (result == RecordResult.Stored && isMoved && former is not null)
            await store.DeleteAsync(WebhookRecord.Addresses, former.Address, cancellationToken);
        if (result != RecordResult.Stored && isMoved)
            await store.DeleteAsync(WebhookRecord.Addresses, webhook.Address, cancellationToken);
        if (former is not null) directory.Forget(former);
        directory.Forget(webhook);
        return result switch
        {
            RecordResult.Stored => new WebhookResult(webhook, null, former),
            RecordResult.Conflict => Conflict,
            RecordResult.TooLong => Invalid("Secrets", "are too long to be kept together (Records:MaximumRecordSize)"),
            _ => NoRoom,
        };
    }

    private static WebhookFault NoRoom =>
        new(WebhookFaultCode.TooMany, "The store has no room for further records (Records:MaximumRecords).");

    private async ValueTask<WebhookFault?> TakeAddressAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var isTaken = live.Now.ByAddress.ContainsKey(webhook.Address);
        var result = isTaken ? RecordResult.Conflict : await store.PutAsync(
            WebhookRecord.Addresses, webhook.Address, WebhookRecord.WriteAddress(webhook), null, 0, cancellationToken);
        return result switch
        {
            RecordResult.Stored => null,
            RecordResult.Conflict => new WebhookFault(WebhookFaultCode.PathTaken, "Another webhook has this path; choose another one."),
            _ => NoRoom,
        };
    }

    private async ValueTask<WebhookFault?> FindLimitAsync(string team, CancellationToken cancellationToken)
    {
        var options = live.Now;
        if (await store.CountAsync(WebhookRecord.Collection, Webhook.KeyOf(team, ""), cancellationToken) >= options.MaximumPerTeam)
            return new WebhookFault(
                WebhookFaultCode.TooMany, $"A team can have {options.MaximumPerTeam} webhooks at most (Webhooks:MaximumPerTeam).");
        return await store.CountAsync(WebhookRecord.Collection, "", cancellationToken) >= options.Maximum
            ? new WebhookFault(WebhookFaultCode.TooMany, $"There can be {options.Maximum} webhooks at most (Webhooks:Maximum).") : null;
    }
}
