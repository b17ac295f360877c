using System.Security.Cryptography;
using System.Text;
using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Hmac;

/// <summary>An <see cref="HmacForm"/> with its keys.</summary>
internal sealed class HmacVerifier(HmacForm form, byte[][] keys, TimeSpan tolerance, IProviderQuestion? question) : WebhookVerifier
{
    // While a secret is changed there are two; more would make a stranger's request dear.
    private const int MostSignatures = 8;

    /// <inheritdoc/>
    public override SchemeAnswer Accepted => form.Accepted;

    /// <inheritdoc/>
    public override Verdict Verify(WebhookRequest request, DateTimeOffset now)
    {
        var found = FindSignatures(request);
        if (found.Fault is { } fault) return fault;

        var time = found.Time ?? (form.Time is { IsInBody: false, Name: var name } ? request.Header(name) : null);
        if (form.Time is { IsInBody: false } source)
        {
            if (time is null) return VerdictReason.Missing;
            if (source.Read(time) is not { } instant) return VerdictReason.Malformed;
            if ((instant - now).Duration() > tolerance) return VerdictReason.Stale;
        }

        var verdict = Compare(request, time, found.Signatures);
        if (!verdict.IsVerified || form.Time is not { IsInBody: true } inBody) return verdict;

        return inBody.ReadBody(request) is not { } at ? VerdictReason.Malformed
            : (at - now).Duration() > tolerance ? VerdictReason.Stale : verdict;
    }

    /// <inheritdoc/>
    public override string? DeliveryIdOf(WebhookRequest request) => form.DeliveryId is { } header ? request.Header(header) : null;

    /// <inheritdoc/>
    public override SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) => question?.AnswerTo(request, isVerified);

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>>? Sign(WebhookRequest request, DateTimeOffset now)
    {
        var time = form.Time is { IsInBody: false } source ? source.Write(now) : null;
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var name in form.Template.Headers.Append(form.DeliveryId ?? "").Where(static name => name.Length > 0).Distinct())
        {
            if (request.Header(name) is not null) continue;

            headers.Add(new(name, name == form.Time?.Name ? time! : $"msg_{RandomNumberGenerator.GetHexString(24, lowercase: true)}"));
        }

        var whole = new WebhookRequest
        {
            Method = request.Method,
            Url = request.Url,
            Headers = [.. request.Headers, .. headers],
            Body = request.Body,
        };
        if (Compute(whole, time, keys[0]) is not { } signature) return null;

        headers.Add(new(form.Header, form.Grammar switch
        {
            SignatureGrammar.Members => $"{form.Time?.Name ?? "t"}={time}{form.Separator}{form.SignatureMember}={signature}",
            SignatureGrammar.Versions => $"{form.SignatureMember},{signature}",
            _ => form.Prefix + signature,
        }));
        return headers;
    }

    private Verdict Compare(WebhookRequest request, string? time, List<string> signatures)
    {
        var verdict = new Verdict(VerdictReason.Wrong);
        for (var i = 0; i < keys.Length; i++)
        {
            if (Compute(request, time, keys[i]) is not { } expected) return VerdictReason.Missing;

            var bytes = Encoding.Latin1.GetBytes(expected);
            foreach (var signature in signatures)
            {
                // All of them are compared, so that the time says nothing of which one is right.
                if (CryptographicOperations.FixedTimeEquals(bytes, Encoding.Latin1.GetBytes(signature)) && !verdict.IsVerified)
                    verdict = new Verdict(VerdictReason.Verified, i);
            }
        }

        return verdict;
    }

    private string? Compute(WebhookRequest request, string? time, byte[] key)
    {
        using var hash = IncrementalHash.CreateHMAC(
            form.Algorithm switch
            {
                HmacAlgorithm.Sha1 => HashAlgorithmName.SHA1,
                HmacAlgorithm.Sha512 => HashAlgorithmName.SHA512,
                _ => HashAlgorithmName.SHA256,
            },
            key);
        if (!form.Template.TryAppend(request, time, hash)) return null;

        var signature = hash.GetHashAndReset();
        return form.Encoding == SignatureEncoding.Hex ? Convert.ToHexStringLower(signature) : Convert.ToBase64String(signature);
    }

    private FoundSignatures FindSignatures(WebhookRequest request)
    {
        var headers = request.HeadersOf(form.Header).Take(MostSignatures + 1).ToArray();
        if (headers.Length == 0) return new(VerdictReason.Missing);
        if (headers.Length > (form.IsRepeatable ? MostSignatures : 1)) return new(VerdictReason.Malformed);

        var found = new FoundSignatures(null);
        foreach (var header in headers)
        {
            var isRead = form.Grammar switch
            {
                SignatureGrammar.Whole => ReadWhole(header, found),
                SignatureGrammar.Members => ReadMembers(header, found),
                _ => ReadVersions(header, found),
            };
            if (!isRead) return new(VerdictReason.Malformed);
        }

        return found.Signatures.Count switch
        {
            0 => new(VerdictReason.Missing),
            > MostSignatures => new(VerdictReason.Malformed),
            _ => found,
        };
    }

    private bool ReadWhole(string header, FoundSignatures found)
    {
        if (!header.StartsWith(form.Prefix, StringComparison.Ordinal)) return false;

        found.Signatures.Add(header[form.Prefix.Length..]);
        return true;
    }

    // Members that are not known are passed over, as providers add them.
    private bool ReadMembers(string header, FoundSignatures found)
    {
        foreach (var member in header.Split(form.Separator, MostSignatures * 4))
        {
            var (name, value) = member.Split('=', 2) is [var first, var second] ? (first.Trim(' '), second.TrimEnd(' ')) : (member, "");
            if (name == form.SignatureMember)
            {
                found.Signatures.Add(value);
            }
            else if (name == form.Time?.Name)
            {
                if (found.Time is not null) return false;
                found.Time = value;
            }
        }

        return true;
    }

    private bool ReadVersions(string header, FoundSignatures found)
    {
        foreach (var version in header.Split(' ', MostSignatures * 4))
        {
            if (version.Split(',', 2) is [var name, var value] && name == form.SignatureMember) found.Signatures.Add(value);
        }

        return true;
    }

    /// <summary>What the header says, or what is wrong with it.</summary>
    private sealed class FoundSignatures(VerdictReason? fault)
    {
        public VerdictReason? Fault { get; } = fault;

        public List<string> Signatures { get; } = [];

        public string? Time { get; set; }
    }
}
