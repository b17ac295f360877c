using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Teal.Tests.Support;

/// <summary>
/// An OpenID provider of the tests' own, on loopback: it tells its metadata and its keys, signs whatever a test wants signed, and
/// misbehaves on request.
/// </summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    /// <summary>Where it tells its keys.</summary>
    public const string KeysPath = "/keys";

    /// <summary>Where it tells its metadata.</summary>
    public const string OpenIdPath = "/.well-known/openid-configuration", OAuthPath = "/.well-known/oauth-authorization-server";

    private readonly TimeProvider _clock;
    private LoopbackServer _server = null!;
    private volatile IReadOnlyList<SigningKey> _keys = [SigningKey.MakeElliptic("first")];

    private TokenIssuer(TimeProvider clock) => _clock = clock;

    /// <summary>What it calls itself.</summary>
    public string Name => _server.Origin;

    /// <summary>The keys that it tells. It signs with the last one.</summary>
    public IReadOnlyList<SigningKey> Keys
    {
        get => _keys;
        set => _keys = value;
    }

    /// <summary>Answers in its place; false: it answers itself.</summary>
    public Func<HttpContext, Task<bool>> Misbehaviour { get; set; } = static _ => Task.FromResult(false);

    /// <summary>Changes its metadata before it is told.</summary>
    public Action<JsonObject> Metadata { get; set; } = static _ => { };

    /// <summary>Whether it tells its metadata as an OpenID provider does.</summary>
    public bool HasOpenId { get; set; } = true;

    /// <summary>How often it was asked for its keys.</summary>
    public int KeyRequests => _server.Targets.Count(static target => target == KeysPath);

    /// <summary>What it was asked for, in order.</summary>
    public IReadOnlyList<string> Requests => _server.Targets;

    /// <summary>Starts one.</summary>
    public static async Task<TokenIssuer> StartAsync(TimeProvider clock)
    {
        var issuer = new TokenIssuer(clock);
        issuer._server = await LoopbackServer.StartAsync(issuer.AnswerAsync);
        return issuer;
    }

    /// <summary>Has it be away: it answers everything with 500.</summary>
    public void Fail() => Misbehaviour = static context =>
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return Task.FromResult(true);
    };

    /// <summary>Has it be there again.</summary>
    public void Recover() => Misbehaviour = static _ => Task.FromResult(false);

    /// <summary>What an access token of this issuer for Teal has, five minutes long.</summary>
    public TokenDraft Draft(string subject) => new(Keys[^1])
    {
        Header = { ["typ"] = "at+jwt" },
        Payload =
        {
            ["iss"] = Name,
            ["aud"] = "teal",
            ["sub"] = subject,
            ["client_id"] = "shop",
            ["iat"] = _clock.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = _clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        },
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (await Misbehaviour(context)) return;

        if (context.Request.Path == KeysPath)
        {
            await context.Response.WriteAsync(
                new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(static key => key.ToJson())]) }.ToJsonString());
        }
        else if (HasOpenId && context.Request.Path == OpenIdPath)
        {
            var metadata = new JsonObject { ["issuer"] = Name, ["jwks_uri"] = Name + KeysPath };
            Metadata(metadata);
            await context.Response.WriteAsync(metadata.ToJsonString());
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
