using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Teal.Api.Http;
using Teal.Tests.Documents;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary>Who may ask for what, tried for each route that there is; one that is added is tried, too.</summary>
internal sealed partial class ApiRightsTests
{
    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;

    private IReadOnlyList<ApiRoute> Routes =>
        [.. _server.Services.GetServices<IApiResource>().SelectMany(static resource => resource.Routes)];

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string>
        {
            ["DataDirectory"] = _folder.Path,
            ["Dispatcher:GuessDelay"] = "0 s",
            ["Authentication:MaximumFailures"] = "20",
        });
    }

    [TearDown]
    public async Task TearDown()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Route_WithoutACredential_Has401()
    {
        using var client = ApiClient.At(_server.Dispatcher);

        foreach (var route in Routes)
        {
            var answer = await AskAsync(client, route);
            (answer.Status, answer.Code).Should().Be((401, "not_authenticated"), Name(route));
            answer.Headers["WWW-Authenticate"].Should().Contain("Basic realm=\"teal\"");
        }
    }

    [TestCase("wrong")]
    [TestCase("")]
    public async Task Route_WithAWrongPassword_Has401(string password)
    {
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", password);

        foreach (var route in Routes.Take(20)) (await AskAsync(client, route)).Status.Should().Be(401, Name(route));
    }

    [Test]
    public async Task Route_WithTooManyWrongPasswords_Has429AndSaysWhenToTryAgain()
    {
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", "wrong");
        for (var i = 0; i < 20; i++) (await client.SendAsync("GET", "/api/v1/keys")).Status.Should().Be(401);

        var answer = await client.SendAsync("GET", "/api/v1/keys");

        (answer.Status, answer.Code).Should().Be((429, "too_many_attempts"));
        int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture).Should().BePositive();
    }

    [Test]
    public async Task Route_WithACredentialInTheQuery_Has401()
    {
        using var client = ApiClient.At(_server.Dispatcher);

        (await client.SendAsync("GET", "/api/v1/keys?credentials=YW5vbnltb3VzOmFiYw==")).Status.Should().Be(401);
    }

    [Test]
    public async Task Route_ForAnAccountWithoutThePermission_Has403WhereItIsForAdministrators()
    {
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", TestServer.Password);

        foreach (var route in Routes)
        {
            var answer = await AskAsync(client, route);
            if (route.Right == ApiRight.Admin)
            {
                (answer.Status, answer.Code).Should().Be((403, "not_allowed"), Name(route));
                answer.Detail.Should().Be($"{Name(route)} needs the permission admin.");
            }
            else
            {
                answer.Status.Should().NotBe(401, Name(route)).And.NotBe(403, Name(route)).And.BeLessThan(500, Name(route));
            }
        }
    }

    [Test]
    public async Task Route_ForAnAdministrator_IsOpen()
    {
        using var client = ApiClient.AtSocketOf(_folder.Path);

        foreach (var route in Routes)
        {
            (await AskAsync(client, route)).Status.Should()
                .NotBe(401, Name(route)).And.NotBe(403, Name(route)).And.NotBe(405, Name(route)).And.BeLessThan(500, Name(route));
        }
    }

    [Test]
    public async Task Route_ForAPageOfAnotherOrigin_Has403WhateverItBrings()
    {
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", TestServer.Password);

        foreach (var route in Routes)
        {
            var answer = await AskAsync(client, route, "Origin: https://evil.example");
            (answer.Status, answer.Code).Should().Be((403, "not_allowed"), Name(route));
            answer.Headers.Keys.Should().NotContain("Access-Control-Allow-Origin");
        }
    }

    [Test]
    public async Task Route_ForAPageOfTheDispatcher_IsOpen()
    {
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", TestServer.Password);

        (await client.SendAsync("GET", "/api/v1/keys", headers: $"Origin: http://{_server.Dispatcher.Authority}")).Status.Should().Be(200);
    }

    [Test]
    public async Task Route_ThatIsNotThere_Has401BeforeItHas404()
    {
        using var stranger = ApiClient.At(_server.Dispatcher);
        using var client = ApiClient.At(_server.Dispatcher, "anonymous", TestServer.Password);

        (await stranger.SendAsync("GET", "/api/v1/nothing")).Status.Should().Be(401);
        (await client.SendAsync("GET", "/api/v1/nothing")).Status.Should().Be(404);
    }

    [Test]
    public async Task Route_AtTheListener_IsNotThere()
    {
        foreach (var route in Routes)
            (await RawHttp.SendAsync(_server.Listener, route.Method, "/api/v1" + PathOf(route), [])).Status.Should().Be(404, Name(route));
    }

    [TestCase("docs/api.md")]
    [TestCase("docs/specification.md")]
    public void Documents_OfTheApi_HaveARowForEachRouteWithItsRight(string document)
    {
        var rows = Repository.ReadLines(document).Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();

        foreach (var route in Routes)
        {
            var row = rows.Should().ContainSingle(line => line.StartsWith($"| `{Name(route)}` |", StringComparison.Ordinal), Name(route))
                .Which;
            row.Contains("`admin`", StringComparison.Ordinal).Should().Be(route.Right == ApiRight.Admin, Name(route));
        }
    }

    private static string Name(ApiRoute route) => $"{route.Method} {route.Path}";

    // The asking account's own, where it is an account.
    private static string PathOf(ApiRoute route) => Part().Replace(route.Path.Replace("{name}", "anonymous"), "nothing");

    private static Task<ApiReply> AskAsync(ApiClient client, ApiRoute route, params string[] headers) =>
        client.SendAsync(route.Method, "/api/v1" + PathOf(route), route.Method is "POST" or "PUT" ? "{}" : null, headers: headers);

    [GeneratedRegex("{[^}]*}")]
    private static partial Regex Part();
}
