using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Microsoft.Extensions.DependencyInjection;
using Teal.Api.Http;
using Teal.Tests.Documents;
using Teal.Tests.Support;

namespace Teal.Tests.EndToEnd;

/// <summary><c>openapi.json</c> says what the API does: its routes, what they take, and what they answer.</summary>
internal sealed class OpenApiTests
{
    private static readonly JsonElement Description =
        JsonDocument.Parse(Repository.Read("Teal.Api/Description/openapi.json")).RootElement;

    private TemporaryFolder _folder = null!;
    private TestServer _server = null!;
    private ApiClient _local = null!;

    [SetUp]
    public async Task SetUp()
    {
        _folder = new TemporaryFolder();
        _server = await TestServer.StartAsync(new Dictionary<string, string> { ["DataDirectory"] = _folder.Path });
        _local = ApiClient.AtSocketOf(_folder.Path);
    }

    [TearDown]
    public async Task TearDown()
    {
        _local.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Description_AtItsAddress_IsTheFile() =>
        (await _local.SendAsync("GET", "/api/v1/openapi.json")).Body.Should().Be(Repository.Read("Teal.Api/Description/openapi.json"));

    [Test]
    public void Operations_OfTheDescription_AreTheRoutes()
    {
        var routes = _server.Services.GetServices<IApiResource>().SelectMany(static resource => resource.Routes).Select(static route =>
            $"{route.Method} {route.Path} {(route.Right == ApiRight.Admin ? "admin" : "")} {string.Join(',', route.Parameters)}");

        Operations().Select(static operation =>
            $"{operation.Method} {operation.Path} {Text(operation.Value, "x-permission")} {string.Join(',', Parameters(operation.Value))}")
            .Should().BeEquivalentTo(routes);
    }

    [Test]
    public async Task Bodies_OfTheDescription_HaveTheMembersThatAreTaken()
    {
        foreach (var (path, method, value) in Operations())
        {
            if (!value.TryGetProperty("requestBody", out var body)) continue;

            var name = SchemaOf(body);
            var members = Description.GetProperty("components").GetProperty("schemas").GetProperty(name).GetProperty("properties");
            var detail = (await _local.SendAsync(method, PathOf(path), "{\"zzz\":1}")).Detail;
            if (name == "PasswordWish") detail.Should().Be("\"password\" must be there.");
            else detail.Should().StartWith("\"zzz\" is not known here; there is ", path);

            var known = detail!.Split("there is ").Skip(1).SelectMany(static list => list.TrimEnd('.').Split(", "));
            if (name != "PasswordWish") members.EnumerateObject().Select(static member => member.Name).Should().BeEquivalentTo(known, path);
        }
    }

    [Test]
    public async Task Answers_OfEachOperation_AreOfTheirSchema()
    {
        using var anonymous = ApiClient.At(_server.Dispatcher, "anonymous", TestServer.Password);
        await using var client = await TestClient.ConnectAsync(_server.Dispatcher);
        await client.RegisterAsync("s");
        var connection = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                var all = (await _local.SendAsync("GET", "/api/v1/connections")).Json.GetProperty("connections");
                connection = all.GetArrayLength() == 1 ? all[0].GetProperty("id").GetString()! : "";
                return connection.Length > 0;
            },
            "a connection");
        var key = (await anonymous.SendAsync("POST", "/api/v1/keys", """{"label":"k"}""")).Json.GetProperty("id").GetString();
        (string Method, string Path, string Form, string? Body)[] asked =
        [
            ("PUT", "/accounts/{name}", "/accounts/anna", """{"role":"member","claims":{"a":"b"},"password":"a long password"}"""),
            ("GET", "/accounts/{name}", "/accounts/anonymous", null),
            ("GET", "/accounts", "/accounts?limit=1", null),
            ("PUT", "/accounts/{name}/password", "/accounts/anna/password", """{"password":"another long one"}"""),
            ("DELETE", "/accounts/{name}/password", "/accounts/anna/password", null),
            ("DELETE", "/accounts/{name}", "/accounts/anna", null),
            ("GET", "/connections", "/connections", null),
            ("GET", "/connections/{id}", $"/connections/{connection}", null),
            ("DELETE", "/connections/{id}", $"/connections/{connection}", null),
            ("POST", "/keys", "/keys", """{"label":"k","account":"anonymous","expires_at":"2099-01-01T00:00:00Z"}"""),
            ("GET", "/keys", "/keys?account=anonymous", null),
            ("GET", "/keys/{id}", $"/keys/{key}", null),
            ("DELETE", "/keys/{id}", $"/keys/{key}", null),
            ("POST", "/one-time-passwords", "/one-time-passwords", """{"account":"anonymous"}"""),
            ("POST", "/tickets", "/tickets", """{"account":"anonymous","origin":"https://app.example.org"}"""),
            ("PUT", "/webhooks/{name}", "/webhooks/github", """{"provider":"github","secrets":["s"]}"""),
            ("GET", "/webhooks", "/webhooks?team=anonymous", null),
            ("GET", "/webhooks/{name}", "/webhooks/github", null),
            ("POST", "/webhooks/{name}/rotate", "/webhooks/github/rotate", """{"secret":"t"}"""),
            ("DELETE", "/webhooks/{name}", "/webhooks/github", null),
            ("GET", "/status", "/status", null),
            ("POST", "/purge", "/purge", """{"all":true}"""),
            ("GET", "/openapi.json", "/openapi.json", null),
        ];

