using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Teal.Core.Addresses;
using Teal.Host.Configuration;
using Teal.Host.Serving;
using Teal.Tests.Support;

namespace Teal.Tests.Host.Configuration;

/// <summary>A module that only the tests have is treated as those of the product are: nothing asks which one it is.</summary>
internal sealed class ModuleTests
{
    private static readonly Module Probe = new ProbeModule();

    private TealOptions _options = null!;

    [SetUp]
    public void SetUp() => _options = new TealOptions
    {
        Modules = [.. Module.All, Probe],
        ListenerAddress = new BindAddress("127.0.0.1", 0),
        DispatcherAddress = new BindAddress("127.0.0.1", 0),
        Bus = BusKind.InProcess,
        Store = Store.Memory,
    };

    [Test]
    public void Endpoint_OfAFurtherModule_IsAtItsAddress()
    {
        var endpoint = ModuleEndpoint.From(_options).Single(endpoint => endpoint.Modules.Contains(Probe));

        endpoint.Modules.Should().Equal(Probe);
        endpoint.Address.Should().Be(Probe.AddressOf(_options));
        new ConnectionBudget(_options, 100).PlacesOf(endpoint).Should().Be(7);
    }

    [Test]
    public void Endpoint_OfTwoModulesAtOneAddressBesideAThird_TakesAsManyConnectionsAsTheOneThatMayHaveMore()
    {
        _options.ListenerAddress = _options.DispatcherAddress = new BindAddress("127.0.0.1", 8080);

        var endpoints = ModuleEndpoint.From(_options);

        endpoints.Should().HaveCount(2);
        new ConnectionBudget(_options, 100).PlacesOf(endpoints[0]).Should().Be(Module.Dispatcher.PlacesOf(100, _options));
    }

    [Test]
    public void Banner_WithAFurtherModule_HasALineOfIt() =>
        Banner.Render(_options, ModuleEndpoint.From(_options), store: "memory")
            .Should().Contain("  Probe       http://127.0.0.1:0, public https://probe.example.org");

    [TestCase(BusKind.InProcess, "Embedded", false)]
    [TestCase(BusKind.InProcess, "Redis", false)]
    [TestCase(BusKind.RabbitMq, "Embedded", false)]
    [TestCase(BusKind.RabbitMq, "Redis", true)]
    public void Configuration_OfAFurtherModuleAlone_NeedsTheBusAndTheStoreOfMany(object bus, string store, bool isRight)
    {
        (_options.Modules, _options.Bus, _options.Store) = ([Probe], (BusKind)bus, Named(store));

        var faults = ConfigurationReader.FaultsOf(_options).Where(static fault => fault.Key == "Teal:Modules").ToArray();

        faults.Select(static fault => fault.Value).Should().Equal(isRight ? [] : ["Probe"]);
    }

    [TestCase("Embedded", false)]
    [TestCase("Redis", true)]
    public void Configuration_OfAModuleThatHearsNothing_NeedsTheStoreOfMany(string store, bool isRight)
    {
        (_options.Modules, _options.Store) = ([new ProbeModule { Bus = null }], Named(store));

        ConfigurationReader.FaultsOf(_options).Any(static fault => fault.Key == "Teal:Modules").Should().Be(!isRight);
    }

    [Test]
    public async Task Server_WithAFurtherModule_AnswersAtItsAddressOnly()
    {
        using var host = TealServer.Build(_options, new ConfigurationBuilder().Build());
        await host.StartAsync().WithinLimit();
        var endpoints = host.Services.GetRequiredService<IReadOnlyList<ModuleEndpoint>>();
        using var http = new HttpClient();

        var own = await http.GetAsync(new Uri($"{endpoints.AddressOf(Probe, _options).Url}/probe")).WithinLimit();
        var other = await http.GetAsync(new Uri($"{endpoints.AddressOf(Module.Listener, _options).Url}/probe")).WithinLimit();

        (await own.Content.ReadAsStringAsync()).Should().Be("here");
        other.StatusCode.Should().Be(System.Net.HttpStatusCode.NotFound);
        await host.StopAsync().WithinLimit();
    }

    private static Store Named(string name) => Store.All.Single(store => store.Name == name);

    private sealed class ProbeModule : Module
    {
        public override string Name => "Probe";

        public BusKind? Bus { get; init; } = BusKind.RabbitMq;

        public override BusKind? BusWhenApart => Bus;

        public override BindAddress AddressOf(TealOptions options) => new("127.0.0.1", 0);

        public override PublicUrl? PublicUrlOf(TealOptions options) =>
            PublicUrl.TryParse("https://probe.example.org", out var url, out _) ? url : null;

        public override int PlacesOf(int limit, TealOptions options) => 7;

        public override void AddServices(IServiceCollection services, TealOptions options) => services.AddSingleton("here");

        public override void Map(IEndpointRouteBuilder routes) =>
            routes.MapGet("/probe", static context => context.Response.WriteAsync(context.RequestServices.GetRequiredService<string>()));
    }
}