        asked.Select(static one => $"{one.Method} {one.Path}").Should().BeEquivalentTo(
            Operations().Select(static operation => $"{operation.Method} {operation.Path}"));
        var operations = Operations().ToDictionary(
            static operation => (operation.Path, operation.Method), static operation => operation.Value);
        foreach (var (method, path, form, body) in asked)
        {
            var answer = await _local.SendAsync(method, "/api/v1" + form, body);
            var responses = operations[(path, method)].GetProperty("responses");
            responses.TryGetProperty($"{answer.Status}", out var response)
                .Should().BeTrue($"{method} {path}: {answer.Status} {answer.Body}");
            if (response.TryGetProperty("content", out _)) Check(SchemaOf(response), answer, $"{method} {path}");
            else answer.Body.Should().BeEmpty();
        }
    }

    [Test]
    public async Task Problem_OfAnyKind_IsOfItsSchema()
    {
        foreach (var path in new[] { "/nothing", "/purge", "/status?x=1" })
            Check("Problem", await _local.SendAsync("GET", "/api/v1" + path), path);
    }

    private static void Check(string schema, ApiReply answer, string because)
    {
        if (schema.Length == 0) return;

        var form = JsonNode.Parse(Description.GetProperty("components").GetProperty("schemas").GetRawText()
            .Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;
        var whole = new JsonObject { ["$defs"] = form, ["$ref"] = $"#/$defs/{schema}" };
        JsonSchema.FromText(whole.ToJsonString()).Evaluate(answer.Json).IsValid.Should().BeTrue($"{because}: {answer.Body}");
    }

    private static IEnumerable<(string Path, string Method, JsonElement Value)> Operations() =>
        Description.GetProperty("paths").EnumerateObject().SelectMany(static path => path.Value.EnumerateObject().Select(
            operation => (path.Name, operation.Name.ToUpperInvariant(), operation.Value)));

    private static string Text(JsonElement value, string name) => value.TryGetProperty(name, out var text) ? text.GetString()! : "";

    // Of queries alone.
    private static IEnumerable<string> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var all)
            ? all.EnumerateArray().Select(static one => Text(one, "$ref")).Where(static name => name.Length > 0)
                .Select(static name => name.Split('/')[^1])
            : [];

    private static string SchemaOf(JsonElement value) =>
        Text(value.GetProperty("content").GetProperty("application/json").GetProperty("schema"), "$ref").Split('/')[^1];

    private static string PathOf(string path) =>
        "/api/v1" + path.Replace("{name}", "anna", StringComparison.Ordinal).Replace("{id}", "x", StringComparison.Ordinal);
}
